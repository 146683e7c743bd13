#include "pipe.hpp"

namespace riemann::test {

BOOST_AUTO_TEST_SUITE(pipeline_test)

BOOST_AUTO_TEST_CASE(messages_when_queued_then_written_together_in_order_and_answered_in_order)
{
  pipe p;
  request& a = p.events(20);
  request& b = p.events(30);
  BOOST_TEST(p.counts().queued == 2u);
  BOOST_TEST(p.line.queued_bytes() == 50u);
  BOOST_TEST(p.stage() == 50u);
  BOOST_TEST((p.line.pending()[3] == std::byte{16}));
  BOOST_TEST(p.counts().staged == 2u);
  p.wrote(50);
  BOOST_TEST(p.counts().in_flight == 2u);
  BOOST_TEST(!p.answer(ack()));
  BOOST_TEST(is(a, {}));
  BOOST_TEST(!p.answer(rejection("no")));
  BOOST_TEST(is(b, errc::rejected));
  BOOST_TEST(b.answer.text() == "no");
  BOOST_TEST(p.line.window_empty());
  BOOST_TEST(p.books.books().bytes_written == 50u);
}

BOOST_AUTO_TEST_CASE(write_when_partial_then_the_rest_is_pending_and_whole_frames_are_in_flight)
{
  pipe p;
  p.events(20);
  p.events(20);
  p.stage();
  const bytes all(p.line.pending().begin(), p.line.pending().end());
  for (std::size_t n = 1; n <= 40; ++n) {
    p.wrote(1);
    BOOST_TEST(p.counts().in_flight == n / 20);
    BOOST_TEST(std::ranges::equal(p.line.pending(), std::span{all}.subspan(n)));
  }
}

BOOST_AUTO_TEST_CASE(window_when_full_by_count_then_nothing_is_staged_until_an_answer)
{
  pipe p{{.max_in_flight = 2}};
  p.events();
  p.events();
  p.events();
  BOOST_TEST(p.write_all() == 40u);
  BOOST_TEST(!p.answer(ack()));
  BOOST_TEST(p.write_all() == 20u);
}

BOOST_AUTO_TEST_CASE(window_when_full_by_bytes_then_nothing_is_staged_until_they_are_answered)
{
  pipe p{{.max_in_flight_bytes = 50}};
  p.events(20);
  p.events(30);
  p.events(21);
  BOOST_TEST(p.write_all() == 50u);
  BOOST_TEST(!p.answer(ack()));
  BOOST_TEST(p.write_all() == 0u);
  BOOST_TEST(!p.answer(ack()));
  BOOST_TEST(p.write_all() == 21u);
}

BOOST_AUTO_TEST_CASE(message_when_larger_than_the_window_then_goes_alone)
{
  pipe p{{.max_in_flight_bytes = 50}};
  p.events(20);
  p.events(100);
  p.events(20);
  BOOST_TEST(p.write_all() == 20u);
  BOOST_TEST(!p.answer(ack()));
  BOOST_TEST(p.write_all() == 100u);
  BOOST_TEST(!p.answer(ack()));
  BOOST_TEST(p.write_all() == 20u);
}

BOOST_AUTO_TEST_CASE(write_when_max_write_size_is_reached_then_ends_before_it)
{
  pipe p{{.max_write_size = 50}};
  p.events(20);
  p.events(30);
  p.events(60);
  p.events(20);
  for (const std::size_t size : {50u, 60u, 20u}) {
    BOOST_TEST(p.stage() == size);
    p.wrote(size);
  }
}

BOOST_AUTO_TEST_CASE(message_when_large_then_written_from_itself_and_alone)
{
  pipe p;
  p.events(20);
  request& large = p.events(std::size_t{64} << 10);
  request& after = p.events(20);
  const auto* const its_bytes = large.payload.frame().data();
  BOOST_TEST(p.stage() == 20u);
  p.wrote(20);
  BOOST_TEST(p.stage() == large.size);
  BOOST_TEST(p.line.pending().data() == its_bytes);
  p.wrote(5);
  BOOST_TEST(p.line.pending().data() == its_bytes + 5);
  p.wrote(large.size - 5);
  BOOST_TEST(p.write_all() == 20u);
  BOOST_TEST(!(p.answer(ack()) || p.answer(ack()) || p.answer(ack())));
  BOOST_TEST((is(large, {}) && is(after, {})));
}

BOOST_AUTO_TEST_CASE(query_when_unanswered_then_nothing_is_written_behind_it)
{
  pipe p;
  p.events();
  request& q = p.query();
  request& after = p.events();
  BOOST_TEST(p.write_all() == 20u + q.size);
  BOOST_TEST(!p.answer(ack()));
  BOOST_TEST(p.write_all() == 0u);
  BOOST_TEST(!p.answer(found("x")));
  BOOST_TEST(q.answer.event_count() == 1u);
  BOOST_TEST(p.write_all() == after.size);
}

BOOST_AUTO_TEST_CASE(query_when_events_come_with_it_then_isolated_too)
{
  pipe p;
  event e;
  message m{e};
  m.set_query("true");
  request& both = p.add(std::move(m));
  p.events();
  BOOST_TEST(p.write_all() == both.size);
  BOOST_TEST(!p.answer(found("x")));
  BOOST_TEST(p.write_all() == 20u);
}

BOOST_AUTO_TEST_CASE(query_when_given_up_then_keeps_the_barrier_until_it_is_answered)
{
  pipe p;
  request& q = p.query();
  p.events();
  p.write_all();
  p.line.give_up(q, errc::cancelled, errc::abandoned);
  BOOST_TEST(is(q, errc::abandoned));
  BOOST_TEST(p.write_all() == 0u);
  BOOST_TEST(!p.answer(found("x")));
  BOOST_TEST(p.write_all() == 20u);
}

BOOST_AUTO_TEST_CASE(given_up_when_queued_then_not_sent_and_its_place_is_free)
{
  pipe p;
  request& a = p.events();
  request& b = p.events();
  p.line.give_up(a, errc::cancelled, errc::abandoned);
  BOOST_TEST(is(a, errc::cancelled));
  BOOST_TEST(p.write_all() == 20u);
  BOOST_TEST(!p.answer(ack()));
  BOOST_TEST(is(b, {}));
}

BOOST_AUTO_TEST_CASE(
    given_up_when_staged_or_written_then_its_answer_is_swallowed_and_its_place_kept)
{
  for (const bool written : {false, true}) {
    pipe p{{.max_in_flight = 2}};
    request& a = p.events();
    request& b = p.events();
    p.events();
    p.stage();
    if (written) {
      p.wrote(40);
    }
    p.line.give_up(a, errc::cancelled, errc::abandoned);
    p.check();
    BOOST_TEST(is(a, errc::abandoned));
    BOOST_TEST(p.books.books().tombstones == 1u);
    p.wrote(p.line.pending().size());
    BOOST_TEST(p.write_all() == 0u);
    BOOST_TEST(!p.answer(rejection("a's")));
    BOOST_TEST(p.books.books().tombstones == 0u);
    BOOST_TEST(!p.answer(ack()));
    BOOST_TEST(is(b, {}));
  }
}

BOOST_AUTO_TEST_CASE(given_up_when_ended_then_nothing_happens)
{
  pipe p;
  request& a = p.events();
  p.write_all();
  BOOST_TEST(!p.answer(ack()));
  p.line.give_up(a, errc::cancelled, errc::abandoned);
  BOOST_TEST(is(a, {}));
}

BOOST_AUTO_TEST_CASE(answer_when_it_overtakes_the_end_of_the_write_then_taken_all_the_same)
{
  pipe p;
  request& a = p.events();
  request& b = p.events();
  p.stage();
  BOOST_TEST(!p.answer(ack()));
  BOOST_TEST(is(a, {}));
  BOOST_TEST(p.counts().staged == 1u);
  p.wrote(40);
  BOOST_TEST(p.counts().in_flight == 1u);
  BOOST_TEST(!p.answer(ack()));
  BOOST_TEST(is(b, {}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test

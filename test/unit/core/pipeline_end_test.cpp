// How messages end: by failures, faults and deadlines.
#include "pipe.hpp"

namespace riemann::test {

BOOST_AUTO_TEST_SUITE(pipeline_end_test)

BOOST_AUTO_TEST_CASE(window_when_it_fails_after_a_known_end_then_what_lies_beyond_is_not_written)
{
  // 20 bytes each: how many were taken, and how many messages were touched.
  for (const auto& [taken, touched] : std::vector<std::pair<std::size_t, std::size_t>>{
           {0, 0}, {1, 1}, {19, 1}, {20, 1}, {21, 2}, {40, 2}, {59, 3}, {60, 3}}) {
    pipe p;
    for (int i = 0; i < 3; ++i) {
      p.events();
    }
    p.stage();
    p.wrote(taken);
    p.fail();
    for (std::size_t i = 0; i < 3; ++i) {
      BOOST_TEST(is(p.requests[i], i < touched ? errc::connection_lost : errc::not_written),
                 "message " << i << " with " << taken << " bytes taken");
      BOOST_TEST(p.requests[i].answer.text() == "why");
    }
  }
}

BOOST_AUTO_TEST_CASE(window_when_it_fails_under_a_write_then_all_of_it_is_unknown)
{
  pipe p;
  request& a = p.events();
  request& b = p.events();
  p.stage();
  request& queued = p.events();
  p.fail(true);
  BOOST_TEST((is(a, errc::connection_lost) && is(b, errc::connection_lost)));
  BOOST_TEST((queued.where == phase::queued));
}

BOOST_AUTO_TEST_CASE(window_when_it_fails_then_bytes_under_a_write_stay_until_reset)
{
  for (const std::size_t size : {std::size_t{20}, std::size_t{100'000}}) {
    pipe p;
    p.events(size);
    p.stage();
    const auto under_write = p.line.pending();
    const bytes before(under_write.begin(), under_write.end());
    p.fail(true);
    BOOST_TEST(std::ranges::equal(under_write, before));
    p.line.reset_stream();
    BOOST_TEST(p.line.pending().empty());
    p.events();
    BOOST_TEST(p.write_all() == 20u);
    p.fail();
    BOOST_TEST(is(p.requests.back(), errc::connection_lost));
  }
}

BOOST_AUTO_TEST_CASE(window_when_it_fails_then_tombstones_and_barrier_are_gone)
{
  pipe p;
  request& q = p.query();
  p.write_all();
  p.line.give_up(q, errc::cancelled, errc::abandoned);
  p.fail();
  p.line.reset_stream();
  BOOST_TEST(p.books.books().tombstones == 0u);
  p.events();
  BOOST_TEST(p.write_all() == 20u);
  BOOST_TEST(!p.answer(ack()));
  BOOST_TEST(is(p.requests.back(), {}));
}

BOOST_AUTO_TEST_CASE(answer_when_nothing_is_owed_then_surplus)
{
  pipe p;
  p.events();
  BOOST_TEST((p.answer(ack()) == errc::surplus_answer));
}

BOOST_AUTO_TEST_CASE(answer_when_it_breaks_the_protocol_then_named_and_given_to_nobody)
{
  pipe p;
  request& a = p.events();
  p.write_all();
  BOOST_TEST((p.answer(malformed()) == errc::malformed_answer));
  BOOST_TEST((p.answer(found("x")) == errc::unexpected_events));
  BOOST_TEST((a.where == phase::in_flight));
}

BOOST_AUTO_TEST_CASE(answer_when_a_tombstone_gets_events_it_did_not_ask_for_then_named)
{
  pipe p;
  request& a = p.events();
  p.write_all();
  p.line.give_up(a, errc::cancelled, errc::abandoned);
  BOOST_TEST((p.answer(found("x")) == errc::unexpected_events));
}

BOOST_AUTO_TEST_CASE(deadline_of_its_own_when_it_passes_then_ends_as_far_as_it_has_come)
{
  pipe p{{.max_in_flight = 1}};
  request& written = p.add(message{}, p.now + 10ms);
  request& queued = p.add(message{}, p.now + 5ms);
  p.write_all();
  BOOST_TEST((p.line.next_deadline() == p.now + 5ms));
  p.line.expire(p.now + 4ms);
  BOOST_TEST((queued.where == phase::queued));
  p.line.expire(p.now + 5ms);
  BOOST_TEST(is(queued, errc::expired));
  BOOST_TEST((p.line.next_deadline() == p.now + 10ms));
  p.line.expire(p.now + 10ms);
  BOOST_TEST(is(written, errc::deadline_exceeded));
  BOOST_TEST(p.books.books().tombstones == 1u);
  p.check();
}

BOOST_AUTO_TEST_CASE(queued_when_too_old_then_expired_and_the_written_is_not)
{
  pipe p{{.max_queue_age = 100ms, .max_in_flight = 1}};
  request& a = p.events();
  p.write_all();
  p.now += 10ms;
  request& b = p.events();
  BOOST_TEST((p.line.next_deadline() == p.now + 100ms));
  p.line.expire(p.now + 100ms);
  BOOST_TEST(is(b, errc::expired));
  BOOST_TEST((a.where == phase::in_flight));
}

BOOST_AUTO_TEST_CASE(answer_when_owed_too_long_then_overdue_from_its_last_byte_on)
{
  pipe p{{.answer_timeout = 100ms}};
  p.events();
  p.stage();
  p.wrote(19);
  BOOST_TEST(!p.line.answer_overdue(p.now + 1h));
  p.now += 1ms;
  p.wrote(1);
  BOOST_TEST((p.line.next_deadline() == p.now + 100ms));
  BOOST_TEST(!p.line.answer_overdue(p.now + 99ms));
  BOOST_TEST(p.line.answer_overdue(p.now + 100ms));
  BOOST_TEST(!p.answer(ack()));
  BOOST_TEST((p.line.next_deadline() == never));
}

BOOST_AUTO_TEST_CASE(queue_when_it_fails_then_the_window_lives_on)
{
  pipe p{{.max_in_flight = 1}};
  request& a = p.events();
  request& b = p.events();
  p.write_all();
  p.line.fail_queue(errc::cancelled, {});
  p.check();
  BOOST_TEST(is(b, errc::cancelled));
  BOOST_TEST((p.line.queue_empty() && p.line.queued_bytes() == 0u));
  BOOST_TEST(!p.answer(ack()));
  BOOST_TEST(is(a, {}));
}

BOOST_AUTO_TEST_CASE(requests_when_all_are_released_then_handed_back_as_they_are)
{
  pipe p{{.max_in_flight = 2}};
  p.add(message{}, p.now + 1ms);
  request& tombstone = p.events();
  p.events();
  p.write_all();
  p.line.give_up(tombstone, errc::cancelled, errc::abandoned);
  auto all = p.line.release_all();
  BOOST_TEST(all.size() == 3u);
  BOOST_TEST((p.requests[0].where == phase::in_flight && p.requests[2].where == phase::queued));
  BOOST_TEST(!p.requests[0].deadline_link.is_linked());
  all.clear();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test

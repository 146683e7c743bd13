// Messages that are written again, because their user asked for it.
#include "rig.hpp"

namespace riemann::test {

namespace {

session_options at_once(std::size_t window = 1'000)
{
  return {.min_backoff = 1ms, .max_backoff = 1ms, .ping_interval = 0ms, .max_in_flight = window};
}

/// A session whose messages may be resent.
struct resending : rig {
  explicit resending(const session_options& o = at_once()) : rig{o, {}} { open_up(); }

  request& send_again(message m, unsigned times, time_point deadline = never)
  {
    request& r = requests.emplace_back(std::move(m), deadline);
    r.resends_left = static_cast<std::uint8_t>(times);
    session.submit(r, now);
    run();
    return r;
  }
  request& send_again(unsigned times = 1) { return send_again(named("s"), times); }
  void next_connection()
  {
    closed();
    wait_for_backoff();
    connected();
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(resend_test)

BOOST_AUTO_TEST_CASE(written_when_the_connection_is_lost_then_written_again_and_counted_once)
{
  resending r;
  request& a = r.send_again();
  request& b = r.send();
  r.wrote();
  r.wrote();
  r.eof();
  BOOST_TEST((a.where == phase::queued));
  BOOST_TEST(is(b, errc::connection_lost));
  r.next_connection();
  r.wrote();
  r.receive(ack());
  BOOST_TEST(is(a, {}));
  BOOST_TEST(r.books().resends == 1U);
  BOOST_TEST((r.books().messages.submitted == 2U && r.books().messages.acked == 1U));
}

BOOST_AUTO_TEST_CASE(written_when_its_resends_are_used_up_then_unknown)
{
  resending r;
  request& a = r.send_again(2);
  for (int i = 0; i != 2; ++i) {
    r.wrote();
    r.eof();
    r.next_connection();
  }
  r.wrote();
  r.eof();
  BOOST_TEST(is(a, errc::connection_lost));
  BOOST_TEST(r.books().resends == 2U);
}

BOOST_AUTO_TEST_CASE(resent_when_behind_each_other_then_in_their_order_and_before_the_queued)
{
  resending r{at_once(2)};
  request& a = r.send_again();
  r.wrote();
  request& b = r.send_again();
  request& c = r.send();
  r.wrote();
  BOOST_TEST((c.where == phase::queued));
  r.eof();
  r.next_connection();
  r.wrote();
  r.receive(ack());
  BOOST_TEST((is(a, {}) && b.where == phase::in_flight && c.where == phase::staged));
}

BOOST_AUTO_TEST_CASE(resent_when_it_is_never_written_again_then_unknown_all_the_same)
{
  auto options = at_once();
  options.max_queue_age = 100ms;
  resending r{options};
  request& a = r.send_again();
  request& b = r.send_again();
  request& c = r.send_again(named("c"), 1, r.now + 50ms);
  r.wrote();
  r.wrote();
  r.eof();
  r.give_up(b);
  BOOST_TEST(is(b, errc::abandoned));
  r.pass(50ms);
  BOOST_TEST(is(c, errc::deadline_exceeded));
  r.pass(50ms);
  BOOST_TEST(is(a, errc::deadline_exceeded));
}

BOOST_AUTO_TEST_CASE(resent_when_everything_is_cancelled_then_unknown)
{
  resending r;
  request& a = r.send_again();
  r.wrote();
  r.eof();
  r.cancel();
  BOOST_TEST(is(a, errc::connection_lost));
}

BOOST_AUTO_TEST_CASE(resent_when_staged_again_and_not_written_then_unknown_when_given_up)
{
  resending r;
  request& a = r.send_again();
  r.wrote();
  r.eof();
  r.next_connection();
  BOOST_TEST((a.where == phase::staged));
  r.cancel();
  BOOST_TEST(is(a, errc::abandoned));
}

BOOST_AUTO_TEST_CASE(large_when_written_from_itself_then_whole_on_the_next_connection)
{
  resending r;
  event e;
  e.description = std::string(100'000, 'x');
  const message big{e};
  request& a = r.send_again(big, 1);
  r.wrote(1'000);
  r.eof();
  BOOST_TEST((a.where == phase::queued));
  r.next_connection();
  BOOST_TEST(std::ranges::equal(r.writing.value(), big.frame()));
  r.wrote();
  r.receive(ack());
  BOOST_TEST(is(a, {}));
}

BOOST_AUTO_TEST_CASE(large_when_no_byte_of_it_was_taken_then_whole_on_the_next_connection)
{
  resending r;
  event e;
  e.description = std::string(100'000, 'x');
  const message big{e};
  request& a = r.send(big);
  r.wrote(0, boost::asio::error::no_buffer_space);
  BOOST_TEST((a.where == phase::queued));
  r.next_connection();
  BOOST_TEST(std::ranges::equal(r.writing.value(), big.frame()));
}

BOOST_AUTO_TEST_CASE(answer_when_it_is_overdue_then_resent_as_after_any_loss)
{
  auto options = at_once();
  options.answer_timeout = 100ms;
  resending r{options};
  request& a = r.send_again();
  r.wrote();
  r.pass(100ms);
  BOOST_TEST((r.closing && a.where == phase::queued));
  r.next_connection();
  r.wrote();
  r.receive(rejection("no"));
  BOOST_TEST(is(a, errc::rejected));
}

BOOST_AUTO_TEST_CASE(drain_when_all_that_was_lost_is_resent_then_it_ends_well)
{
  resending r;
  request& a = r.send_again();
  r.wrote();
  r.drain(10s);
  r.eof();
  r.next_connection();
  r.wrote();
  r.receive(ack());
  BOOST_TEST(is(a, {}));
  r.closed();
  BOOST_TEST((r.disconnects == std::vector{error_code{}}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test

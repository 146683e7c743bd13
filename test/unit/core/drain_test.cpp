// Draining, and coming back from it.
#include "rig.hpp"

namespace riemann::test {

namespace {

const error_code aborted = boost::asio::error::operation_aborted;
using results = std::vector<error_code>;

} // namespace

BOOST_AUTO_TEST_SUITE(drain_test)

BOOST_AUTO_TEST_CASE(drain_when_idle_then_done_at_once)
{
  rig r;
  r.drain();
  BOOST_TEST((r.disconnects == results{error_code{}}));
  BOOST_TEST(is(r.send(), errc::disconnected));
}

BOOST_AUTO_TEST_CASE(drain_when_nothing_is_left_and_no_time_either_then_done_well)
{
  rig r;
  r.drain(0ms);
  BOOST_TEST((r.disconnects == results{error_code{}}));
}

BOOST_AUTO_TEST_CASE(drain_when_connecting_for_nobody_then_stops_connecting)
{
  rig r;
  r.connect();
  r.drain();
  BOOST_TEST((r.connects == results{aborted}));
  BOOST_TEST(r.disconnects.empty());
  r.closed();
  BOOST_TEST((r.disconnects == results{error_code{}}));
}

BOOST_AUTO_TEST_CASE(drain_when_connecting_for_a_message_then_sends_it_first)
{
  rig r;
  request& a = r.send();
  r.drain();
  r.connected();
  r.wrote();
  BOOST_TEST(!r.closing);
  r.receive(ack());
  BOOST_TEST(is(a, {}));
  r.closed();
  BOOST_TEST((r.disconnects == results{error_code{}}));
}

BOOST_AUTO_TEST_CASE(
    drain_when_queue_and_window_are_full_then_every_answer_is_read_before_the_close)
{
  rig r{{.max_in_flight = 1}};
  r.open_up();
  request& a = r.send();
  request& b = r.query();
  r.drain();
  BOOST_TEST(is(r.send(), errc::disconnected));
  r.wrote();
  r.receive(ack());
  r.wrote();
  BOOST_TEST(!r.closing);
  r.receive(found("x"));
  BOOST_TEST((is(a, {}) && is(b, {})));
  r.closed();
  BOOST_TEST((r.disconnects == results{error_code{}}));
}

BOOST_AUTO_TEST_CASE(drain_when_an_abandoned_answer_is_owed_then_waits_for_it)
{
  rig r;
  r.open_up();
  request& a = r.send();
  r.wrote();
  r.give_up(a);
  r.drain();
  BOOST_TEST(!r.closing);
  r.receive(ack());
  r.closed();
  BOOST_TEST((r.disconnects == results{error_code{}}));
}

BOOST_AUTO_TEST_CASE(drain_when_its_deadline_passes_then_everything_ends_and_says_so)
{
  rig r{{.max_in_flight = 1}};
  r.open_up();
  request& a = r.send();
  request& b = r.send();
  r.wrote();
  r.drain(1s);
  r.pass(1s);
  BOOST_TEST(is(a, errc::drain_timeout));
  BOOST_TEST(is(b, errc::disconnected));
  r.closed();
  BOOST_TEST((r.disconnects == results{errc::drain_timeout}));
}

BOOST_AUTO_TEST_CASE(drain_when_its_deadline_passes_while_connecting_then_stops_connecting)
{
  rig r;
  request& a = r.send();
  r.drain(1s);
  r.pass(1s);
  BOOST_TEST(is(a, errc::disconnected));
  r.closed();
  BOOST_TEST((r.disconnects == results{errc::drain_timeout}));
}

BOOST_AUTO_TEST_CASE(drain_when_the_connection_breaks_then_the_rest_is_sent_on_another)
{
  rig r{{.max_in_flight = 1}};
  r.open_up();
  request& a = r.send();
  request& b = r.send();
  r.wrote();
  r.drain();
  r.eof();
  BOOST_TEST(is(a, errc::connection_lost));
  r.closed();
  r.connected();
  r.wrote();
  r.receive(ack());
  BOOST_TEST(is(b, {}));
  r.closed();
  BOOST_TEST((r.disconnects == results{errc::connection_lost}));
}

BOOST_AUTO_TEST_CASE(drain_when_no_connection_can_be_opened_then_ends_with_that_error)
{
  rig r;
  request& a = r.send();
  r.drain();
  r.refused();
  BOOST_TEST(is(a, errc::connect_failed));
  BOOST_TEST((r.disconnects == results{boost::asio::error::connection_refused}));
}

BOOST_AUTO_TEST_CASE(drain_when_connecting_times_out_then_ends_with_that_error)
{
  rig r{{.connect_timeout = 100ms}};
  request& a = r.send();
  r.drain(1s);
  r.pass(100ms);
  BOOST_TEST(is(a, errc::connect_timeout));
  r.closed();
  BOOST_TEST((r.disconnects == results{errc::connect_timeout}));
}

BOOST_AUTO_TEST_CASE(drain_when_the_last_queued_message_is_given_up_then_done)
{
  rig r;
  r.open_up();
  request& a = r.send();
  request& b = r.send(); // behind a write whose end is not known yet
  r.receive(ack());      // ...but its answer is
  r.drain();
  BOOST_TEST(is(a, {}));
  BOOST_TEST(!r.closing);
  r.give_up(b);
  BOOST_TEST(r.closing);
  r.closed();
  BOOST_TEST((r.disconnects == results{error_code{}}));
}

BOOST_AUTO_TEST_CASE(drain_when_asked_twice_then_both_end_by_the_earlier_deadline)
{
  rig r;
  r.open_up();
  request& a = r.send();
  r.wrote();
  r.drain(1s);
  r.drain(1ms);
  r.drain(2s);
  r.pass(1ms - 1us);
  BOOST_TEST(!r.closing);
  r.pass(1us);
  BOOST_TEST(is(a, errc::drain_timeout));
  r.drain();
  BOOST_TEST(r.disconnects.empty());
  r.closed();
  BOOST_TEST((r.disconnects == results{errc::drain_timeout}));
}

BOOST_AUTO_TEST_CASE(drain_when_asked_again_after_a_connect_then_the_first_failure_is_not_lost)
{
  rig r;
  r.open_up();
  r.send();
  r.drain(0ms);
  r.connect();
  r.drain();
  r.closed();
  BOOST_TEST((r.connects == results{aborted}));
  BOOST_TEST((r.disconnects == results{errc::drain_timeout}));
}

BOOST_AUTO_TEST_CASE(drain_when_asked_again_with_messages_queued_then_both_end_once_they_are_sent)
{
  rig r;
  r.open_up();
  r.send();
  r.drain(0ms);
  r.connect();
  request& a = r.send();
  r.drain();
  r.closed();
  BOOST_TEST(r.disconnects.empty());
  r.connected();
  r.wrote();
  r.receive(ack());
  BOOST_TEST(is(a, {}));
  r.closed();
  BOOST_TEST((r.disconnects == results{errc::drain_timeout}));
}

BOOST_AUTO_TEST_CASE(drain_when_done_then_a_connect_opens_again)
{
  rig r;
  r.open_up();
  r.drain();
  r.connect(); // while it closes
  BOOST_TEST(r.connects.empty());
  r.closed();
  BOOST_TEST((r.disconnects == results{error_code{}}));
  r.connected();
  BOOST_TEST((r.connects == results{error_code{}}));
  request& a = r.send();
  r.wrote();
  r.receive(ack());
  BOOST_TEST(is(a, {}));
}

BOOST_AUTO_TEST_CASE(drain_when_a_connect_was_wanted_while_closing_then_nothing_connects)
{
  rig r;
  r.open_up();
  r.eof();
  r.connect();
  r.drain();
  r.closed();
  BOOST_TEST(!r.connecting);
  BOOST_TEST((r.connects == results{aborted}));
  BOOST_TEST((r.disconnects == results{error_code{}}));
}

BOOST_AUTO_TEST_CASE(drain_when_overdue_while_closing_then_a_wanted_connect_ends_too)
{
  rig r;
  r.open_up();
  r.eof();
  r.connect();
  request& a = r.send();
  r.drain(1s);
  r.pass(1s);
  BOOST_TEST(is(a, errc::disconnected));
  r.closed();
  BOOST_TEST(!r.connecting);
  BOOST_TEST((r.connects == results{aborted}));
  BOOST_TEST((r.disconnects == results{errc::drain_timeout}));
}

BOOST_AUTO_TEST_CASE(connect_when_draining_then_refused)
{
  rig r;
  r.open_up();
  r.send();
  r.drain();
  r.connect();
  BOOST_TEST((r.connects == results{errc::disconnected}));
}

BOOST_AUTO_TEST_CASE(drain_when_cancelled_then_ends_as_aborted_and_stays_disconnected)
{
  rig r;
  r.open_up();
  request& a = r.send();
  r.wrote();
  r.drain();
  r.cancel();
  BOOST_TEST(is(a, errc::abandoned));
  r.closed();
  BOOST_TEST((r.disconnects == results{aborted}));
  BOOST_TEST(is(r.send(), errc::disconnected));
}

BOOST_AUTO_TEST_CASE(drain_when_its_wait_is_cancelled_then_ends_as_if_overdue)
{
  rig r;
  r.open_up();
  request& a = r.send();
  r.wrote();
  r.drain();
  r.session.stop_draining();
  r.run();
  BOOST_TEST(is(a, errc::drain_timeout));
  r.closed();
  BOOST_TEST(r.disconnects.empty()); // nobody waits
}

BOOST_AUTO_TEST_CASE(drain_when_another_was_cancelled_then_ends_by_itself_alone)
{
  rig r;
  r.open_up();
  r.send();
  r.wrote();
  r.drain();
  r.session.stop_draining();
  r.run();
  r.drain(); // while it closes
  r.closed();
  BOOST_TEST((r.disconnects == results{error_code{}}));
}

BOOST_AUTO_TEST_CASE(drain_when_a_failed_one_has_nobody_who_waits_then_ends_by_itself_alone)
{
  rig r;
  r.open_up();
  r.send();
  r.wrote();
  r.drain(0ms);
  r.session.stop_draining();
  r.connect();
  request& a = r.send();
  r.drain();
  r.closed();
  r.connected();
  r.wrote();
  r.receive(ack());
  BOOST_TEST(is(a, {}));
  r.closed();
  BOOST_TEST((r.disconnects == results{error_code{}}));
}

BOOST_AUTO_TEST_CASE(drain_when_asked_again_with_no_time_left_then_over_at_once)
{
  rig r;
  r.open_up();
  request& a = r.send();
  r.wrote();
  r.drain(1s);
  r.drain(0ms);
  BOOST_TEST((is(a, errc::drain_timeout) && r.closing));
  r.closed();
  BOOST_TEST((r.disconnects == results{errc::drain_timeout}));
}

BOOST_AUTO_TEST_CASE(drain_when_shut_then_aborted)
{
  rig r;
  r.shut();
  r.drain();
  BOOST_TEST((r.disconnects == results{aborted}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test

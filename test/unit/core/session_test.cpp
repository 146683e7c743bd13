#include "rig.hpp"

namespace riemann::test {

namespace {

const error_code aborted = boost::asio::error::operation_aborted;
using results = std::vector<error_code>;

} // namespace

BOOST_AUTO_TEST_SUITE(session_test)

// --- connecting

BOOST_AUTO_TEST_CASE(session_when_new_then_does_nothing)
{
  rig r;
  r.run();
  BOOST_TEST(!(r.connecting || r.writing || r.reading));
  BOOST_TEST((r.session.next_deadline() == never));
}

BOOST_AUTO_TEST_CASE(connect_when_it_works_then_said_and_the_connection_is_read)
{
  rig r;
  r.connect();
  BOOST_TEST((r.connecting && r.connects.empty()));
  r.connected();
  BOOST_TEST((r.connects == results{error_code{}}));
  BOOST_TEST((r.reading && !r.writing));
  r.connect();
  BOOST_TEST((r.connects == results{error_code{}, error_code{}}));
  BOOST_TEST(r.books().connections_opened == 1u);
}

BOOST_AUTO_TEST_CASE(connect_when_refused_then_said_with_the_kernels_own_error)
{
  rig r;
  r.connect();
  r.refused();
  BOOST_TEST((r.connects == results{boost::asio::error::connection_refused}));
  BOOST_TEST(r.books().connects_failed == 1u);
  BOOST_TEST((r.books().last_failure == boost::asio::error::connection_refused));
  r.connect();
  BOOST_TEST(r.connecting);
}

BOOST_AUTO_TEST_CASE(connect_when_it_takes_too_long_then_given_up_with_what_is_queued)
{
  rig r{{.connect_timeout = 100ms}};
  r.connect();
  request& a = r.send();
  r.pass(99ms);
  BOOST_TEST(!r.closing);
  r.pass(1ms);
  BOOST_TEST((r.connects == results{errc::connect_timeout}));
  BOOST_TEST(is(a, errc::connect_timeout));
  BOOST_TEST(r.closing);
  r.closed();
  BOOST_TEST(!r.connecting);
}

BOOST_AUTO_TEST_CASE(connect_when_its_success_comes_too_late_then_not_believed)
{
  rig r{{.connect_timeout = 100ms}};
  r.connect();
  r.pass(100ms);
  r.session.on_connected(r.now);
  r.run();
  BOOST_TEST((r.closing && !r.reading));
  BOOST_TEST(r.books().connections_opened == 0u);
}

BOOST_AUTO_TEST_CASE(connect_when_nobody_waits_any_more_then_stopped_unless_a_message_does)
{
  rig r;
  r.connect();
  r.session.connect_unwanted();
  r.run();
  BOOST_TEST(r.closing);
  r.closed();
  r.connects.clear();
  request& a = r.send();
  r.connect();
  r.session.connect_unwanted();
  r.run();
  BOOST_TEST(!r.closing);
  r.give_up(a);
  BOOST_TEST(r.closing);
}

BOOST_AUTO_TEST_CASE(connect_when_closing_then_begun_once_closed)
{
  rig r;
  r.open_up();
  r.eof();
  r.connect();
  BOOST_TEST((r.connects.empty() && !r.connecting));
  r.closed();
  BOOST_TEST(r.connecting);
}

BOOST_AUTO_TEST_CASE(connect_when_shut_then_aborted)
{
  rig r;
  r.shut();
  r.connect();
  BOOST_TEST((r.connects == results{aborted}));
  BOOST_TEST(!r.connecting);
}

// --- sending

BOOST_AUTO_TEST_CASE(send_when_idle_then_connects_writes_and_is_answered)
{
  rig r;
  request& a = r.send();
  BOOST_TEST(r.connecting);
  r.connected();
  BOOST_TEST(r.writing->size() == a.size);
  r.wrote();
  r.receive(ack());
  BOOST_TEST(is(a, {}));
  BOOST_TEST(r.reading.has_value());
  BOOST_TEST(r.books().bytes_read == 6u);
}

BOOST_AUTO_TEST_CASE(send_when_no_connection_can_be_opened_then_told_why)
{
  rig r;
  request& a = r.send();
  r.refused();
  BOOST_TEST(is(a, errc::connect_failed));
  BOOST_TEST(a.answer.text() == "refused");
}

BOOST_AUTO_TEST_CASE(send_when_closing_then_goes_over_the_next_connection)
{
  rig r;
  r.open_up();
  r.eof();
  request& a = r.send();
  r.closed();
  r.connected();
  r.wrote();
  r.receive(ack());
  BOOST_TEST(is(a, {}));
  BOOST_TEST(r.books().connections_opened == 2u);
}

BOOST_AUTO_TEST_CASE(send_when_it_cannot_be_then_refused_at_once_by_name)
{
  rig r{{.max_message_size = 10}};
  BOOST_TEST(is(r.send(named("longer than ten bytes")), errc::message_too_large));
  BOOST_TEST(is(r.send(message{}, r.now), errc::expired));
  BOOST_TEST(!r.connecting);
  r.drain();
  BOOST_TEST(is(r.send(message{}), errc::disconnected));
  r.shut();
  BOOST_TEST(is(r.send(message{}), errc::cancelled));
  BOOST_TEST(r.books().messages.not_sent == 4u);
}

BOOST_AUTO_TEST_CASE(send_when_a_write_is_outstanding_then_waits_for_it)
{
  rig r;
  r.open_up();
  request& a = r.send();
  r.send();
  r.send();
  r.wrote(2);
  BOOST_TEST(r.writing->size() == a.size - 2);
  r.wrote();
  BOOST_TEST(r.writing->size() == 2 * a.size);
}

// --- giving up

BOOST_AUTO_TEST_CASE(given_up_when_written_then_abandoned_and_the_connection_stays_good)
{
  rig r;
  r.open_up();
  request& a = r.send();
  request& b = r.send();
  r.wrote();
  r.wrote();
  r.give_up(a);
  BOOST_TEST(is(a, errc::abandoned));
  r.receive(rejection("a's") + ack());
  BOOST_TEST(is(b, {}));
  BOOST_TEST(r.books().tombstones == 0u);
}

BOOST_AUTO_TEST_CASE(given_up_when_its_answer_never_comes_then_the_connection_is_closed)
{
  rig r{{.answer_timeout = 100ms}};
  r.open_up();
  request& a = r.query();
  r.wrote();
  r.give_up(a);
  r.pass(100ms);
  BOOST_TEST(r.closing);
  BOOST_TEST((r.books().last_failure == errc::answer_timeout));
}

BOOST_AUTO_TEST_CASE(cancel_when_anywhere_then_everything_ends_and_the_next_send_connects)
{
  rig r{{.max_in_flight = 1}};
  r.cancel();
  r.connect();
  r.cancel();
  BOOST_TEST((r.connects == results{aborted}));
  r.closed();
  r.open_up();
  request& a = r.send();
  r.wrote();
  request& b = r.send();
  r.cancel();
  BOOST_TEST((is(a, errc::abandoned) && is(b, errc::cancelled)));
  r.connect();
  r.cancel();
  BOOST_TEST((r.connects == results{aborted}));
  r.closed();
  BOOST_TEST(!r.connecting);
  r.send();
  BOOST_TEST(r.connecting);
}

BOOST_AUTO_TEST_CASE(cancel_when_a_write_stands_at_a_known_byte_then_what_lies_beyond_is_not_sent)
{
  rig r;
  r.open_up();
  r.send();
  request& a = r.send();
  request& b = r.send();
  r.wrote();
  // Not carried on to the next write yet: the shell has more to say first.
  r.writing.reset();
  r.session.on_written({}, 1, r.now);
  r.session.cancel();
  r.run();
  BOOST_TEST((is(a, errc::abandoned) && is(b, errc::cancelled)));
}

BOOST_AUTO_TEST_CASE(shut_when_anywhere_then_everything_ends_for_good)
{
  for (const int steps : {0, 1, 2, 3, 4}) {
    rig r;
    const std::vector<std::function<void()>> way{[&] { r.connect(); }, [&] { r.connected(); },
                                                 [&] { r.send(); }, [&] { r.eof(); }};
    for (int i = 0; i < steps; ++i) {
      way[static_cast<std::size_t>(i)]();
    }
    r.shut();
    if (r.closing) {
      r.closed();
    }
    BOOST_TEST(!(r.connecting || r.open));
    BOOST_TEST(r.ended_count == r.requests.size());
    BOOST_TEST(is(r.send(), errc::cancelled));
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test

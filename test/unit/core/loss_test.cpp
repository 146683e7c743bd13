// Connections that are lost, by either side's doing.
#include "rig.hpp"

namespace riemann::test {

namespace {

const error_code broken = boost::asio::error::broken_pipe;
const error_code reset = boost::asio::error::connection_reset;
const error_code no_buffers = boost::asio::error::no_buffer_space;

bool is_live(const request& r)
{
  return r.where == phase::staged || r.where == phase::in_flight;
}

} // namespace

BOOST_AUTO_TEST_SUITE(loss_test)

BOOST_AUTO_TEST_CASE(eof_when_nothing_is_outstanding_then_closed_and_not_opened_again)
{
  rig r;
  r.open_up();
  r.eof();
  BOOST_TEST(r.closing);
  r.closed();
  BOOST_TEST(!r.connecting);
  BOOST_TEST(r.books().connections_lost == 1u);
}

BOOST_AUTO_TEST_CASE(eof_when_in_flight_and_queued_then_the_queued_go_over_the_next_connection)
{
  rig r;
  r.open_up();
  request& a = r.query();
  request& b = r.send();
  r.wrote();
  r.eof();
  BOOST_TEST(is(a, errc::connection_lost));
  BOOST_TEST(a.answer.text() == "the server closed the connection");
  r.closed();
  r.connected();
  r.wrote();
  r.receive(ack());
  BOOST_TEST(is(b, {}));
}

BOOST_AUTO_TEST_CASE(eof_when_answers_come_before_it_then_they_count)
{
  rig r;
  r.open_up();
  request& a = r.send();
  r.wrote();
  r.receive(ack(), boost::asio::error::eof);
  BOOST_TEST(is(a, {}));
  BOOST_TEST(r.closing);
}

BOOST_AUTO_TEST_CASE(bytes_of_an_answer_when_the_connection_ends_then_not_kept_for_the_next)
{
  rig r;
  r.open_up();
  r.receive(header(2));
  r.eof();
  request& a = r.send();
  r.closed();
  r.connected();
  r.wrote();
  r.receive(ack());
  BOOST_TEST(is(a, {}));
}

BOOST_AUTO_TEST_CASE(write_when_it_fails_then_only_what_it_touched_is_unknown)
{
  rig r;
  r.open_up();
  request& first = r.send();
  request& a = r.send();
  request& b = r.send();
  r.wrote();
  r.wrote(a.size, no_buffers);
  BOOST_TEST((is(first, errc::connection_lost) && is(a, errc::connection_lost)));
  BOOST_TEST(a.answer.text() == "write: " + no_buffers.message());
  BOOST_TEST((b.where == phase::queued));
  r.closed();
  r.connected();
  r.wrote();
  r.receive(ack());
  BOOST_TEST(is(b, {}));
}

BOOST_AUTO_TEST_CASE(write_when_the_peer_has_gone_then_its_last_answers_are_read)
{
  for (const error_code gone : {broken, reset}) {
    rig r;
    r.open_up();
    request& first = r.send();
    request& a = r.send();
    request& b = r.send();
    r.wrote();
    r.wrote(a.size, gone);
    BOOST_TEST((is_live(first) && is_live(a) && is_live(b)));
    BOOST_TEST(!r.writing);
    r.receive(ack());
    BOOST_TEST(is(first, {}));
    BOOST_TEST(!r.writing);
    r.eof();
    BOOST_TEST(is(a, errc::connection_lost));
    BOOST_TEST(a.answer.text() == "the server closed the connection");
    BOOST_TEST((b.where == phase::queued));
    BOOST_TEST((r.books().last_failure == boost::asio::error::eof));
    BOOST_TEST(!r.clean);
  }
}

BOOST_AUTO_TEST_CASE(write_when_the_peer_has_gone_and_nothing_more_is_read_then_it_is_lost_in_time)
{
  rig r{{.write_timeout = 100ms}};
  r.open_up();
  request& a = r.send();
  request& b = r.send();
  r.wrote(a.size, broken);
  r.pass(100ms);
  BOOST_TEST(is(a, errc::connection_lost));
  BOOST_TEST(a.answer.text() == "write: " + broken.message());
  r.closed();
  // A new connection writes again.
  r.connected();
  BOOST_TEST(r.writing.has_value());
  r.wrote();
  r.receive(ack());
  BOOST_TEST(is(b, {}));
}

BOOST_AUTO_TEST_CASE(answer_when_what_it_would_be_for_was_never_written_then_it_is_surplus)
{
  rig r;
  r.open_up();
  request& a = r.send();
  r.wrote(0, broken);
  r.receive(ack());
  BOOST_TEST((a.where == phase::queued));
  BOOST_TEST((r.books().last_failure == errc::surplus_answer));
}

BOOST_AUTO_TEST_CASE(drain_when_a_write_has_failed_then_what_it_left_goes_over_the_next_connection)
{
  rig r;
  r.open_up();
  request& a = r.send();
  request& b = r.send();
  r.wrote();
  r.wrote(0, broken);
  r.drain();
  r.receive(ack());
  BOOST_TEST(is(a, {}));
  r.eof();
  BOOST_TEST((r.closing && !r.clean));
  r.closed();
  r.connected();
  r.wrote();
  r.receive(ack());
  BOOST_TEST(is(b, {}));
  r.closed();
  BOOST_TEST((r.disconnects == std::vector{error_code{}}));
}

BOOST_AUTO_TEST_CASE(answer_when_overdue_then_the_connection_is_closed_by_that_name)
{
  rig r{{.answer_timeout = 100ms}};
  r.open_up();
  request& a = r.query();
  request& b = r.send();
  r.wrote();
  r.pass(100ms);
  BOOST_TEST(is(a, errc::answer_timeout));
  r.closed();
  r.connected();
  r.wrote();
  r.receive(ack());
  BOOST_TEST(is(b, {}));
}

BOOST_AUTO_TEST_CASE(write_when_no_byte_is_taken_in_time_then_the_connection_is_closed_by_that_name)
{
  rig r{{.write_timeout = 100ms}};
  r.open_up();
  request& a = r.send();
  r.pass(60ms);
  r.wrote(1);
  r.pass(60ms);
  BOOST_TEST(!r.closing);
  r.pass(40ms);
  BOOST_TEST(is(a, errc::write_timeout));
  BOOST_TEST(r.closing);
}

BOOST_AUTO_TEST_CASE(write_when_the_connection_is_given_up_under_it_then_its_bytes_stay)
{
  rig r;
  r.open_up();
  event e;
  e.description = std::string(100'000, 'x');
  request& a = r.send(message{e});
  const auto under_write = *r.writing;
  const bytes before(under_write.begin(), under_write.end());
  r.eof();
  BOOST_TEST(is(a, errc::connection_lost));
  BOOST_TEST(std::ranges::equal(under_write, before));
  r.closed();
}

BOOST_AUTO_TEST_CASE(answer_when_it_breaks_the_protocol_then_the_connection_is_closed_by_its_name)
{
  const std::vector<std::pair<bytes, errc>> faults{{malformed(), errc::malformed_answer},
                                                   {header(101), errc::answer_too_large},
                                                   {found("x"), errc::unexpected_events},
                                                   {ack() + ack(), errc::surplus_answer}};
  for (const auto& [what, name] : faults) {
    rig r{{.max_answer_size = 100}};
    r.open_up();
    request& a = r.send();
    r.wrote();
    r.receive(what);
    BOOST_TEST(is(a, name == errc::surplus_answer ? error_code{} : error_code{name}));
    BOOST_TEST(r.closing);
    BOOST_TEST((r.books().last_failure == name));
    BOOST_TEST(r.books().connections_lost == 1u);
    r.closed();
    BOOST_TEST(!r.connecting);
  }
}

BOOST_AUTO_TEST_CASE(queued_when_too_old_while_connecting_then_the_attempt_is_stopped)
{
  rig r{{.max_queue_age = 100ms}};
  request& a = r.send();
  r.pass(100ms);
  BOOST_TEST(is(a, errc::expired));
  BOOST_TEST(r.closing);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test

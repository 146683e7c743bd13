// TLS as a session sees it: a handshake before the connection is open, and alerts.
#include "rig.hpp"

#include <riemann/tls_error.hpp>

#include <boost/asio/ssl/error.hpp>

#include <openssl/err.h>
#include <openssl/sslerr.h>

namespace riemann::test {

namespace {

error_code ssl_error(int reason)
{
  return {static_cast<int>(ERR_PACK(ERR_LIB_SSL, 0, reason)),
          boost::asio::error::get_ssl_category()};
}

const error_code alert = ssl_error(SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED);

} // namespace

BOOST_AUTO_TEST_SUITE(handshake_test)

BOOST_AUTO_TEST_CASE(handshake_when_it_begins_then_its_own_deadline_takes_the_place_of_the_connects)
{
  rig r{{.connect_timeout = 100ms}};
  request& a = r.send();
  r.pass(90ms);
  r.handshake(200ms);
  r.pass(150ms);
  BOOST_TEST(!r.closing);
  r.connected();
  r.wrote();
  r.pass(1s);
  r.receive(ack());
  BOOST_TEST(is(a, {}));
}

BOOST_AUTO_TEST_CASE(handshake_when_it_is_overdue_then_it_is_closed_by_that_name)
{
  rig r;
  r.connect();
  request& a = r.send();
  r.handshake(200ms);
  r.pass(200ms);
  BOOST_TEST(r.closing);
  BOOST_TEST(is(a, errc::handshake_timeout));
  BOOST_TEST((r.connects == std::vector<error_code>{errc::handshake_timeout}));
  BOOST_TEST((r.books().last_failure == errc::handshake_timeout));
  BOOST_TEST(r.books().connects_failed == 1U);
  r.closed();
  BOOST_TEST(!r.connecting);
}

BOOST_AUTO_TEST_CASE(handshake_when_it_fails_then_what_is_queued_is_not_sent_for_it)
{
  rig r;
  r.connect();
  request& a = r.send();
  r.handshake(200ms);
  r.refused(alert);
  BOOST_TEST(is(a, errc::handshake_failed));
  BOOST_TEST(a.answer.text() == "refused");
  BOOST_TEST((r.connects == std::vector<error_code>{alert}));
  BOOST_TEST((r.books().last_failure == alert));
  // The next attempt has a connect of its own before it.
  request& b = r.send();
  r.refused();
  BOOST_TEST(is(b, errc::connect_failed));
}

BOOST_AUTO_TEST_CASE(handshake_when_a_drain_waits_then_its_failure_ends_it)
{
  rig r;
  r.send();
  r.handshake(200ms);
  r.drain();
  r.refused(alert);
  BOOST_TEST((r.disconnects == std::vector<error_code>{alert}));
}

BOOST_AUTO_TEST_CASE(handshake_when_nobody_wants_it_any_more_then_it_is_stopped)
{
  rig r;
  request& a = r.send();
  r.handshake(200ms);
  r.give_up(a);
  BOOST_TEST(is(a, errc::cancelled));
  BOOST_TEST(r.closing);
  // Too late: nothing is to come of it.
  r.session.on_handshake(r.now + 200ms);
  r.closed();
  BOOST_TEST((r.session.next_deadline() == never));
}

BOOST_AUTO_TEST_CASE(alert_when_it_is_the_first_thing_heard_then_all_that_waits_has_failed)
{
  rig r{{.max_in_flight = 2}};
  r.open_up();
  request& written = r.send();
  request& staged = r.send();
  request& queued = r.send();
  r.wrote();
  r.wrote(0);
  r.receive({}, alert);
  BOOST_TEST(is(written, errc::tls_failed));
  BOOST_TEST(written.answer.text() == "TLS: " + alert.message());
  BOOST_TEST((r.books().last_failure == alert));
  r.closed();
  BOOST_TEST(is(queued, errc::handshake_failed));
  BOOST_TEST((outcome_of(staged.error) == outcome::unknown));
  // Another connection would fare no better: it is not for the queue to try.
  BOOST_TEST(!r.connecting);
}

BOOST_AUTO_TEST_CASE(alert_when_it_comes_after_a_failed_write_then_it_is_the_reason)
{
  rig r;
  r.open_up();
  request& written = r.send();
  request& staged = r.send();
  r.wrote();
  r.wrote(0, boost::asio::error::broken_pipe);
  r.receive({}, alert);
  BOOST_TEST(is(written, errc::tls_failed));
  BOOST_TEST(is(staged, errc::handshake_failed));
  BOOST_TEST(staged.answer.text() == "TLS: " + alert.message());
}

BOOST_AUTO_TEST_CASE(
    alert_when_answers_came_before_then_what_is_queued_goes_over_the_next_connection)
{
  rig r{{.max_in_flight = 1}};
  r.open_up();
  request& first = r.send();
  request& written = r.send();
  request& queued = r.send();
  r.wrote();
  r.receive(ack());
  BOOST_TEST(is(first, {}));
  r.wrote();
  r.receive({}, alert);
  BOOST_TEST(is(written, errc::tls_failed));
  r.closed();
  BOOST_TEST(r.connecting);
  r.connected();
  r.wrote();
  r.receive(ack());
  BOOST_TEST(is(queued, {}));
}

BOOST_AUTO_TEST_CASE(alert_when_a_connection_before_was_heard_then_it_counts_for_this_one_alone)
{
  rig r{{.max_in_flight = 1}};
  r.open_up();
  r.send();
  r.wrote();
  r.receive(ack());
  r.eof();
  r.closed();
  request& a = r.send();
  request& b = r.send();
  r.connected();
  r.wrote();
  r.receive({}, alert);
  BOOST_TEST(is(a, errc::tls_failed));
  BOOST_TEST(is(b, errc::handshake_failed));
  request& c = r.send();
  r.closed();
  BOOST_TEST(r.connecting);
  BOOST_TEST((c.where == phase::queued));
}

BOOST_AUTO_TEST_CASE(
    connection_when_the_last_was_refused_then_nothing_is_risked_until_an_empty_message_is_answered)
{
  rig r;
  r.open_up();
  r.send();
  r.wrote();
  r.receive({}, alert);
  r.closed();
  request& first = r.send();
  request& second = r.send();
  r.connected();
  BOOST_TEST((first.where == phase::queued && second.where == phase::queued));
  BOOST_TEST(r.writing.value().size() == 4U);
  r.wrote();
  BOOST_TEST(!r.writing);
  r.receive(ack());
  BOOST_TEST((first.where == phase::staged && second.where == phase::staged));
  BOOST_TEST(r.books().pings == 1U);
  BOOST_TEST(r.books().tombstones == 0U);
}

BOOST_AUTO_TEST_CASE(
    tls_error_when_it_is_no_refusal_then_what_is_queued_goes_over_the_next_connection)
{
  rig r{{.max_in_flight = 1}};
  r.open_up();
  request& written = r.send();
  request& queued = r.send();
  r.wrote();
  r.receive({}, ssl_error(SSL_R_DECRYPTION_FAILED_OR_BAD_RECORD_MAC));
  BOOST_TEST(is(written, errc::tls_failed));
  r.closed();
  BOOST_TEST(r.connecting);
  BOOST_TEST((queued.where == phase::queued));
}

BOOST_AUTO_TEST_CASE(tls_error_when_a_write_fails_by_it_then_it_has_that_name)
{
  rig r;
  r.open_up();
  request& a = r.send();
  r.wrote(a.size, alert);
  BOOST_TEST(is(a, errc::tls_failed));
  BOOST_TEST(a.answer.text() == "TLS: " + alert.message());
}

BOOST_AUTO_TEST_CASE(end_without_close_notify_then_it_is_told_from_a_clean_one)
{
  rig r;
  r.open_up();
  request& a = r.send();
  r.wrote();
  r.receive({}, boost::asio::ssl::error::stream_truncated);
  BOOST_TEST(is(a, errc::connection_lost));
  BOOST_TEST(a.answer.text() == "the connection was cut off, without TLS's close_notify");
  BOOST_TEST((r.books().last_failure == tls_error::truncated));
}

BOOST_AUTO_TEST_CASE(close_when_all_was_answered_then_it_is_clean_and_else_not)
{
  rig r;
  r.open_up();
  r.send();
  r.wrote();
  r.drain();
  r.receive(ack());
  BOOST_TEST((r.closing && r.clean));
  r.closed();
  r.open_up();
  r.send();
  r.wrote();
  r.cancel();
  BOOST_TEST((r.closing && !r.clean));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test

#include "cli/explain.hpp"

#include <riemann/error.hpp>
#include <riemann/tls_error.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/test/unit_test.hpp>

#include <openssl/err.h>
#include <openssl/sslerr.h>
#include <openssl/x509_vfy.h>

using namespace riemann::cli;
using riemann::errc;
using riemann::response;

namespace {

failure explained(errc error, const std::string& text)
{
  return explain({error, response::failure(text), {}}, "the event", {.host = "::1", .port = 1});
}

} // namespace

BOOST_AUTO_TEST_SUITE(cli_explain)

BOOST_AUTO_TEST_CASE(exit_code_when_any_error_then_documented)
{
  BOOST_TEST((exit_code_of({}) == exit_code::acknowledged));
  BOOST_TEST((exit_code_of(errc::rejected) == exit_code::rejected));
  BOOST_TEST((exit_code_of(errc::connect_failed) == exit_code::cannot_connect));
  BOOST_TEST((exit_code_of(errc::connect_timeout) == exit_code::cannot_connect));
  BOOST_TEST((exit_code_of(errc::answer_timeout) == exit_code::timed_out));
  BOOST_TEST((exit_code_of(errc::handshake_failed) == exit_code::tls_refused));
  BOOST_TEST((exit_code_of(errc::handshake_timeout) == exit_code::tls_refused));
  BOOST_TEST((exit_code_of(errc::tls_failed) == exit_code::tls_refused));
  BOOST_TEST((exit_code_of(errc::connection_lost) == exit_code::outcome_unknown));
  BOOST_TEST((exit_code_of(errc::malformed_answer) == exit_code::outcome_unknown));
  BOOST_TEST((exit_code_of(errc::message_too_large) == exit_code::other));
  BOOST_TEST((exit_code_of(boost::asio::error::operation_aborted) == exit_code::other));
  for (int value = 1; value <= static_cast<int>(errc::frame_too_large); ++value) {
    BOOST_TEST((exit_code_of(static_cast<errc>(value)) != exit_code::acknowledged));
  }
}

BOOST_AUTO_TEST_CASE(explain_when_rejected_then_the_servers_text)
{
  const auto why = explained(errc::rejected, "no viable alternative");
  BOOST_TEST((why.code() == exit_code::rejected));
  BOOST_TEST(why.what() ==
             "[::1]:1 rejected the event: no viable alternative; correct it and try again");
}

BOOST_AUTO_TEST_CASE(loss_when_explained_then_in_the_number_and_without_a_full_stop)
{
  const auto loss = [](std::uint64_t events, errc error, const std::string& reason) {
    return explain_loss({.events = events, .error = error, .reason = reason},
                        {.host = "::1", .port = 1});
  };
  BOOST_TEST(loss(1, errc::rejected, "no.") == "1 event was rejected by [::1]:1: no");
  BOOST_TEST(loss(2, errc::rejected, "") == "2 events were rejected by [::1]:1");
  BOOST_TEST(loss(1, errc::disconnected, "The transport was disconnected.") ==
             "1 event was not sent to [::1]:1: the transport was disconnected");
  BOOST_TEST(loss(1, errc::connection_lost, "gone") ==
             "1 event was sent to [::1]:1, and whether it was applied is unknown: gone");
  // The options of the library are not those of the user.
  BOOST_TEST(loss(3, errc::answer_timeout, "The server did not answer within answer_timeout.") ==
             "3 events were sent to [::1]:1, and whether they were applied is unknown: no answer "
             "came within 5 s");
}

BOOST_AUTO_TEST_CASE(loss_when_too_large_for_a_datagram_then_short_and_with_the_remedy)
{
  const std::string loss =
      explain_loss({.events = 1,
                    .error = errc::message_too_large,
                    .reason = "the event of service \"" + std::string(20'000, 's') +
                              "\" takes 20027 bytes, more than the transport sends"},
                   {.host = "h", .port = 1, .transport = transport_kind::udp});
  BOOST_TEST(loss.size() < 500U);
  BOOST_TEST(loss.ends_with("takes 20027 bytes, more than the transport sends; give -T tcp"));
}

BOOST_AUTO_TEST_CASE(explain_when_no_connection_then_the_server_is_named_once)
{
  BOOST_TEST(
      explained(errc::connect_failed, "cannot connect to [::1]:1: Connection refused").what() ==
      std::string_view{"cannot connect to [::1]:1: Connection refused; see that the server "
                       "runs, and check --host and --port"});
  BOOST_TEST(
      explain_connect(boost::asio::error::connection_refused, {.host = "::1", .port = 1}).what() ==
      std::string_view{"cannot connect to [::1]:1: Connection refused; see that the server "
                       "runs, and check --host and --port"});
}

BOOST_AUTO_TEST_CASE(explain_when_tls_is_refused_then_with_a_remedy_for_each_kind)
{
  const auto remedy = [](const boost::system::error_code& cause) {
    const auto why = explain({errc::handshake_failed, response::failure("reason"), cause},
                             "the event", {.tls = {.certfile = "ours"}});
    BOOST_TEST((why.code() == exit_code::tls_refused));
    const std::string sentence = why.what();
    BOOST_TEST(sentence.starts_with("reason; "));
    return sentence.substr(sentence.find("; ") + 2);
  };
  const auto verdict = [](int code) {
    return boost::system::error_code{code, riemann::certificate_category()};
  };
  const auto alert = [](int reason) {
    return boost::system::error_code{static_cast<int>(ERR_PACK(ERR_LIB_SSL, 0, reason)),
                                     boost::asio::error::get_ssl_category()};
  };
  BOOST_TEST(remedy(verdict(X509_V_ERR_HOSTNAME_MISMATCH)).find("--tls-server-name") !=
             std::string::npos);
  BOOST_TEST(remedy(verdict(X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY)).find("--ca-certs") !=
             std::string::npos);
  BOOST_TEST(remedy(verdict(X509_V_ERR_CERT_HAS_EXPIRED)).find("clock") != std::string::npos);
  BOOST_TEST(remedy(verdict(X509_V_ERR_EE_KEY_TOO_SMALL)).find("made anew") != std::string::npos);
  BOOST_TEST(remedy(alert(SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED)).starts_with("give ours"));
  BOOST_TEST(remedy(alert(SSL_R_TLSV1_ALERT_UNKNOWN_CA)).find("authority has signed") !=
             std::string::npos);
  BOOST_TEST(remedy(alert(SSL_R_SSLV3_ALERT_HANDSHAKE_FAILURE)).find("version in common") !=
             std::string::npos);
  BOOST_TEST(remedy(alert(SSL_R_WRONG_VERSION_NUMBER)).find("speaks TLS") != std::string::npos);
  const auto without =
      explain({errc::handshake_failed, {}, alert(SSL_R_SSLV3_ALERT_BAD_CERTIFICATE)}, "x", {});
  BOOST_TEST(std::string_view{without.what()}.find("give ours") != std::string_view::npos);
  const auto late = explain({errc::tls_failed, response::failure("TLS: reason"),
                             alert(SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED)},
                            "the event", {.host = "::1", .port = 1});
  BOOST_TEST(late.what() ==
             std::string_view{"[::1]:1 ended the connection by TLS: reason, and whether the "
                              "event was applied is unknown; give ours with --certfile and "
                              "--keyfile"});
}

BOOST_AUTO_TEST_CASE(explain_when_too_large_then_how_large_it_may_be_and_what_to_do)
{
  const answer failed{errc::message_too_large, {}, {}};
  const failure udp =
      explain(failed, "the event", {.host = "h", .port = 1, .transport = transport_kind::udp});
  BOOST_TEST(udp.what() == "the event was not sent to h:1: it is longer than a datagram may be "
                           "(16384 bytes); give -T tcp, or send less at once");
  BOOST_TEST(std::string{explained(errc::message_too_large, "").what()}.find("67108864 bytes") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(explain_when_no_text_then_the_errors_own)
{
  const auto lost = explain({errc::connection_lost, {}, {}}, "the query", {});
  BOOST_TEST(std::string_view{lost.what()}.starts_with(
      "the connection to localhost:5555 was lost before the answer came (the connection"));
  BOOST_TEST(std::string_view{lost.what()}.find('.') == std::string_view::npos);
  BOOST_TEST((explained(errc::rejected, "").what() ==
              std::string_view{"[::1]:1 rejected the event and did not say why; see its log"}));
}

BOOST_AUTO_TEST_CASE(explain_when_written_and_unanswered_then_says_unknown)
{
  for (const errc error : {errc::connection_lost, errc::answer_timeout, errc::malformed_answer}) {
    const std::string sentence = explained(error, "reason").what();
    BOOST_TEST(sentence.find("whether the event was applied is unknown") != std::string::npos);
  }
  for (const errc error : {errc::not_written, errc::expired, errc::connect_failed}) {
    const std::string sentence = explained(error, "reason").what();
    BOOST_TEST(sentence.find("unknown") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(explain_connect_when_refused_then_names_where_and_why)
{
  const auto why =
      explain_connect(boost::asio::error::connection_refused, {.host = "h", .port = 9});
  BOOST_TEST((why.code() == exit_code::cannot_connect));
  BOOST_TEST(
      std::string_view{why.what()}.starts_with("cannot connect to h:9: Connection refused;"));
  server_settings patient;
  patient.timeout = std::chrono::milliseconds{1'500};
  BOOST_TEST(std::string_view{explain_connect(errc::connect_timeout, patient).what()}.find(
                 "within 1.5 s") != std::string_view::npos);
}

BOOST_AUTO_TEST_SUITE_END()

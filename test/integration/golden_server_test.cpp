// The recorded exchanges in which TLS or the kernel is what matters: the testkit server
// is asked them over sockets.

#include "conduct.hpp"
#include "golden_fixture.hpp"
#include "testkit_tls_fixture.hpp"
#include "tls_alerts.hpp"

#include <boost/asio/ip/udp.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <openssl/ssl.h>
#include <optional>
#include <string>
#include <string_view>

namespace {

namespace asio = boost::asio;
using namespace riemann;
using namespace riemann::golden;
using boost::system::error_code;
using testkit::test::raw_client;
using testkit::test::running_server;
using testkit::test::tls_client;
using testkit::test::tls_client_options;

testkit::server_options options_of(const tls_record& how)
{
  testkit::server_tls_options tls;
  tls.certificate_pem = recorded_identity().certificate_pem;
  tls.key_pem = recorded_identity().key_pem;
  if (how.mutual) {
    tls.client_ca_pem = test::usual().authority.certificate_pem();
  }
  return test::with_tls(tls);
}

tls_client_options client_of(const tls_record& how)
{
  tls_client_options o{.trusted = test::usual().authority.certificate_pem(),
                       .version = how.version};
  if (how.certificate == shown::own) {
    o.shown = test::usual().client;
  } else if (how.certificate == shown::strangers) {
    o.shown = test::usual().stranger.issue();
  }
  return o;
}

/// Which alert a refused client is sent (RFC 8446, section 6), and by its name, as the
/// recorder's Python had it, that of the real server. Java's engine and OpenSSL name the
/// same fault by different ones.
struct refusal {
  std::string_view record;
  int ours;
  std::string_view riemanns;
};
constexpr std::array refusals{
    refusal{"tls_mutual_no_cert_tls13", SSL_AD_CERTIFICATE_REQUIRED, "BAD_CERTIFICATE"},
    // Until 1.3 there was no alert for want of one.
    refusal{"tls_mutual_no_cert_tls12", SSL_AD_HANDSHAKE_FAILURE, "BAD_CERTIFICATE"},
    refusal{"tls_mutual_rogue_cert_tls13", SSL_AD_UNKNOWN_CA, "CERTIFICATE_UNKNOWN"},
    refusal{"tls_mutual_rogue_cert_tls12", SSL_AD_UNKNOWN_CA, "CERTIFICATE_UNKNOWN"},
};

void check_alert(const transcript& t, const error_code& ec)
{
  const auto* const how = std::ranges::find(refusals, std::string_view{t.name}, &refusal::record);
  BOOST_REQUIRE_MESSAGE(how != refusals.end(), "it is not known which alert is to come");
  BOOST_TEST(test::alert_of(ec).value_or(-1) == how->ours, ec.message());
  const auto recorded = "SSLV3_ALERT_" + std::string{how->riemanns};
  BOOST_TEST(t.outcome.find(recorded) != std::string::npos, t.outcome);
}

void check_answered(const transcript& t, tls_client& client)
{
  client.handshake();
  BOOST_TEST(agreed(t, 0) == ::SSL_get_version(client.handle()));
  BOOST_TEST(agreed(t, 1) == ::SSL_get_cipher_name(client.handle()));
  client.send(t.request);
  BOOST_TEST((client.read(t.response.size()) == t.response));
  // It stays open.
  client.send(message{});
  BOOST_TEST((client.read(6) == testkit::test::ack()));
}

void check_refused(const transcript& t, tls_client& client, tls_version version)
{
  auto ec = client.try_handshake();
  // In 1.3 the client is through before the server has looked.
  BOOST_TEST(ec.failed() == (version == tls_version::tls_1_2));
  if (!ec) {
    client.try_send(t.request);
    BOOST_TEST(client.read_to_end(ec) == 0U);
  }
  check_alert(t, ec);
  BOOST_TEST(differs(t, difference::extent::always));
  client.wait_for_end();
}

} // namespace

BOOST_AUTO_TEST_SUITE(golden_server_sockets)

BOOST_AUTO_TEST_CASE(requests_over_tls_are_answered_or_refused_as_by_a_real_server)
{
  for (const auto& how : tls_records) {
    BOOST_TEST_CONTEXT(how.name)
    {
      const auto& t = transcript_named(how.name);
      running_server server{options_of(how)};
      raw_client before{server->tcp_endpoint()};
      before.send(transcript_named("event_full").request);
      BOOST_TEST((before.read(6) == testkit::test::ack()));
      tls_client client{server->tls_endpoint(), client_of(how)};
      const bool refused = conduct_of(t) == conduct::refuses;
      refused ? check_refused(t, client, how.version) : check_answered(t, client);
      const auto seen = server->counters();
      BOOST_TEST(seen.handshakes == (refused ? 0U : 1U));
      BOOST_TEST(seen.handshakes_failed == (refused ? 1U : 0U));
      BOOST_TEST(seen.indexed == (t.name == "tls_event" ? 2U : 1U));
    }
  }
}

BOOST_AUTO_TEST_CASE(plain_bytes_to_the_port_for_tls_are_closed_on)
{
  const auto& t = transcript_named("plain_to_tls_port");
  running_server server{options_of(tls_records.front())};
  raw_client client{server->tls_endpoint()};
  client.send(t.request);
  error_code end;
  const auto answered = client.read_to_end(end);
  BOOST_TEST(answered == t.response.size());
  BOOST_TEST(end == asio::error::eof);
  BOOST_TEST(server->counters().messages == 0U);
}

BOOST_AUTO_TEST_CASE(datagrams_are_indexed_cut_or_dropped_as_by_a_real_server)
{
  // Without threads: each step of the server is taken here.
  asio::io_context context;
  testkit::server server{context.get_executor()};
  asio::io_context client_context;
  asio::ip::udp::socket client{client_context, asio::ip::udp::v4()};
  std::size_t replayed = 0;
  for (const auto& t : transcripts()) {
    if (t.transport != "udp") {
      continue;
    }
    ++replayed;
    BOOST_TEST_CONTEXT(t.name)
    {
      const auto before = server.counters();
      error_code ec;
      client.send_to(asio::buffer(t.request), server.udp_endpoint(), 0, ec);
      if (conduct_of(t) == conduct::is_not_reached) {
        BOOST_TEST(ec == asio::error::message_size);
        continue;
      }
      BOOST_TEST(ec == error_code{});
      while (server.counters().datagrams == before.datagrams) {
        context.run_one();
      }
      const auto grown = conduct_of(t) == conduct::indexes ? 1U : 0U;
      BOOST_TEST(server.counters().indexed == before.indexed + grown);
      BOOST_TEST(client.available() == 0U);
    }
  }
  BOOST_TEST(replayed == 15U);
}

BOOST_AUTO_TEST_CASE(record_each_that_needs_sockets_is_played_here)
{
  for (const auto& t : transcripts()) {
    if (stage_for_server(t) == stage::sockets) {
      const bool played =
          t.transport == "udp" || t.name == "plain_to_tls_port" ||
          std::ranges::any_of(tls_records, [&](const auto& r) { return t.name == r.name; });
      BOOST_TEST(played, t.name << " is not played");
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

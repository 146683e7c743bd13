// The test server over TLS, spoken to by Asio's own client.

#include "testkit_tls_fixture.hpp"
#include "tls_alerts.hpp"

#include <boost/asio/ssl/error.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <stdexcept>
#include <vector>

namespace {

namespace asio = boost::asio;
using namespace riemann;
using namespace riemann::testkit;
using namespace riemann::testkit::test;
using namespace std::chrono_literals;
using boost::system::error_code;

constexpr std::array versions{tls_version::tls_1_2, tls_version::tls_1_3};

/// Which alert has come; -1 if none has.
int alert_in(const error_code& ec)
{
  return riemann::test::alert_of(ec).value_or(-1);
}

struct with_authority {
  server_options options(const certificate_options& shown = {})
  {
    const auto i = authority.issue(shown);
    return {.tls = server_tls_options{.certificate_pem = i.certificate_pem, .key_pem = i.key_pem}};
  }
  /// Of a server that asks for certificates.
  server_options strict_options()
  {
    auto o = options();
    o.tls->client_ca_pem = authority.certificate_pem();
    return o;
  }
  tls_client_options client_options(tls_version version = tls_version::tls_1_3)
  {
    return {.trusted = authority.certificate_pem(), .version = version};
  }

  certificate_authority authority{};
};

struct serving : with_authority {
  /// A client that is through with its handshake.
  std::unique_ptr<tls_client> connect(tls_version version = tls_version::tls_1_3)
  {
    auto c = std::make_unique<tls_client>(server->tls_endpoint(), client_options(version));
    c->handshake();
    return c;
  }

  running_server server{options()};
};

} // namespace

namespace riemann::inline v0 {

static std::ostream& boost_test_print_type(std::ostream& out, tls_version v)
{
  return out << (v == tls_version::tls_1_2 ? "TLS 1.2" : "TLS 1.3");
}

} // namespace riemann::inline v0

BOOST_FIXTURE_TEST_SUITE(testkit_tls, with_authority)

BOOST_DATA_TEST_CASE_F(serving, events_and_queries_are_answered, versions, version)
{
  const auto client = connect(version);
  BOOST_TEST(::SSL_version(client->handle()) ==
             (version == tls_version::tls_1_2 ? TLS1_2_VERSION : TLS1_3_VERSION));
  client->send(event{.service = "s", .metric = 1});
  BOOST_TEST((client->read(6) == ack()));
  BOOST_TEST(client->ask("service = \"s\"").event_count() == 1U);
  const auto seen = server->counters();
  BOOST_TEST(seen.connections == 1U);
  BOOST_TEST(seen.open_connections == 1U);
  BOOST_TEST(seen.handshakes == 1U);
  BOOST_TEST(seen.handshakes_failed == 0U);
  BOOST_TEST(seen.resumed == 0U);
  BOOST_TEST(seen.acks == 2U);
}

BOOST_FIXTURE_TEST_CASE(index_is_the_same_as_over_tcp, serving)
{
  raw_client plain{server->tcp_endpoint()};
  plain.send(event{.service = "plain"});
  BOOST_TEST((plain.read(6) == ack()));
  const auto secure = connect();
  secure->send(event{.service = "secure"});
  BOOST_TEST((secure->read(6) == ack()));
  BOOST_TEST(plain.ask("true").event_count() == 2U);
  BOOST_TEST(secure->ask("true").event_count() == 2U);
  BOOST_TEST(server->counters().connections == 2U);
  BOOST_TEST(server->port() != server->tls_endpoint().port());
}

BOOST_DATA_TEST_CASE(certificate_of_a_client_is_accepted, versions, version)
{
  running_server server{strict_options()};
  auto o = client_options(version);
  o.shown = authority.issue_authority("branch").issue();
  tls_client client{server->tls_endpoint(), o};
  client.handshake();
  BOOST_TEST(client.ask("true").ok());
  BOOST_TEST(server->counters().handshakes == 1U);
}

BOOST_DATA_TEST_CASE(client_is_refused_without_a_certificate, versions, version)
{
  running_server server{strict_options()};
  tls_client client{server->tls_endpoint(), client_options(version)};
  auto ec = client.try_handshake();
  if (version == tls_version::tls_1_3) {
    // There the client is through before the server has looked.
    BOOST_TEST(!ec);
    client.try_send(message{}.frame());
    BOOST_TEST(client.read_to_end(ec) == 0U);
    BOOST_TEST(alert_in(ec) == SSL_AD_CERTIFICATE_REQUIRED);
  } else {
    BOOST_TEST(alert_in(ec) == SSL_AD_HANDSHAKE_FAILURE);
  }
  client.wait_for_end();
  const auto seen = server->counters();
  BOOST_TEST(seen.handshakes_failed == 1U);
  BOOST_TEST(seen.handshakes == 0U);
  BOOST_TEST(seen.open_connections == 0U);
  BOOST_TEST(seen.messages == 0U);
}

BOOST_DATA_TEST_CASE(client_is_refused_with_a_certificate_of_strangers, versions, version)
{
  running_server server{strict_options()};
  auto o = client_options(version);
  o.shown = certificate_authority{"strangers"}.issue();
  tls_client client{server->tls_endpoint(), o};
  auto ec = client.try_handshake();
  if (!ec) {
    client.read_to_end(ec);
  }
  BOOST_TEST(alert_in(ec) == SSL_AD_UNKNOWN_CA);
  client.wait_for_end();
  BOOST_TEST(server->counters().handshakes_failed == 1U);
  BOOST_TEST(server->counters().handshakes == 0U);
}

struct bad_certificate {
  const char* what;
  identity shown;
  int alert;
};

std::vector<bad_certificate> bad_certificates(const certificate_authority& authority)
{
  certificate_options expired;
  expired.not_before = -2h;
  expired.not_after = -1h;
  certificate_options of_tomorrow;
  of_tomorrow.not_before = 24h;
  of_tomorrow.not_after = 25h;
  certificate_options weak;
  weak.key = key_type::rsa_1024;
  std::vector<bad_certificate> all;
  all.push_back({"expired", authority.issue(expired), SSL_AD_CERTIFICATE_EXPIRED});
  all.push_back({"of tomorrow", authority.issue(of_tomorrow), SSL_AD_BAD_CERTIFICATE});
  all.push_back({"signed by itself", make_self_signed(), SSL_AD_UNKNOWN_CA});
  all.push_back({"of a weak key", authority.issue(weak), SSL_AD_BAD_CERTIFICATE});
  return all;
}

/// What is wrong with a certificate has an alert of its own (RFC 8446, section 6.2).
BOOST_DATA_TEST_CASE(client_is_told_by_the_alert_what_is_wrong_with_its_certificate, versions,
                     version)
{
  running_server server{strict_options()};
  for (const auto& [what, shown, alert] : bad_certificates(authority)) {
    BOOST_TEST_CONTEXT(what)
    {
      auto o = client_options(version);
      o.shown = shown;
      o.ciphers = "DEFAULT@SECLEVEL=0"; // or the client would not show the weak one
      tls_client client{server->tls_endpoint(), o};
      auto ec = client.try_handshake();
      if (!ec) {
        BOOST_TEST(client.read_to_end(ec) == 0U);
      }
      BOOST_TEST(alert_in(ec) == alert, ec.message());
      client.wait_for_end();
    }
  }
  BOOST_TEST(server->counters().handshakes_failed == 4U);
  BOOST_TEST(server->counters().handshakes == 0U);
}

BOOST_DATA_TEST_CASE(session_is_resumed, versions* boost::unit_test::data::make({false, true}),
                     version, strict)
{
  running_server server{strict ? strict_options() : options()};
  auto o = client_options(version);
  o.shown = authority.issue();
  session_handle kept;
  for (const std::uint64_t round : {0U, 1U, 2U}) {
    o.resumes = kept.get();
    tls_client client{server->tls_endpoint(), o};
    client.handshake();
    BOOST_TEST(::SSL_session_reused(client.handle()) == (round == 0 ? 0 : 1));
    BOOST_TEST(client.ask("true").ok());
    kept.reset(::SSL_get1_session(client.handle()));
    // OpenSSL gives up the session of a connection that just ends.
    BOOST_TEST(client.shutdown() == error_code{});
    BOOST_TEST(server->counters().handshakes == round + 1);
    BOOST_TEST(server->counters().resumed == round);
  }
}

BOOST_AUTO_TEST_CASE(certificates_up_to_the_authority_are_shown)
{
  const auto i = authority.issue_authority("region").issue_authority("branch").issue();
  running_server server{
      {.tls = server_tls_options{.certificate_pem = i.certificate_pem, .key_pem = i.key_pem}}};
  tls_client client{server->tls_endpoint(), client_options()};
  client.handshake();
  BOOST_TEST(client.ask("true").ok());
}

BOOST_DATA_TEST_CASE(key_of_each_type_serves, versions, version)
{
  for (const auto key : {key_type::ec, key_type::ed25519, key_type::rsa}) {
    running_server server{options({.key = key})};
    tls_client client{server->tls_endpoint(), client_options(version)};
    client.handshake();
    BOOST_TEST(client.ask("true").ok());
  }
}

BOOST_AUTO_TEST_CASE(weak_key_serves_only_where_the_security_level_allows_it)
{
  auto o = options({.key = key_type::rsa_1024});
  asio::io_context context;
  BOOST_CHECK_THROW((testkit::server{context.get_executor(), o}), boost::system::system_error);
  o.tls->ciphers = "DEFAULT@SECLEVEL=0";
  running_server server{o};
  tls_client refuses{server->tls_endpoint(), client_options()};
  BOOST_TEST(refuses.try_handshake().failed());
  auto lenient = client_options();
  lenient.ciphers = "DEFAULT@SECLEVEL=0";
  tls_client accepts{server->tls_endpoint(), lenient};
  accepts.handshake();
  BOOST_TEST(accepts.ask("true").ok());
}

BOOST_AUTO_TEST_CASE(client_of_another_version_is_refused)
{
  auto o = options();
  o.tls->min_version = tls_version::tls_1_3;
  running_server server{o};
  tls_client client{server->tls_endpoint(), client_options(tls_version::tls_1_2)};
  BOOST_TEST(alert_in(client.try_handshake()) == SSL_AD_PROTOCOL_VERSION);
  client.wait_for_end();
  BOOST_TEST(server->counters().handshakes_failed == 1U);
}

BOOST_AUTO_TEST_CASE(client_of_a_newer_version_is_refused)
{
  auto o = options();
  o.tls->max_version = tls_version::tls_1_2;
  running_server server{o};
  tls_client client{server->tls_endpoint(), client_options(tls_version::tls_1_3)};
  BOOST_TEST(alert_in(client.try_handshake()) == SSL_AD_PROTOCOL_VERSION);
  client.wait_for_end();
  BOOST_TEST(server->counters().handshakes_failed == 1U);
}

BOOST_AUTO_TEST_CASE(client_with_no_cipher_in_common_is_refused)
{
  auto o = options();
  o.tls->ciphers = "ECDHE-ECDSA-AES256-GCM-SHA384";
  running_server server{o};
  auto other = client_options(tls_version::tls_1_2);
  other.ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256";
  tls_client client{server->tls_endpoint(), other};
  BOOST_TEST(alert_in(client.try_handshake()) == SSL_AD_HANDSHAKE_FAILURE);
  client.wait_for_end();
  BOOST_TEST(server->counters().handshakes_failed == 1U);
}

BOOST_FIXTURE_TEST_CASE(plain_client_is_refused, serving)
{
  raw_client plain{server->tls_endpoint()};
  plain.send(event{.service = "s", .description = std::string(100'000, 'x')});
  // No alert: it would not be understood.
  BOOST_TEST(plain.read_to_end() == 0U);
  BOOST_TEST(server->counters().handshakes_failed == 1U);
  BOOST_TEST(server->counters().open_connections == 0U);
  BOOST_TEST(server->counters().messages == 0U);
  BOOST_TEST(connect()->ask("true").ok());
}

BOOST_FIXTURE_TEST_CASE(client_that_stalls_in_its_handshake_holds_up_nobody, serving)
{
  raw_client silent{server->tls_endpoint()};
  raw_client half{server->tls_endpoint()};
  half.send(make_bytes(0x16, 3, 1));
  BOOST_TEST(connect()->ask("true").ok());
  BOOST_TEST(server->counters().open_connections >= 2U);
  BOOST_TEST(server->counters().handshakes_failed == 0U);
}

BOOST_AUTO_TEST_CASE(client_that_stalls_in_its_handshake_is_cut_off_in_the_end)
{
  auto o = options();
  o.tls->handshake_timeout = 1ms;
  running_server server{o};
  raw_client silent{server->tls_endpoint()};
  BOOST_TEST(silent.read_to_end() == 0U);
  BOOST_TEST(server->counters().handshakes_failed == 1U);
  BOOST_TEST(server->counters().open_connections == 0U);
}

BOOST_FIXTURE_TEST_CASE(close_notify_is_answered, serving)
{
  const auto client = connect();
  BOOST_TEST(client->ask("true").ok());
  BOOST_TEST(client->shutdown() == error_code{});
  BOOST_TEST(server->counters().open_connections == 0U);
}

BOOST_FIXTURE_TEST_CASE(connection_ends_with_close_notify_behind_the_answers_when_garbage_comes,
                        serving)
{
  const auto client = connect();
  const message m;
  bytes data{m.frame().begin(), m.frame().end()};
  const auto garbage = make_bytes(0, 0, 0, 2, 0xFF, 0xFF);
  data.insert(data.end(), garbage.begin(), garbage.end());
  client->send(data);
  error_code end;
  BOOST_TEST(client->read_to_end(end) == ack().size());
  BOOST_TEST(end == asio::error::eof);
  BOOST_TEST(server->counters().malformed == 1U);
  BOOST_TEST(server->counters().open_connections == 0U);
}

struct bad_record {
  const char* what;
  bytes data;
  int alert;
};

/// Of encrypted data: three bytes, and how many come behind them.
bytes record_of(std::size_t length, std::size_t given)
{
  auto data = make_bytes(0x17, 3, 3, length >> 8U, length & 0xFFU);
  data.resize(data.size() + given, std::byte{'x'});
  return data;
}

BOOST_DATA_TEST_CASE_F(serving,
                       connection_ends_with_the_alert_that_says_what_is_wrong_with_a_record,
                       versions, version)
{
  const std::vector<bad_record> all{
      {"no TLS", bytes(100, std::byte{'x'}), SSL_AD_PROTOCOL_VERSION},
      {"forged", record_of(64, 64), SSL_AD_BAD_RECORD_MAC},
      {"too long", record_of(0x4900, 0), SSL_AD_RECORD_OVERFLOW},
  };
  for (const auto& [what, data, alert] : all) {
    BOOST_TEST_CONTEXT(what)
    {
      const auto client = connect(version);
      BOOST_TEST(client->ask("true").ok());
      asio::write(client->socket(), asio::buffer(data));
      error_code end;
      BOOST_TEST(client->read_to_end(end) == 0U);
      BOOST_TEST(alert_in(end) == alert, end.message());
      client->wait_for_end();
      BOOST_TEST(server->counters().open_connections == 0U);
    }
  }
  BOOST_TEST(server->counters().handshakes_failed == 0U);
}

BOOST_FIXTURE_TEST_CASE(connection_ends_when_its_client_just_goes, serving)
{
  const auto client = connect();
  BOOST_TEST(client->ask("true").ok());
  client->socket().shutdown(asio::ip::tcp::socket::shutdown_send);
  error_code end;
  BOOST_TEST(client->read_to_end(end) == 0U);
  BOOST_TEST(end == asio::error::eof);
  BOOST_TEST(server->counters().open_connections == 0U);
}

BOOST_FIXTURE_TEST_CASE(large_message_and_answer_get_through, serving)
{
  const auto client = connect();
  client->send(event{.service = "big", .description = std::string(std::size_t{16} << 20, 'x')});
  BOOST_TEST((client->read(6) == ack()));
  const auto answer = client->ask("true");
  BOOST_REQUIRE_EQUAL(answer.event_count(), 1U);
  BOOST_TEST((*answer.events().begin()).description().value().size() == std::size_t{16} << 20);
}

BOOST_AUTO_TEST_CASE(sink_acknowledges_and_forgets)
{
  auto o = options();
  o.sink = true;
  running_server server{o};
  tls_client client{server->tls_endpoint(), client_options()};
  client.handshake();
  const event e{.service = "s"};
  const message m{e};
  bytes data;
  for (int i = 0; i != 5'000; ++i) {
    data.insert(data.end(), m.frame().begin(), m.frame().end());
  }
  client.send(data);
  for (int i = 0; i != 5'000; ++i) {
    BOOST_REQUIRE((client.read(6) == ack()));
  }
  BOOST_TEST(server->counters().events == 5'000U);
  BOOST_TEST(server->index().empty());
}

BOOST_AUTO_TEST_CASE(construction_fails_with_what_cannot_be_used)
{
  asio::io_context context;
  const auto make = [&](const server_options& o) { testkit::server{context.get_executor(), o}; };
  const auto good = options();
  auto o = good;
  o.tls->certificate_pem.clear();
  BOOST_CHECK_THROW(make(o), std::invalid_argument);
  o = good;
  o.tls->key_pem.clear();
  BOOST_CHECK_THROW(make(o), std::invalid_argument);
  o = good;
  o.tls->max_version = tls_version::tls_1_2;
  BOOST_CHECK_NO_THROW(make(o));
  o.tls->min_version = tls_version::tls_1_3;
  BOOST_CHECK_THROW(make(o), std::invalid_argument);
  o = good;
  o.tls->handshake_timeout = 0ms;
  BOOST_CHECK_THROW(make(o), std::invalid_argument);
  o = good;
  o.tls->certificate_pem = "no PEM";
  BOOST_CHECK_THROW(make(o), boost::system::system_error);
  o = good;
  o.tls->key_pem = authority.issue().key_pem;
  BOOST_CHECK_THROW(make(o), boost::system::system_error);
  o = good;
  o.tls->client_ca_pem = "no PEM";
  BOOST_CHECK_THROW(make(o), boost::system::system_error);
  o = good;
  o.tls->ciphers = "none such";
  BOOST_CHECK_THROW(make(o), boost::system::system_error);
  BOOST_CHECK_THROW(static_cast<void>(testkit::server{context.get_executor()}.tls_endpoint()),
                    std::logic_error);
}

BOOST_AUTO_TEST_SUITE_END()

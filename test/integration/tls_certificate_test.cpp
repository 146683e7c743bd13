// Whose certificate is taken, by which side, on each version of TLS; each refusal has
// its own error, and each message its outcome.

#include "tls_fixture.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <openssl/ssl.h>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::test;
using namespace std::chrono_literals;
using testkit::certificate_authority;
using testkit::certificate_options;
using testkit::identity;
using testkit::key_type;

/// What a server shows, and a client does, and what becomes of that.
struct table_row {
  const char* name;
  identity server{};
  std::function<void(tls_options&)> client{};
  std::optional<tls_error> connect{}; ///< none: it succeeds
  std::string_view words{};           ///< of OpenSSL, in the message's reason
  std::function<void(testkit::server_tls_options&)> server_options{};
};

identity issue(certificate_options options)
{
  return usual().authority.issue(options);
}

identity for_names(std::vector<std::string> names)
{
  return issue({.names = std::move(names), .addresses = {}});
}

auto named(std::string name)
{
  return [name = std::move(name)](tls_options& o) { o.server_name = name; };
}

/// What is wrong with the server's certificate.
std::vector<table_row> servers()
{
  const certificate_authority same_name;
  const auto between = usual().authority.issue_authority("between");
  auto whole = between.issue();
  auto bare = whole;
  bare.certificate_pem.resize(bare.certificate_pem.find("-----BEGIN", 1));
  const auto self_signed = testkit::make_self_signed();
  return {
      {"right", issue({})},
      {"right by its address", issue({.names = {}})},
      {"right by its name", for_names({"localhost"}), named("localhost")},
      {"right by its name with the root's point", for_names({"localhost"}), named("localhost.")},
      {"right by one of several", for_names({"a.test", "b.test"}), named("b.test")},
      {"right by a name that is spelt otherwise", for_names({"a.test"}), named("A.Test")},
      {"right by a wildcard", for_names({"*.example.test"}), named("a.example.test")},
      {"right with an intermediate", whole},
      {"signed by an intermediate that is trusted itself", whole,
       [pem = between.certificate_pem()](tls_options& o) { o.ca_certs_pem = pem; }},
      {"self-signed and trusted", self_signed,
       [=](auto& o) { o.ca_certs_pem = self_signed.certificate_pem; }},
      {"right with an RSA key", issue({.key = key_type::rsa})},
      {"right with an Ed25519 key", issue({.key = key_type::ed25519})},
      {"for another name", for_names({"elsewhere.test"}), named("localhost"), tls_error::wrong_name,
       "hostname mismatch"},
      {"for another address",
       issue({.names = {}, .addresses = {"10.0.0.1"}}),
       {},
       tls_error::wrong_name,
       "IP address mismatch"},
      {"for a name, asked by address",
       for_names({"127.0.0.1"}),
       {},
       tls_error::wrong_name,
       "IP address mismatch"},
      {"wildcard for two labels", for_names({"*.example.test"}), named("a.b.example.test"),
       tls_error::wrong_name, "hostname mismatch"},
      {"wildcard for the domain itself", for_names({"*.example.test"}), named("example.test"),
       tls_error::wrong_name, "hostname mismatch"},
      {"wildcard for part of a label", for_names({"a*.example.test"}), named("ab.example.test"),
       tls_error::wrong_name, "hostname mismatch"},
      {"common name alone", issue({.common_name = "localhost", .names = {}, .addresses = {}}),
       named("localhost"), tls_error::wrong_name, "hostname mismatch"},
      {"common name alone, and that is asked for",
       issue({.common_name = "localhost", .names = {}, .addresses = {}}),
       [](tls_options& o) {
         o.server_name = "localhost";
         o.match_common_name = true;
       }},
      {"expired",
       issue({.not_before = -48h, .not_after = -1h}),
       {},
       tls_error::expired,
       "certificate has expired"},
      {"not yet valid",
       issue({.not_before = 1h, .not_after = 48h}),
       {},
       tls_error::not_yet_valid,
       "certificate is not yet valid"},
      {"self-signed", self_signed, {}, tls_error::self_signed, "self-signed certificate"},
      {"signed by another authority",
       usual().stranger.issue(),
       {},
       tls_error::untrusted,
       "unable to get local issuer certificate"},
      {"signed by another authority of the same name",
       same_name.issue(),
       {},
       tls_error::untrusted,
       {}},
      {"missing its intermediate",
       bare,
       {},
       tls_error::untrusted,
       "unable to get local issuer certificate"},
      {"weak",
       issue({.key = key_type::rsa_1024}),
       {},
       tls_error::weak,
       "EE certificate key too weak",
       [](auto& tls) { tls.ciphers = "DEFAULT@SECLEVEL=0"; }},
      {"of anybody, and that is asked for", usual().stranger.issue(),
       [](tls_options& o) {
         o.server_name = "elsewhere.test";
         o.insecure_skip_verification = true;
       }},
  };
}

/// One row, on one version.
void play(const table_row& row, tls_version version)
{
  auto tls = mutual_tls();
  tls.certificate_pem = row.server.certificate_pem;
  tls.key_pem = row.server.key_pem;
  if (row.server_options) {
    row.server_options(tls);
  }
  with_tls_server scene{tls};
  auto options = scene.options();
  only(options, version);
  if (row.client) {
    row.client(options);
  }
  tls_transport transport{scene.context, options};
  const auto [connected, sent] = scene.connect_and_send(transport);
  if (!row.connect) {
    BOOST_TEST(connected.error == error_code{});
    BOOST_TEST(sent.error == error_code{});
    BOOST_TEST(transport.connection().value().version == name_of(version));
  } else {
    BOOST_TEST((connected.error == *row.connect), connected.error.message());
    BOOST_TEST(sent.error == errc::handshake_failed);
    BOOST_TEST((sent.error == outcome::not_sent));
    BOOST_TEST((transport.statistics().last_failure == connected.error));
    BOOST_TEST((sent.answer.text().find(row.words) != std::string_view::npos), sent.answer.text());
    BOOST_TEST(sent.answer.text().find(options.host) != std::string_view::npos);
    BOOST_TEST(!transport.connection().has_value());
    BOOST_TEST(scene.server->counters().messages == 0U);
  }
  check_books(transport.statistics());
}

// --- what the server has against ours

struct client_row {
  const char* name;
  std::function<void(tls_options&)> client;
  std::optional<tls_error> on_1_2{}; ///< none: it is taken
  std::optional<tls_error> on_1_3{};
};

auto shows(identity who)
{
  return [who = std::move(who)](tls_options& o) {
    o.certificate_pem = who.certificate_pem;
    o.key_pem = who.key_pem;
  };
}

std::vector<client_row> clients()
{
  const auto between = usual().authority.issue_authority("between");
  const auto refused = tls_error::client_certificate_refused;
  return {
      {"EC", shows(issue({}))},
      {"RSA", shows(issue({.key = key_type::rsa}))},
      {"Ed25519", shows(issue({.key = key_type::ed25519}))},
      {"with an intermediate", shows(between.issue())},
      {"with key and certificate in one",
       [](tls_options& o) {
         const auto who = issue({});
         o.certificate_pem = who.key_pem + who.certificate_pem;
         o.key_pem.clear();
       }},
      {"with an encrypted key",
       [](tls_options& o) {
         o.key_pem = usual().client.encrypted_key_pem("a secret");
         o.key_password = [] { return std::string{"a secret"}; };
       }},
      // Up to TLS 1.2 there is no alert that would say so.
      {"missing", shows({}), tls_error::refused, tls_error::client_certificate_required},
      {"of a rogue authority", shows(usual().stranger.issue()), refused, refused},
      {"expired", shows(issue({.not_before = -48h, .not_after = -1h})), refused, refused},
      {"self-signed", shows(testkit::make_self_signed()), refused, refused},
  };
}

/// Up to TLS 1.2 the server refuses within the handshake.
void check_refused_within(with_tls_server& scene, tls_transport& transport, tls_error why)
{
  const auto [connected, sent] = scene.connect_and_send(transport);
  BOOST_TEST((connected.error == why), connected.error.message());
  BOOST_TEST(sent.error == errc::handshake_failed);
  BOOST_TEST((sent.error == outcome::not_sent));
  BOOST_TEST(sent.answer.text().find("alert") != std::string_view::npos, sent.answer.text());
}

/// From TLS 1.3 on it refuses what has been written already.
void check_refused_after(with_tls_server& scene, tls_transport& transport, tls_error why)
{
  result connected;
  result written;
  result queued;
  transport.async_connect(record{connected});
  transport.async_send(one_event(), record{written});
  transport.async_send(one_event(), record{queued});
  scene.wait_for(connected);
  scene.wait_for(written);
  scene.wait_for(queued);
  BOOST_TEST(connected.error == error_code{});
  BOOST_TEST(written.error == errc::tls_failed);
  BOOST_TEST((written.error == outcome::unknown));
  BOOST_TEST(queued.error == errc::handshake_failed);
  BOOST_TEST((queued.error == outcome::not_sent));
  BOOST_TEST((transport.statistics().last_failure == why),
             transport.statistics().last_failure.message());
  for (const result* r : {&written, &queued}) {
    BOOST_TEST(r->answer.text().find("alert") != std::string_view::npos, r->answer.text());
  }
  BOOST_TEST(transport.statistics().connections_opened == 1U);
}

void play(const client_row& row, tls_version version)
{
  with_tls_server scene;
  auto options = scene.options();
  only(options, version);
  options.session.max_in_flight = 1;
  row.client(options);
  tls_transport transport{scene.context, options};
  const auto why = version == tls_version::tls_1_2 ? row.on_1_2 : row.on_1_3;
  if (!why) {
    BOOST_TEST(scene.connect(transport).error == error_code{});
    BOOST_TEST(scene.send(transport).error == error_code{});
  } else if (version == tls_version::tls_1_2) {
    check_refused_within(scene, transport, *why);
  } else {
    check_refused_after(scene, transport, *why);
  }
  BOOST_TEST(scene.server->counters().events == (why ? 0U : 1U));
  check_books(transport.statistics());
}

template <class Rows>
void play_all(const Rows& rows)
{
  for (const auto& row : rows) {
    for (const auto version : every_version) {
      BOOST_TEST_CONTEXT(row.name << ", " << test::name_of(version))
      {
        play(row, version);
      }
    }
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(tls_certificates)

BOOST_AUTO_TEST_CASE(servers_certificate_is_taken_or_refused_by_its_own_error)
{
  play_all(servers());
}

BOOST_AUTO_TEST_CASE(clients_certificate_is_taken_or_refused_by_its_own_error)
{
  play_all(clients());
}

BOOST_AUTO_TEST_CASE(server_that_asks_for_none_takes_a_client_without)
{
  auto tls = mutual_tls();
  tls.client_ca_pem.clear();
  with_tls_server scene{tls};
  auto options = scene.options();
  shows({})(options);
  tls_transport transport{scene.context, options};
  BOOST_TEST(scene.send(transport).error == error_code{});
}

BOOST_AUTO_TEST_CASE(missing_certificate_is_told_in_words_where_the_alert_does_not)
{
  with_tls_server scene;
  auto options = scene.options();
  only(options, tls_version::tls_1_2);
  shows({})(options);
  tls_transport transport{scene.context, options};
  const auto sent = scene.send(transport);
  BOOST_TEST(
      sent.answer.text().find("the server asks for a client certificate, and there is none") !=
          std::string_view::npos,
      sent.answer.text());
}

BOOST_AUTO_TEST_CASE(name_expected_is_told_when_the_certificate_is_for_another)
{
  with_tls_server scene;
  auto options = scene.options();
  options.server_name = "riemann.example.test";
  tls_transport transport{scene.context, options};
  const auto sent = scene.send(transport);
  BOOST_TEST(sent.answer.text().find("riemann.example.test") != std::string_view::npos,
             sent.answer.text());
}

BOOST_AUTO_TEST_CASE(versions_and_ciphers_without_one_in_common_are_refused)
{
  auto tls = mutual_tls();
  tls.max_version = tls_version::tls_1_2;
  with_tls_server old{tls};
  auto options = old.options();
  only(options, tls_version::tls_1_3);
  tls_transport newer{old.context, options};
  BOOST_TEST((old.connect(newer).error == tls_error::refused));
  tls.ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256";
  with_tls_server strict{tls};
  options = strict.options();
  options.ciphers = "ECDHE-ECDSA-CHACHA20-POLY1305";
  tls_transport other{strict.context, options};
  BOOST_TEST((strict.connect(other).error == tls_error::refused));
}

BOOST_AUTO_TEST_CASE(cipher_without_certificates_is_no_way_round_the_verification)
{
  // A list that allows everything, on both sides: an anonymous one would be first.
  asio::ssl::context anonymous{asio::ssl::context::tls_server};
  ::SSL_CTX_set_cipher_list(anonymous.native_handle(), "ADH-AES256-GCM-SHA384:@SECLEVEL=0");
  ::SSL_CTX_set_max_proto_version(anonymous.native_handle(), TLS1_2_VERSION);
  ::SSL_CTX_set_dh_auto(anonymous.native_handle(), 1);
  const auto serve_anybody = [&](connection& c) {
    asio::ssl::stream<asio::ip::tcp::socket&> stream{c.socket(), anonymous};
    stream.handshake(asio::ssl::stream_base::server);
    c.read_to_end();
  };
  scripted_peer peer{{serve_anybody, serve_anybody}};
  tls_options with_list;
  with_list.host = peer.endpoint().address().to_string();
  with_list.port = peer.endpoint().port();
  with_list.session.max_connect_tries = 1;
  tls_options with_context = with_list;
  with_list.ciphers = "ALL:@SECLEVEL=0";
  with_context.context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
  ::SSL_CTX_set_cipher_list(with_context.context->native_handle(), "ALL:@SECLEVEL=0");
  asio::io_context context;
  for (const auto& options : {with_list, with_context}) {
    tls_transport transport{context, options};
    result sent;
    transport.async_send(one_event(), record{sent});
    run_until(context, [&] { return sent.done(); });
    BOOST_TEST(sent.error == errc::handshake_failed);
    // Of our own list it is left out; of another's, the server's end agrees to it.
    const auto cause = transport.statistics().last_failure;
    BOOST_TEST(
        (options.context ? cause == tls_error::certificate_invalid : cause == tls_error::refused),
        cause.message());
  }
}

BOOST_AUTO_TEST_CASE(cipher_that_is_chosen_is_used)
{
  with_tls_server scene;
  auto options = scene.options();
  only(options, tls_version::tls_1_2);
  options.ciphers = "ECDHE-ECDSA-CHACHA20-POLY1305";
  tls_transport older{scene.context, options};
  BOOST_TEST(scene.connect(older).error == error_code{});
  BOOST_TEST(older.connection().value().cipher == "ECDHE-ECDSA-CHACHA20-POLY1305");
  options = scene.options();
  options.cipher_suites = "TLS_CHACHA20_POLY1305_SHA256";
  tls_transport newer{scene.context, options};
  BOOST_TEST(scene.connect(newer).error == error_code{});
  BOOST_TEST(newer.connection().value().version == "TLSv1.3");
  BOOST_TEST(newer.connection().value().cipher == "TLS_CHACHA20_POLY1305_SHA256");
}

BOOST_AUTO_TEST_SUITE_END()

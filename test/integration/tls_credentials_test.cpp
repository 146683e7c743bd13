// Files, keys and contexts: what cannot be used is named when the transport is made.

#include "tls_fixture.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/system/system_error.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::test;
using testkit::identity;
using testkit::key_type;

struct with_files : with_tls_server {
  /// What making a transport throws, or nothing.
  std::string complaint(const std::function<void(tls_options&)>& change)
  {
    auto given = options();
    change(given);
    try {
      const tls_transport transport{context, given};
    } catch (const boost::system::system_error& e) {
      BOOST_TEST(e.code().failed());
      return e.what();
    }
    return {};
  }
  void check(const std::function<void(tls_options&)>& change, const std::string& start,
             const std::string& reason)
  {
    const auto said = complaint(change);
    BOOST_TEST(said.starts_with("riemann: " + start), said);
    BOOST_TEST(said.find(reason) != std::string::npos, said);
  }

  scratch_directory files{};
};

std::string quoted(const std::string& option, const std::string& path)
{
  return option + " \"" + path + '"';
}

/// The name OpenSSL looks a certificate up by in a directory.
std::string hashed_name(const std::string& pem)
{
  asio::ssl::context context{asio::ssl::context::tls};
  context.use_certificate(asio::buffer(pem), asio::ssl::context::pem);
  X509* const certificate = ::SSL_CTX_get0_certificate(context.native_handle());
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%08lx.0", ::X509_subject_name_hash(certificate));
  return text.data();
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(tls_credentials, with_files)

BOOST_AUTO_TEST_CASE(file_that_cannot_be_read_is_named_with_the_systems_reason)
{
  const auto missing = files / "missing.pem";
  check([&](tls_options& o) { o.ca_certs = missing; },
        quoted("ca_certs", missing) + " cannot be opened", "No such file or directory");
  check(
      [&](tls_options& o) {
        o.certificate_pem.clear();
        o.certificate_file = missing;
      },
      quoted("certificate_file", missing), "No such file or directory");
  check(
      [&](tls_options& o) {
        o.key_pem.clear();
        o.key_file = missing;
      },
      quoted("key_file", missing), "No such file or directory");
  check([&](tls_options& o) { o.ca_certs = files.path(); }, quoted("ca_certs", files.path()),
        "Is a directory");
  check([&](tls_options& o) { o.ca_certs = "/dev/zero"; },
        quoted("ca_certs", "/dev/zero") + " is too long", "File too large");
}

BOOST_AUTO_TEST_CASE(pem_without_a_certificate_is_named_with_openssls_reason)
{
  const auto empty = files.write("empty.pem", "");
  const auto key = files.write("key.pem", usual().client.key_pem);
  const auto broken =
      files.write("broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
  check([&](tls_options& o) { o.ca_certs = empty; },
        quoted("ca_certs", empty) + " holds no certificate in PEM", "no start line");
  check([&](tls_options& o) { o.ca_certs = key; },
        quoted("ca_certs", key) + " holds no certificate in PEM", "no start line");
  check([&](tls_options& o) { o.ca_certs = broken; },
        quoted("ca_certs", broken) + " cannot be used", "(");
  check([&](tls_options& o) { o.ca_certs_pem = "nonsense"; },
        "ca_certs_pem holds no certificate in PEM", "no start line");
  check(
      [&](tls_options& o) {
        o.certificate_pem.clear();
        o.certificate_file = key;
      },
      quoted("certificate_file", key) + " holds no certificate in PEM", "no start line");
}

BOOST_AUTO_TEST_CASE(key_that_does_not_do_is_named_with_openssls_reason)
{
  check([&](tls_options& o) { o.key_pem = usual().server.key_pem; },
        "key_pem cannot be used with certificate_pem", "key values mismatch");
  for (const auto type : {key_type::rsa, key_type::ed25519}) {
    // OpenSSL alone would take it, and show no certificate.
    check([&](tls_options& o) { o.key_pem = usual().authority.issue({.key = type}).key_pem; },
          "key_pem cannot be used with certificate_pem", ":");
  }
  check([&](tls_options& o) { o.key_pem.clear(); }, "certificate_pem holds no private key in PEM",
        ":");
  check([&](tls_options& o) { o.key_pem = "nonsense"; }, "key_pem holds no private key in PEM",
        ":");
  check(
      [&](tls_options& o) {
        const auto weak = usual().authority.issue({.key = key_type::rsa_1024});
        o.certificate_pem = weak.certificate_pem;
        o.key_pem = weak.key_pem;
      },
      "certificate_pem cannot be used", "ee key too small");
}

BOOST_AUTO_TEST_CASE(encrypted_key_wants_its_password)
{
  const auto path = files.write("key.pem", usual().client.encrypted_key_pem("right"));
  const auto with_file = [&](tls_options& o) {
    o.key_pem.clear();
    o.key_file = path;
  };
  check(with_file, quoted("key_file", path) + " is encrypted, and there is no key_password", ":");
  check(
      [&](tls_options& o) {
        with_file(o);
        o.key_password = [] { return std::string{"wrong"}; };
      },
      quoted("key_file", path) + " cannot be decrypted with key_password", ":");
  int asked = 0;
  auto good = options();
  with_file(good);
  good.key_password = [&] {
    ++asked;
    return std::string{"right"};
  };
  tls_transport transport{context, good};
  BOOST_TEST(asked == 1);
  BOOST_TEST(send(transport).error == error_code{});
  BOOST_TEST(asked == 1);
}

BOOST_AUTO_TEST_CASE(password_callback_that_throws_is_heard)
{
  auto bad = options();
  bad.key_pem = usual().client.encrypted_key_pem("right");
  bad.key_password = []() -> std::string { throw std::runtime_error{"nobody at home"}; };
  BOOST_CHECK_EXCEPTION(tls_transport(context, bad), std::runtime_error,
                        [](const auto& e) { return std::string{e.what()} == "nobody at home"; });
}

BOOST_AUTO_TEST_CASE(ciphers_and_versions_that_cannot_be_are_named)
{
  check([](tls_options& o) { o.ciphers = "NONSENSE"; }, "ciphers \"NONSENSE\" cannot be used",
        "no cipher match");
  check([](tls_options& o) { o.cipher_suites = "NONSENSE"; },
        "cipher_suites \"NONSENSE\" cannot be used", "no cipher match");
}

BOOST_AUTO_TEST_CASE(trust_comes_from_a_file_a_directory_or_memory)
{
  const auto pem = usual().authority.certificate_pem();
  auto none = options();
  none.ca_certs_pem.clear();
  {
    auto given = none;
    given.ca_certs = files.write("ca.pem", usual().stranger.certificate_pem() + pem);
    tls_transport transport{context, given};
    BOOST_TEST(send(transport).error == error_code{});
  }
  {
    auto given = none;
    given.ca_directory = files.path();
    check([&](tls_options& o) { o = given; },
          quoted("ca_directory", files.path()) + " holds no certificate", "openssl rehash");
    static_cast<void>(files.write(hashed_name(pem), pem));
    tls_transport transport{context, given};
    BOOST_TEST(send(transport).error == error_code{});
  }
  {
    auto given = none;
    given.ca_directory = files / "missing";
    check([&](tls_options& o) { o = given; }, quoted("ca_directory", files / "missing"),
          "No such file or directory");
  }
  {
    // What the system trusts is not our throw-away authority.
    tls_transport transport{context, none};
    BOOST_TEST((connect(transport).error == tls_error::untrusted));
  }
  {
    // What is given takes the place of what the system trusts, whatever that is.
    auto given = none;
    given.ca_certs_pem = usual().stranger.certificate_pem();
    tls_transport transport{context, given};
    BOOST_TEST((connect(transport).error == tls_error::untrusted));
  }
}

BOOST_AUTO_TEST_CASE(system_trust_is_where_openssl_looks_for_it)
{
  const auto path = files.write("system.pem", usual().authority.certificate_pem());
  auto given = options();
  given.ca_certs_pem.clear();
  ::setenv("SSL_CERT_FILE", path.c_str(), 1);
  tls_transport transport{context, given};
  ::unsetenv("SSL_CERT_FILE");
  BOOST_TEST(send(transport).error == error_code{});
}

// --- a context of the user's own

BOOST_AUTO_TEST_CASE(context_of_the_users_own_is_taken_as_it_is_but_verified)
{
  const auto own = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
  own->use_certificate_chain(asio::buffer(usual().client.certificate_pem));
  own->use_private_key(asio::buffer(usual().client.key_pem), asio::ssl::context::pem);
  tls_options given;
  given.host = options().host;
  given.port = options().port;
  given.context = own;
  // Its own mode is not to verify, as Asio makes it.
  BOOST_TEST(::SSL_CTX_get_verify_mode(own->native_handle()) == SSL_VERIFY_NONE);
  {
    tls_transport transport{context, given};
    BOOST_TEST((connect(transport).error == tls_error::untrusted));
  }
  own->add_certificate_authority(asio::buffer(usual().authority.certificate_pem()));
  {
    tls_transport transport{context, given};
    BOOST_TEST(send(transport).error == error_code{});
    given.server_name = "elsewhere.test";
    tls_transport wrong{context, given};
    BOOST_TEST((connect(wrong).error == tls_error::wrong_name));
  }
  BOOST_TEST(::SSL_CTX_get_verify_mode(own->native_handle()) == SSL_VERIFY_NONE);
}

BOOST_AUTO_TEST_CASE(verify_callback_of_the_users_own_has_its_say)
{
  const auto own = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
  int asked = 0;
  bool good = true;
  own->set_verify_callback([&](bool, asio::ssl::verify_context&) {
    ++asked;
    return good;
  });
  own->use_certificate_chain(asio::buffer(usual().client.certificate_pem));
  own->use_private_key(asio::buffer(usual().client.key_pem), asio::ssl::context::pem);
  tls_options given;
  given.host = options().host;
  given.port = options().port;
  given.context = own;
  {
    tls_transport transport{context, given};
    BOOST_TEST(connect(transport).error == error_code{});
    BOOST_TEST(asked > 0);
  }
  good = false;
  tls_transport transport{context, given};
  BOOST_TEST(is_tls_error(connect(transport).error));
}

BOOST_AUTO_TEST_CASE(context_of_the_users_own_is_shared_by_transports_on_several_threads)
{
  const auto own = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
  own->use_certificate_chain(asio::buffer(usual().client.certificate_pem));
  own->use_private_key(asio::buffer(usual().client.key_pem), asio::ssl::context::pem);
  own->add_certificate_authority(asio::buffer(usual().authority.certificate_pem()));
  tls_options given;
  given.host = options().host;
  given.port = options().port;
  given.context = own;
  std::atomic<int> acked{0};
  std::vector<std::jthread> threads;
  for (int i = 0; i != 4; ++i) {
    threads.emplace_back([&] {
      asio::io_context alone;
      for (int again = 0; again != 5; ++again) {
        tls_transport transport{alone, given};
        transport.async_send(one_event(), [&](error_code e, const response&) {
          acked += e ? 0 : 1;
          transport.cancel();
        });
        alone.restart();
        alone.run();
      }
    });
  }
  threads.clear();
  BOOST_TEST(acked == 20);
}

// --- reloading

BOOST_AUTO_TEST_CASE(reload_by_another_thread_is_taken_as_a_whole_while_connections_are_made)
{
  const auto first = options();
  auto second = options();
  second.server_name = "localhost";
  second.ca_certs_pem += usual().stranger.certificate_pem();
  tls_transport transport{context, first};
  std::atomic<bool> over = false;
  std::jthread other{[&] {
    while (!over) {
      static_cast<void>(transport.reload(second));
      static_cast<void>(transport.reload(first));
      static_cast<void>(transport.reload());
    }
  }};
  for (int again = 0; again != 20; ++again) {
    BOOST_TEST(connect(transport).error == error_code{});
    BOOST_TEST(send(transport).error == error_code{});
    BOOST_TEST(disconnect(transport).error == error_code{});
  }
  over = true;
}

BOOST_AUTO_TEST_CASE(reload_takes_the_files_as_they_are_now_for_the_next_connection)
{
  const auto certificate = files.write("client.pem", usual().stranger.issue().certificate_pem);
  const auto rogue = usual().stranger.issue();
  static_cast<void>(files.write("client.pem", rogue.certificate_pem));
  const auto key = files.write("client.key", rogue.key_pem);
  auto given = options();
  given.certificate_pem.clear();
  given.key_pem.clear();
  given.certificate_file = certificate;
  given.key_file = key;
  tls_transport transport{context, given};
  BOOST_TEST(send(transport).error == errc::tls_failed);
  static_cast<void>(files.write("client.pem", usual().client.certificate_pem));
  static_cast<void>(files.write("client.key", usual().client.key_pem));
  BOOST_TEST(transport.reload().has_value());
  BOOST_TEST(send(transport).error == error_code{});
}

BOOST_AUTO_TEST_CASE(reload_that_fails_says_why_and_changes_nothing)
{
  const auto ca = files.write("ca.pem", usual().authority.certificate_pem());
  auto given = options();
  given.ca_certs_pem.clear();
  given.ca_certs = ca;
  tls_transport transport{context, given};
  BOOST_TEST(send(transport).error == error_code{});
  static_cast<void>(files.write("ca.pem", "half a fi"));
  const auto failed = transport.reload();
  BOOST_REQUIRE(failed.has_error());
  BOOST_TEST(failed.error().code.failed());
  BOOST_TEST(failed.error().text().find(quoted("ca_certs", ca)) != std::string_view::npos);
  BOOST_TEST(disconnect(transport).error == error_code{});
  BOOST_TEST(connect(transport).error == error_code{});
  BOOST_TEST(send(transport).error == error_code{});
  auto invalid = given;
  invalid.server_name = "[::1]";
  BOOST_TEST(transport.reload(invalid).has_error());
  static_cast<void>(files.write("ca.pem", usual().authority.certificate_pem()));
  auto encrypted = given;
  encrypted.key_pem = usual().client.encrypted_key_pem("right");
  encrypted.key_password = []() -> std::string { throw std::runtime_error{"nobody at home"}; };
  const auto thrown = transport.reload(encrypted);
  BOOST_TEST(thrown.error().text() == "nobody at home");
  // What does not belong to TLS is not looked at.
  auto elsewhere = given;
  elsewhere.host = "[nowhere]";
  elsewhere.handshake_timeout = {};
  BOOST_TEST(transport.reload(elsewhere).has_value());
}

BOOST_AUTO_TEST_CASE(reload_with_other_options_leaves_the_open_connection_alone)
{
  tls_transport transport{context, options()};
  BOOST_TEST(send(transport).error == error_code{});
  auto other = options();
  other.host = "not.looked.at";
  other.ca_certs_pem = usual().stranger.certificate_pem();
  BOOST_TEST(transport.reload(other).has_value());
  BOOST_TEST(send(transport).error == error_code{});
  BOOST_TEST(transport.statistics().connections_opened == 1U);
  BOOST_TEST(disconnect(transport).error == error_code{});
  BOOST_TEST((connect(transport).error == tls_error::untrusted));
  BOOST_TEST(transport.reload(options()).has_value());
  BOOST_TEST(connect(transport).error == error_code{});
}

BOOST_AUTO_TEST_SUITE_END()

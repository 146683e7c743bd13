#include <riemann/tls_options.hpp>

#include <boost/asio/ssl/context.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace riemann;
using std::chrono::milliseconds;

/// What `validate` says, or nothing.
std::string complaint(const tls_options& options)
{
  try {
    options.validate();
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return {};
}

using change = std::function<void(tls_options&)>;

std::string complaint_after(const change& c, tls_options options = {})
{
  c(options);
  return complaint(options);
}

} // namespace

BOOST_AUTO_TEST_SUITE(tls_options_test)

BOOST_AUTO_TEST_CASE(options_as_they_come_are_valid_and_safe)
{
  const tls_options options;
  BOOST_TEST(complaint(options).empty());
  BOOST_TEST(options.port == 5554);
  BOOST_TEST(!options.insecure_skip_verification);
  BOOST_TEST(!options.match_common_name);
  BOOST_TEST((options.min_version == tls_version::tls_1_2));
  BOOST_TEST((options.max_version == tls_version::tls_1_3));
}

BOOST_AUTO_TEST_CASE(option_that_cannot_be_is_named_with_what_it_may_be)
{
  const std::string nul{"a\0b", 3};
  const std::vector<std::pair<change, std::string>> table{
      {[](auto& o) { o.host = "[::1]"; },
       R"(host is "[::1]", but must be a name, or an address without brackets)"},
      {[](auto& o) { o.port = 0; }, "port is 0, but must be 1 to 65535"},
      {[](auto& o) { o.session.max_in_flight = 0; }, "max_in_flight is 0, but must be"},
      {[](auto& o) { o.handshake_timeout = milliseconds{0}; },
       "handshake_timeout is 0 ms, but must be 1 ms to 3155760000000 ms"},
      {[](auto& o) { o.server_name = "[::1]"; }, R"(server_name is "[::1]", but must be)"},
      {[&](auto& o) { o.server_name = nul; }, "server_name is text with a NUL in it"},
      // OpenSSL would take it for everything that ends so.
      {[](auto& o) { o.server_name = ".example.net"; },
       R"(server_name is ".example.net", but must be a name as in certificates)"},
      {[](auto& o) { o.host = ".net"; }, R"(host is ".net", but must be a name as in)"},
      {[](auto& o) { o.server_name = "a..b"; }, R"(server_name is "a..b", but must be a name)"},
      {[](auto& o) { o.server_name = "b\xc3\xbc"; }, "server_name is \"b\xc3\xbc\", but must"},
      {[](auto& o) { o.server_name = std::string(254, 'a'); },
       "server_name is 254 bytes long, but must be at most 253"},
      {[&](auto& o) { o.ca_certs = nul; }, "ca_certs is text with a NUL in it, but must be a path"},
      {[&](auto& o) { o.ca_directory = nul; }, "ca_directory is text with a NUL in it"},
      {[&](auto& o) { o.certificate_file = nul; }, "certificate_file is text with a NUL in it"},
      {[&](auto& o) { o.key_file = nul; }, "key_file is text with a NUL in it"},
      {[](auto& o) { o.certificate_file = o.certificate_pem = "x"; },
       "certificate_pem is given, but must be empty when certificate_file is given"},
      {[](auto& o) { o.certificate_pem = o.key_file = o.key_pem = "x"; },
       "key_pem is given, but must be empty when key_file is given"},
      {[](auto& o) { o.key_file = "x"; },
       R"(key_file is "x", but must be empty without certificate_file or certificate_pem)"},
      {[](auto& o) { o.key_pem = "x"; },
       "key_pem is given, but must be empty without certificate_file or certificate_pem"},
      {[](auto& o) {
         o.min_version = tls_version::tls_1_3;
         o.max_version = tls_version::tls_1_2;
       },
       "min_version is TLS 1.3, but must be at most max_version, TLS 1.2"},
  };
  for (const auto& [change, expected] : table) {
    const auto said = complaint_after(change);
    BOOST_TEST(said.starts_with("riemann: " + expected), said << " for " << expected);
  }
}

BOOST_AUTO_TEST_CASE(context_of_the_users_own_excludes_what_it_holds)
{
  tls_options options;
  options.context = std::make_shared<boost::asio::ssl::context>(boost::asio::ssl::context::tls);
  BOOST_TEST(complaint(options).empty());
  const std::vector<std::pair<change, std::string>> table{
      {[](auto& o) { o.ca_certs = "x"; }, "ca_certs"},
      {[](auto& o) { o.ca_directory = "x"; }, "ca_directory"},
      {[](auto& o) { o.ca_certs_pem = "x"; }, "ca_certs_pem"},
      {[](auto& o) { o.certificate_file = "x"; }, "certificate_file"},
      {[](auto& o) { o.certificate_pem = "x"; }, "certificate_pem"},
      {[](auto& o) { o.key_password = [] { return std::string{}; }; }, "key_password"},
      {[](auto& o) { o.min_version = tls_version::tls_1_3; }, "min_version"},
      {[](auto& o) { o.max_version = tls_version::tls_1_2; }, "max_version"},
      {[](auto& o) { o.ciphers = "x"; }, "ciphers"},
      {[](auto& o) { o.cipher_suites = "x"; }, "cipher_suites"},
  };
  for (const auto& [change, name] : table) {
    BOOST_TEST(complaint_after(change, options) ==
               "riemann: " + name +
                   " is given, but must be left alone when context is given, which holds it");
  }
  // What concerns this side alone stays its own.
  BOOST_TEST(complaint_after(
                 [](auto& o) {
                   o.server_name = "x";
                   o.insecure_skip_verification = true;
                   o.resume_sessions = false;
                 },
                 options)
                 .empty());
}

BOOST_AUTO_TEST_SUITE_END()

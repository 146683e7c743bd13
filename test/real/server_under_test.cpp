#include "server_under_test.hpp"

#include <riemann/testkit/certificate.hpp>

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace riemann::test {

namespace {

// Empty where it is not set, or set to nothing.
std::string variable(const char* name)
{
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string{} : value;
}

std::string needed(const char* name)
{
  auto value = variable(name);
  if (value.empty()) {
    throw std::runtime_error{std::string{name} +
                             " is not set, which RIEMANN_TEST_TLS_SERVER needs"};
  }
  return value;
}

// Reads HOST:PORT, [HOST]:PORT too.
template <class Options>
void read_address(const char* name, const std::string& value, Options& to)
{
  const auto colon = value.rfind(':');
  std::string_view host{value};
  host = host.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
  }
  const char* const end = value.data() + value.size();
  const char* const port = colon == std::string::npos ? end : value.data() + colon + 1;
  const auto read = std::from_chars(port, end, to.port);
  if (host.empty() || read.ptr != end || read.ec != std::errc{} || to.port == 0) {
    throw std::runtime_error{std::string{name} + " is to be HOST:PORT, and is " + value};
  }
  to.host = host;
}

} // namespace

server_under_test::server_under_test()
{
  const auto plain = variable("RIEMANN_TEST_SERVER");
  const auto secure = variable("RIEMANN_TEST_TLS_SERVER");
  if (!plain.empty()) {
    read_address("RIEMANN_TEST_SERVER", plain, tcp_);
  }
  if (!secure.empty()) {
    read_address("RIEMANN_TEST_TLS_SERVER", secure, tls_);
    tls_.ca_certs = needed("RIEMANN_TEST_CA");
    tls_.certificate_file = needed("RIEMANN_TEST_CERT");
    tls_.key_file = needed("RIEMANN_TEST_KEY");
  }
  one_ = plain.empty() == secure.empty();
  std::cout << "TCP and UDP: " << (plain.empty() ? "the test server" : plain)
            << "; TLS: " << (secure.empty() ? "the test server" : secure) << std::endl;
  if (plain.empty() || secure.empty()) {
    start_own(plain.empty(), secure.empty());
  }
}

server_under_test::~server_under_test()
{
  context_.stop();
}

const server_under_test& server_under_test::get()
{
  static const server_under_test one;
  return one;
}

udp_options server_under_test::udp() const
{
  udp_options options;
  options.host = tcp_.host;
  options.port = tcp_.port;
  return options;
}

void server_under_test::start_own(bool plain, bool secure)
{
  const testkit::certificate_authority authority;
  const auto server = authority.issue();
  const auto client = authority.issue();
  testkit::server_options options;
  options.tls.emplace();
  options.tls->certificate_pem = server.certificate_pem;
  options.tls->key_pem = server.key_pem;
  options.tls->client_ca_pem = authority.certificate_pem();
  own_.emplace(context_.get_executor(), options);
  thread_ = std::jthread{[this] { context_.run(); }};

  if (plain) {
    tcp_.host = "127.0.0.1";
    tcp_.port = own_->port();
  }
  if (secure) {
    tls_.host = "127.0.0.1";
    tls_.port = own_->tls_endpoint().port();
    tls_.ca_certs_pem = authority.certificate_pem();
    tls_.certificate_pem = client.certificate_pem;
    tls_.key_pem = client.key_pem;
  }
}

} // namespace riemann::test

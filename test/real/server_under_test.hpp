#ifndef RIEMANN_TEST_REAL_SERVER_UNDER_TEST_HPP
#define RIEMANN_TEST_REAL_SERVER_UNDER_TEST_HPP

#include <riemann/options.hpp>
#include <riemann/testkit/server.hpp>
#include <riemann/tls_options.hpp>

#include <boost/asio/io_context.hpp>

#include <optional>
#include <thread>

namespace riemann::test {

/// Where the server is that these tests are run against, as the environment says:
///
///   RIEMANN_TEST_SERVER=host:port       TCP, and UDP on the same port
///   RIEMANN_TEST_TLS_SERVER=host:port   TLS
///   RIEMANN_TEST_CA=file                whom to trust there, PEM; as all three
///   RIEMANN_TEST_CERT=file              our certificate
///   RIEMANN_TEST_KEY=file               its key
///
/// In place of one that it does not name there is a test server in this process.
class server_under_test {
public:
  server_under_test();
  server_under_test(const server_under_test&) = delete;
  server_under_test& operator=(const server_under_test&) = delete;
  ~server_under_test();

  /// The same for all tests.
  static const server_under_test& get();

  [[nodiscard]] const tcp_options& tcp() const noexcept { return tcp_; }
  [[nodiscard]] udp_options udp() const;
  [[nodiscard]] const tls_options& tls() const noexcept { return tls_; }
  /// Whether TLS leads to the server that plain TCP leads to.
  [[nodiscard]] bool is_one() const noexcept { return one_; }

private:
  /// Serves what the environment does not name.
  void start_own(bool plain, bool secure);

  boost::asio::io_context context_{};
  std::optional<testkit::server> own_{};
  std::jthread thread_{};
  tcp_options tcp_{};
  tls_options tls_{};
  bool one_ = true;
};

} // namespace riemann::test

#endif

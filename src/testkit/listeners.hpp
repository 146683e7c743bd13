#ifndef RIEMANN_TESTKIT_LISTENERS_HPP
#define RIEMANN_TESTKIT_LISTENERS_HPP

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace riemann::inline v0::testkit::detail {

struct listen_options {
  std::string address{};
  /// 0: any that is free in both.
  std::uint16_t port = 0;
  /// Another port, for TCP alone.
  std::optional<std::uint16_t> tls_port{};
  /// How many ports the kernel picks for TCP are tried for UDP too.
  unsigned attempts = 16;
};

/// One port, bound twice, and perhaps another.
struct listeners {
  boost::asio::ip::tcp::acceptor tcp;
  boost::asio::ip::udp::socket udp;
  std::optional<boost::asio::ip::tcp::acceptor> tls{};
};

/// Throws `boost::system::system_error`.
[[nodiscard]] listeners listen(const boost::asio::any_io_executor& executor,
                               const listen_options& options);

} // namespace riemann::inline v0::testkit::detail

#endif

#ifndef RIEMANN_DETAIL_STREAM_IMPLEMENTATION_HPP
#define RIEMANN_DETAIL_STREAM_IMPLEMENTATION_HPP

#include <riemann/detail/implementation.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/system/result.hpp>

namespace riemann::detail {

/// What stands behind a transport over a stream.
class stream_implementation : public implementation {
public:
  /// The peer's address while a connection is open, else
  /// `asio::error::not_connected`.
  [[nodiscard]] virtual boost::system::result<boost::asio::ip::tcp::endpoint> address() const = 0;
  [[nodiscard]] virtual boost::system::result<boost::asio::ip::tcp::socket::native_handle_type>
  native_socket() const = 0;
};

} // namespace riemann::detail

#endif

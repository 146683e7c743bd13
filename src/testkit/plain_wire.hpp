#ifndef RIEMANN_TESTKIT_PLAIN_WIRE_HPP
#define RIEMANN_TESTKIT_PLAIN_WIRE_HPP

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <utility>

namespace riemann::inline v0::testkit::detail {

inline void close_both_ways(boost::asio::ip::tcp::socket& socket) noexcept
{
  boost::system::error_code ignored;
  socket.shutdown(boost::asio::ip::tcp::socket::shutdown_both, ignored);
  socket.close(ignored);
}

/// Closes it so that the peer gets a RST.
inline void reset(boost::asio::ip::tcp::socket& socket) noexcept
{
  boost::system::error_code ignored;
  socket.set_option(boost::asio::socket_base::linger{true, 0}, ignored);
  socket.close(ignored);
}

/// A connection's bytes, as they are.
class plain_wire {
public:
  static constexpr bool is_secure = false;

  explicit plain_wire(boost::asio::ip::tcp::socket socket) : socket_{std::move(socket)} {}

  [[nodiscard]] boost::asio::ip::tcp::socket& socket() noexcept { return socket_; }

  template <class Handler>
  void read(boost::asio::mutable_buffer to, Handler handler)
  {
    socket_.async_read_some(to, std::move(handler));
  }
  template <class Handler>
  void write(boost::asio::const_buffer from, Handler handler)
  {
    socket_.async_write_some(from, std::move(handler));
  }

  /// Cuts the connection, from any thread: the last that is done with it.
  void cut() noexcept { close_both_ways(socket_); }

private:
  boost::asio::ip::tcp::socket socket_;
};

} // namespace riemann::inline v0::testkit::detail

#endif

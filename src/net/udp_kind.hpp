#ifndef RIEMANN_NET_UDP_KIND_HPP
#define RIEMANN_NET_UDP_KIND_HPP

#include "core/session.hpp"
#include "net/plain_channel.hpp"

#include <riemann/options.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <sys/socket.h>
#include <thread>
#include <utility>

namespace riemann::inline v0::net {

/// A message a datagram, or several.
struct udp_kind {
  using protocol = boost::asio::ip::udp;
  using options_type = udp_options;
  using session_type = core::datagram_session;
  template <class Executor>
  using channel = plain_channel<udp_kind, Executor>;

  static constexpr bool on_strand = false;
  static constexpr bool has_handshake = false;

  static core::datagram_options session_of(const udp_options& options)
  {
    return {{.connect_timeout = options.connect_timeout,
             .max_connect_tries = options.max_connect_tries,
             .min_backoff = options.min_backoff,
             .max_backoff = options.max_backoff,
             .write_timeout = options.write_timeout,
             .max_queue_age = options.max_queue_age,
             .max_queued = options.max_queued,
             .max_queued_bytes = options.max_queued_bytes,
             .when_full = options.when_full,
             .max_waiting = options.max_waiting,
             .max_waiting_bytes = options.max_waiting_bytes,
             .max_message_size = options.max_datagram_size},
            options.max_coalesced_size,
            options.linger};
  }

  /// Takes the first address that a datagram can be sent to.
  template <class Socket, class Results, class Handler>
  static void open(Socket& socket, Results found, const udp_options&, const bool&, Handler handler)
  {
    boost::system::error_code error = boost::asio::error::host_not_found;
    for (const auto& entry : found) {
      error = try_address(socket, entry.endpoint());
      if (!error) {
        break;
      }
    }
    boost::asio::post(socket.get_executor(),
                      [error, handler = std::move(handler)]() mutable { handler(error); });
  }

  template <class Socket>
  static boost::system::error_code try_address(Socket& socket, const protocol::endpoint& to)
  {
    boost::system::error_code error;
    socket.close(error); // NOLINT(bugprone-unused-return-value): the address before this one's
    socket.open(to.protocol(), error);
    if (!error) {
      socket.non_blocking(true, error); // NOLINT(bugprone-unused-return-value): in error
    }
    if (!error) {
      socket.connect(to, error); // NOLINT(bugprone-unused-return-value): as above
    }
    if (!error && to.address().is_loopback()) {
      error = knock(socket);
    }
    return error;
  }

  /// On this very machine the kernel says at once whether anybody listens, which
  /// tells `::1` from `127.0.0.1` when `localhost` is both. To Riemann an empty
  /// datagram says nothing.
  template <class Socket>
  static boost::system::error_code knock(Socket& socket)
  {
    boost::system::error_code error;
    // NOLINTNEXTLINE(bugprone-unused-return-value): in error
    socket.send(boost::asio::const_buffer{}, 0, error);
    // At once, unless the kernel has put it off to a thread of its own.
    for (int look = 0; look != 8 && !error; ++look) {
      error = told(socket);
      std::this_thread::yield();
    }
    return error;
  }

  /// What the kernel has to say of what was sent before.
  template <class Socket>
  static boost::system::error_code told(Socket& socket)
  {
    int code = 0;
    socklen_t size = sizeof(code);
    if (::getsockopt(socket.native_handle(), SOL_SOCKET, SO_ERROR, &code, &size) != 0) {
      return {};
    }
    return {code, boost::asio::error::get_system_category()};
  }

  template <class Socket, class Buffer>
  static std::size_t write_now(Socket& socket, const Buffer& from, boost::system::error_code& error)
  {
    return socket.send(from, 0, error);
  }
  template <class Socket, class Buffer, class Handler>
  static void write_some(Socket& socket, const Buffer& from, Handler handler)
  {
    socket.async_send(from, std::move(handler));
  }
};

} // namespace riemann::inline v0::net

#endif

#ifndef RIEMANN_NET_TCP_KIND_HPP
#define RIEMANN_NET_TCP_KIND_HPP

#include "core/session.hpp"
#include "net/address_race.hpp"
#include "net/plain_channel.hpp"

#include <riemann/options.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <memory>
#include <utility>

namespace riemann::inline v0::net {

/// Frames over a TCP socket.
struct tcp_kind {
  using protocol = boost::asio::ip::tcp;
  using options_type = tcp_options;
  using session_type = core::session;
  template <class Executor>
  using channel = plain_channel<tcp_kind, Executor>;

  static constexpr bool on_strand = false;
  static constexpr bool has_handshake = false;

  // `Options` are those of TLS, too.

  template <class Options>
  static const session_options& session_of(const Options& options) noexcept
  {
    return options.session;
  }

  template <class Socket, class Results, class Options, class Handler>
  static void open(Socket& socket, const Results& found, const Options& options,
                   const bool& stopped, Handler handler)
  {
    auto done = [&socket, &options, handler = std::move(handler)](auto error) mutable {
      if (!error) {
        error = configure(socket, options);
      }
      handler(error);
    };
    std::make_shared<address_race<Socket, decltype(done)>>(
        socket, found, options.session.connect_stagger, stopped, std::move(done))
        ->start();
  }

  template <class Socket, class Options>
  static boost::system::error_code configure(Socket& socket, const Options& options)
  {
    boost::system::error_code error;
    // NOLINTNEXTLINE(bugprone-unused-return-value): in error
    socket.set_option(protocol::no_delay{options.no_delay}, error);
    if (!error) {
      socket.set_option(protocol::socket::keep_alive{options.keep_alive},
                        error); // NOLINT(bugprone-unused-return-value): as above
    }
    return error;
  }

  template <class Socket, class Buffer>
  static std::size_t write_now(Socket& socket, const Buffer& from, boost::system::error_code& error)
  {
    return socket.write_some(from, error);
  }
  template <class Socket, class Buffer, class Handler>
  static void write_some(Socket& socket, const Buffer& from, Handler handler)
  {
    socket.async_write_some(from, std::move(handler));
  }
  template <class Socket, class Buffer, class Handler>
  static void read_some(Socket& socket, const Buffer& to, Handler handler)
  {
    socket.async_read_some(to, std::move(handler));
  }
};

} // namespace riemann::inline v0::net

#endif

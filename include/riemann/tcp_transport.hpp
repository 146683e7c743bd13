#ifndef RIEMANN_TCP_TRANSPORT_HPP
#define RIEMANN_TCP_TRANSPORT_HPP

#include <riemann/basic_transport.hpp>
#include <riemann/connection_change.hpp>
#include <riemann/detail/export.hpp>
#include <riemann/detail/socket_implementation.hpp>
#include <riemann/options.hpp>

#include <boost/asio/execution_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/result.hpp>

#include <concepts>
#include <utility>

namespace riemann::inline v0 {

/**
 * One connection to a Riemann server over TCP, opened on demand and again after
 * a loss, with many messages in flight.
 *
 * While a connection is open its reader is outstanding work of the execution
 * context: `io_context::run()` returns after `async_disconnect`, `cancel()` or
 * the transport's destruction. But nothing can interrupt a name lookup
 * (`getaddrinfo`): operations end in time, and `run()` and the context's destructor
 * still wait for it. An address in place of a name needs none.
 */
class RIEMANN_EXPORT tcp_transport final : public basic_transport {
public:
  /// Its answers carry events: a client over it can query.
  static constexpr bool answers_queries = true;

  /// Opens nothing yet. Throws `std::invalid_argument` for invalid options.
  explicit tcp_transport(const executor_type& executor, tcp_options options = {});
  /// On the context's executor.
  template <class Context>
    requires std::convertible_to<Context&, boost::asio::execution_context&>
  explicit tcp_transport(Context& context, tcp_options options = {})
      : tcp_transport{executor_type{context.get_executor()}, std::move(options)}
  {}

  /// The peer's address, or `asio::error::not_connected`. Any thread may call it.
  [[nodiscard]] boost::system::result<boost::asio::ip::tcp::endpoint> address() const
  {
    return sockets().address();
  }

  /// The open socket's handle, for options of its own, or
  /// `asio::error::not_connected`. The transport may close it at any time when
  /// other threads run it; do not read, write or close it.
  [[nodiscard]] boost::system::result<boost::asio::ip::tcp::socket::native_handle_type>
  socket() const
  {
    return sockets().native_socket();
  }

  /// Has the observer told of every change of the connection from now on, in place of
  /// the one before; an empty one ends that. It is called on the transport's executor,
  /// with no lock held, and may call this transport; the last of the one before may
  /// still be on their way, and the last of all after the transport is gone: what the
  /// observer refers to must outlive the context's work. Any thread may call this.
  void observe(connection_observer observer) { sockets().observe(std::move(observer)); }

private:
  using sockets_type = detail::socket_implementation<boost::asio::ip::tcp>;

  [[nodiscard]] sockets_type& sockets() const noexcept
  {
    return static_cast<sockets_type&>(implementation());
  }
};

} // namespace riemann::inline v0

#endif

#ifndef RIEMANN_UDP_TRANSPORT_HPP
#define RIEMANN_UDP_TRANSPORT_HPP

#include <riemann/basic_transport.hpp>
#include <riemann/connection_change.hpp>
#include <riemann/detail/export.hpp>
#include <riemann/detail/socket_implementation.hpp>
#include <riemann/options.hpp>

#include <boost/asio/execution_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/system/result.hpp>

#include <concepts>
#include <utility>

namespace riemann::inline v0 {

/**
 * Messages to a Riemann server as UDP datagrams: one each, or with `max_coalesced_size`
 * several in one.
 *
 * Nothing answers a datagram: `async_send` completes once the kernel has it, with
 * an empty response and the outcome *sent*, and no more can be known. A message
 * longer than `max_datagram_size` is `errc::message_too_large`; one with a query
 * is `errc::not_supported`, and `client::async_query` over this does not compile.
 *
 * `async_connect` resolves the name and chooses an address. For a server on this
 * machine it fails if nobody listens there; for any other it cannot tell.
 */
class RIEMANN_EXPORT udp_transport final : public basic_transport {
public:
  /// There are no answers: a client over it cannot query.
  static constexpr bool answers_queries = false;

  /// Opens nothing yet. Throws `std::invalid_argument` for invalid options.
  explicit udp_transport(const executor_type& executor, udp_options options = {});
  /// On the context's executor.
  template <class Context>
    requires std::convertible_to<Context&, boost::asio::execution_context&>
  explicit udp_transport(Context& context, udp_options options = {})
      : udp_transport{executor_type{context.get_executor()}, std::move(options)}
  {}

  /// Where datagrams go, or `asio::error::not_connected`. Any thread may call it.
  [[nodiscard]] boost::system::result<boost::asio::ip::udp::endpoint> address() const
  {
    return sockets().address();
  }

  /// The open socket's handle, for options of its own, or
  /// `asio::error::not_connected`. The transport may close it at any time when
  /// other threads run it; do not read, write or close it.
  [[nodiscard]] boost::system::result<boost::asio::ip::udp::socket::native_handle_type>
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
  using sockets_type = detail::socket_implementation<boost::asio::ip::udp>;

  [[nodiscard]] sockets_type& sockets() const noexcept
  {
    return static_cast<sockets_type&>(implementation());
  }
};

} // namespace riemann::inline v0

#endif

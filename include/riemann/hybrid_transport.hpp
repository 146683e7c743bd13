#ifndef RIEMANN_HYBRID_TRANSPORT_HPP
#define RIEMANN_HYBRID_TRANSPORT_HPP

#include <riemann/basic_transport.hpp>
#include <riemann/detail/export.hpp>
#include <riemann/hybrid_options.hpp>

#include <boost/asio/execution_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/system/result.hpp>

#include <concepts>
#include <utility>

namespace riemann::inline v0 {

/**
 * Over UDP what a datagram holds, over TCP what is longer or asks: a message that is no
 * longer than `udp.max_datagram_size` and has no query ends as *sent*, any other as
 * answered.
 *
 * A datagram that the path does not take goes over TCP after all. Nothing else does: a
 * datagram that is lost is lost without a trace. Messages of the two ways overtake each other.
 *
 * `async_connect` opens both, and fails if either does; the other serves all the same.
 * Sends open the one that they need. `async_disconnect` drains both.
 *
 * The books are of what was handed over here; connections, bytes and datagrams are those
 * of both ways, together.
 */
class RIEMANN_EXPORT hybrid_transport final : public basic_transport {
public:
  /// A client over it can query: that goes over TCP.
  static constexpr bool answers_queries = true;

  /// Opens nothing yet. Throws `std::invalid_argument` for invalid options.
  explicit hybrid_transport(const executor_type& executor, const hybrid_options& options = {});
  /// On the context's executor.
  template <class Context>
    requires std::convertible_to<Context&, boost::asio::execution_context&>
  explicit hybrid_transport(Context& context, const hybrid_options& options = {})
      : hybrid_transport{executor_type{context.get_executor()}, options}
  {}

  /// Where datagrams go, or `asio::error::not_connected`. Any thread may call it.
  [[nodiscard]] boost::system::result<boost::asio::ip::udp::endpoint> datagram_address() const;
};

} // namespace riemann::inline v0

#endif

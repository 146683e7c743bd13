#ifndef RIEMANN_POOL_TRANSPORT_HPP
#define RIEMANN_POOL_TRANSPORT_HPP

#include <riemann/basic_transport.hpp>
#include <riemann/detail/export.hpp>
#include <riemann/pool_options.hpp>

#include <boost/asio/execution_context.hpp>

#include <concepts>

namespace riemann::inline v0 {

/**
 * Several connections, to one server or more. Each message goes to the connection with
 * the fewest outstanding, of equals to the first: so no more are opened than there is
 * work for, and one that answers slowly, or not at all, is given less. For one that is
 * being opened a single message waits, as long as others are open.
 *
 * A connection that has failed is opened again, and passed over meanwhile. What waits for
 * it, and what it was not able to send (`connect_failed`, `connect_timeout`,
 * `not_written`: not_sent), goes to another instead; what was written ends `unknown`, as
 * on a single one. While none is open messages wait, as on a single one; with
 * `max_connect_tries` one fails when it has been tried with each.
 *
 * Messages of different connections overtake each other. The servers are taken for
 * equals: a query asks whichever it comes to.
 *
 * `async_connect` opens all; it ends when the first is open, and fails only if none can be
 * opened. `async_disconnect`
 * drains all. The books are of what was handed over here; connections and bytes are those
 * of all, together.
 */
class RIEMANN_EXPORT pool_transport final : public basic_transport {
public:
  /// Its answers carry events: a client over it can query.
  static constexpr bool answers_queries = true;

  /// Opens nothing yet. Throws `std::invalid_argument` for invalid options.
  explicit pool_transport(const executor_type& executor, const pool_options& options = {});
  /// On the context's executor.
  template <class Context>
    requires std::convertible_to<Context&, boost::asio::execution_context&>
  explicit pool_transport(Context& context, const pool_options& options = {})
      : pool_transport{executor_type{context.get_executor()}, options}
  {}
};

} // namespace riemann::inline v0

#endif

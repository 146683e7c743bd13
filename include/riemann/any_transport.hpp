#ifndef RIEMANN_ANY_TRANSPORT_HPP
#define RIEMANN_ANY_TRANSPORT_HPP

#include <riemann/basic_transport.hpp>
#include <riemann/detail/export.hpp>
#include <riemann/detail/held_transport.hpp>
#include <riemann/transport.hpp>

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

namespace riemann::inline v0 {

/**
 * A transport whose type is chosen at run time, and which it owns: the abstract
 * transport. Made from any other, `any_transport{std::move(transport)}`; from one
 * of this library it costs nothing more at run time.
 *
 * What only one type of transport can do, it can be asked for too: a query over
 * UDP is `errc::not_supported`, not_sent.
 */
class RIEMANN_EXPORT any_transport final : public basic_transport {
public:
  /// It can be asked to query; whether the transport inside can is told then.
  static constexpr bool answers_queries = true;

  /// From one of this library.
  template <std::derived_from<basic_transport> Transport>
    requires(!std::same_as<Transport, any_transport>)
  // NOLINTNEXTLINE(google-explicit-constructor): any transport is one
  any_transport(Transport&& inner) noexcept : basic_transport{static_cast<basic_transport&&>(inner)}
  {}

  /// From one of yours. It must call each handler on the handler's executor, listen to
  /// its cancellation slot, and heed the `send_options`, deadlines included; what is said here of
  /// threads holds if it holds of yours. `cancel()` is called when the `any_transport` is
  /// destroyed, even after its execution context was; a lazy operation that was not started keeps
  /// it alive and is refused. What is refused here (a query it cannot answer) is not in its books.
  template <transport Transport>
    requires(!std::derived_from<Transport, basic_transport> && std::movable<Transport>)
  any_transport(Transport inner) // NOLINT(google-explicit-constructor): as above
      : basic_transport{std::make_shared<detail::held_transport<Transport>>(std::move(inner))}
  {}
};

} // namespace riemann::inline v0

#endif

#ifndef RIEMANN_DETAIL_NOTHROW_MOVABLE_HPP
#define RIEMANN_DETAIL_NOTHROW_MOVABLE_HPP

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>

#include <type_traits>

namespace riemann::inline v0::detail {

/// A handler that is moved without an exception. Asio's binders do not say so of
/// themselves (Boost 1.81), but are no worse than what they bind: moving an
/// executor, a slot or an allocator must not throw.
template <class Handler>
inline constexpr bool nothrow_movable = std::is_nothrow_move_constructible_v<Handler>;
template <class Target, class Executor>
inline constexpr bool nothrow_movable<boost::asio::executor_binder<Target, Executor>> =
    nothrow_movable<Target>;
template <class Target, class Slot>
inline constexpr bool nothrow_movable<boost::asio::cancellation_slot_binder<Target, Slot>> =
    nothrow_movable<Target>;
template <class Target, class Allocator>
inline constexpr bool nothrow_movable<boost::asio::allocator_binder<Target, Allocator>> =
    nothrow_movable<Target>;

} // namespace riemann::inline v0::detail

#endif

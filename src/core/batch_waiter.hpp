#ifndef RIEMANN_CORE_BATCH_WAITER_HPP
#define RIEMANN_CORE_BATCH_WAITER_HPP

#include <riemann/response.hpp>

#include <boost/intrusive/list.hpp>
#include <boost/system/error_code.hpp>

#include <cstdint>

namespace riemann::inline v0::core {

/**
 * Somebody who waits for one event of a batch: a request without a message. The batcher
 * links and marks waiters and never owns them; each comes back ended, with `error` and
 * `answer` set.
 *
 * As many are live as there are events outstanding, more than the nearest caches hold: so
 * this is one line of the cache, and a waiter that is not waiting for anything has no other
 * mark than its position.
 */
struct alignas(64) batch_waiter {
  static constexpr std::uint64_t nowhere = ~std::uint64_t{0};

  [[nodiscard]] bool ended() const noexcept { return position == nowhere; }

  boost::intrusive::list_member_hook<> link{};
  /// Number of the batch, and index there.
  std::uint64_t position{};
  boost::system::error_code error{};
  response answer{};
};

using batch_waiters = boost::intrusive::list<
    batch_waiter, boost::intrusive::member_hook<batch_waiter, boost::intrusive::list_member_hook<>,
                                                &batch_waiter::link>>;

} // namespace riemann::inline v0::core

#endif

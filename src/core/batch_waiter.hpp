#ifndef RIEMANN_CORE_BATCH_WAITER_HPP
#define RIEMANN_CORE_BATCH_WAITER_HPP

#include "core/request.hpp"

#include <riemann/response.hpp>

#include <boost/intrusive/list.hpp>
#include <boost/system/error_code.hpp>

#include <cstdint>

namespace riemann::inline v0::core {

/**
 * Somebody who waits for one event of a batch: a request without a message. The batcher
 * links and marks waiters and never owns them; each comes back `ended`, with `error` and
 * `answer` set.
 *
 * As many are live as there are events outstanding, so what matters is how few lines of
 * the cache each takes.
 */
struct alignas(64) batch_waiter {
  boost::intrusive::list_member_hook<> link{};
  std::uint64_t position{}; ///< number of its batch, and index there
  boost::system::error_code error{};
  phase where = phase::fresh;
  response answer{};
};

using batch_waiters = boost::intrusive::list<
    batch_waiter, boost::intrusive::member_hook<batch_waiter, boost::intrusive::list_member_hook<>,
                                                &batch_waiter::link>>;

} // namespace riemann::inline v0::core

#endif

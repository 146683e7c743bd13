#ifndef RIEMANN_TESTKIT_SERVER_STATE_HPP
#define RIEMANN_TESTKIT_SERVER_STATE_HPP

#include "testkit/fault_plan.hpp"
#include "testkit/request_handler.hpp"

#include <riemann/event.hpp>

#include <chrono>
#include <mutex>

namespace riemann::testkit::detail {

/// What all connections of a server share: held under `mutex` for as long as the
/// messages of one read take.
struct server_state {
  server_state(ttl_duration default_ttl, retention keeps) noexcept : handler{default_ttl, {}, keeps}
  {}

  mutable std::mutex mutex{};
  request_handler handler;
  fault_plan faults{};
};

/// The core reads no clock: this is what the shells around it pass in.
[[nodiscard]] inline timestamp current_time() noexcept
{
  return timestamp{std::chrono::system_clock::now()};
}

} // namespace riemann::testkit::detail

#endif

#ifndef RIEMANN_TESTKIT_SERVER_STATE_HPP
#define RIEMANN_TESTKIT_SERVER_STATE_HPP

#include "testkit/fault_plan.hpp"
#include "testkit/journal.hpp"
#include "testkit/request_handler.hpp"

#include <riemann/event.hpp>

#include <chrono>
#include <mutex>
#include <optional>
#include <span>
#include <string>

namespace riemann::inline v0::testkit::detail {

/// What all connections of a server share: held under `mutex` for as long as the
/// messages of one read take.
struct server_state {
  server_state(ttl_duration default_ttl, retention keeps) noexcept : handler{default_ttl, {}, keeps}
  {}

  mutable std::mutex mutex{};
  request_handler handler;
  fault_plan faults{};
  std::optional<journal> kept{};
};

/// As a `frame_keeper` is to, with the mutex held.
[[nodiscard]] inline std::optional<std::string> keep(server_state& state,
                                                     std::span<const std::byte> frames)
{
  const auto error = state.kept ? state.kept->append(frames)
                                : make_error_code(boost::system::errc::bad_file_descriptor);
  return error ? std::optional{"journal: " + error.message()} : std::nullopt;
}

/// The core reads no clock: this is what the shells around it pass in.
[[nodiscard]] inline timestamp current_time() noexcept
{
  return timestamp{std::chrono::system_clock::now()};
}

} // namespace riemann::inline v0::testkit::detail

#endif

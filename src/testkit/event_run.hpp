#ifndef RIEMANN_TESTKIT_EVENT_RUN_HPP
#define RIEMANN_TESTKIT_EVENT_RUN_HPP

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace riemann::inline v0::testkit::detail {

/// Messages one behind the other that hold events and nothing else.
struct event_run {
  std::size_t bytes = 0; ///< of their frames
  std::uint64_t messages = 0;
  std::uint64_t events = 0;
};

/**
 * How far what was received consists of such messages: to the first frame that is
 * not whole, is longer than it may be, or may hold something else. Events are
 * counted, and not looked into.
 */
[[nodiscard]] event_run find_event_run(std::span<const std::byte> received,
                                       std::size_t max_message_size) noexcept;

/// The number of events, if the message certainly holds nothing else.
[[nodiscard]] std::optional<std::uint32_t>
count_events_alone(std::span<const std::byte> body) noexcept;

} // namespace riemann::inline v0::testkit::detail

#endif

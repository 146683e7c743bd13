#ifndef RIEMANN_SIMULATION_SITUATION_HPP
#define RIEMANN_SIMULATION_SITUATION_HPP

#include "model.hpp"
#include "tap.hpp"
#include "timeline.hpp"

#include <cstdint>
#include <optional>

namespace riemann::simulation {

/// What the session was told last.
enum class input { user, connected, connect_failed, written, read, closed, time };

/// What the user wants, as far as it can be told from outside: `unclear` when a
/// connect was asked for while a drain was ending.
enum class will { running, draining, disconnected, unclear, shut };

/// The shell's own knowledge, which the session's is held against.
struct situation {
  input handling = input::user;
  bool making_room = false;
  bool held = false; ///< several inputs come before actions are carried out

  std::optional<tap> line{}; ///< of the connection there is
  bool connecting = false;
  bool writing = false;
  bool reading = false;
  bool closing = false;
  bool write_failed = false; ///< and what was read is still to tell why
  bool heard = false;        ///< an answer has come on this connection
  bool doubtful = false;     ///< whether the server takes messages, until one answers
  bool probing = false;      ///< whether the preferred server is well
  bool leaving = false;      ///< it is
  std::size_t server = 0;    ///< that was connected to last
  time_point backing_off_until = never;
  time_point connecting_since = never;
  time_point shaking_hands_since = never;
  time_point writing_since = never;

  will wants = will::running;
  bool cancelled = false; ///< everything was, by the input at hand
  unsigned connect_waits = 0;
  unsigned drain_waits = 0;

  // Of the drain under way.
  time_point drain_due = never;
  time_point drain_due_last = never; ///< the latest, when there may have been two
  std::uint64_t drains_up_to = 0;    ///< the last message submitted before it
  bool connect_since_drain = false;
  bool left_behind = false; ///< messages, or answers owed
  bool nothing_to_drain = false;

  /// No window is to be risked on a server that has refused the last, or only accepts.
  [[nodiscard]] bool wary() const noexcept { return doubtful && !heard; }
  [[nodiscard]] bool open() const noexcept { return line.has_value() && !closing; }
};

} // namespace riemann::simulation

#endif

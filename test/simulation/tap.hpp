#ifndef RIEMANN_SIMULATION_TAP_HPP
#define RIEMANN_SIMULATION_TAP_HPP

#include "model.hpp"
#include "wire.hpp"

#include <riemann/error.hpp>
#include <riemann/options.hpp>

#include <cstddef>
#include <deque>
#include <optional>
#include <span>

namespace riemann::simulation {

/**
 * Listens at one connection, and knows what is owed on it: every rule about what
 * may be written when is checked here.
 */
class tap {
public:
  tap(roll& messages, const session_options& options) : messages_{messages}, options_{options} {}

  /// The session asks for these to be written.
  void handed(std::span<const std::byte> pending);
  /// The connection took so many of them.
  void took(std::size_t n);
  /// ...and the session is told so.
  void reported(std::size_t n, core::time_point now);
  /// These are about to be given to the session.
  void delivered(std::span<const std::byte> piece);

  struct owed {
    tracked* who;
    std::size_t begin; ///< in the stream
    std::size_t end;
    core::time_point written_at = core::never;
  };
  /// Messages handed over to be written whose answers were not delivered.
  [[nodiscard]] const std::deque<owed>& window() const noexcept { return window_; }
  /// One was, and there was nothing wrong with it.
  [[nodiscard]] bool has_answered() const noexcept { return answered_; }
  /// What was wrong with the answer delivered last.
  [[nodiscard]] std::optional<errc> fault() const noexcept { return fault_; }
  /// The connection has taken bytes of it, reported or not.
  [[nodiscard]] bool has_taken_of(const owed& o) const noexcept { return o.begin < taken_; }
  [[nodiscard]] std::size_t reported_bytes() const noexcept { return reported_; }

private:
  void handed_one(std::span<const std::byte> frame);
  void judge_answer(std::span<const std::byte> body);

  roll& messages_;
  const session_options& options_;
  std::deque<owed> window_{};
  std::size_t window_bytes_ = 0;
  std::uint64_t last_number_ = 0;
  std::size_t handed_ = 0;
  std::size_t taken_ = 0;
  std::size_t reported_ = 0;
  bytes down_{};
  bool answered_ = false;
  std::optional<errc> fault_{};
};

} // namespace riemann::simulation

#endif

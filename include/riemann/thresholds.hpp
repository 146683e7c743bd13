#ifndef RIEMANN_THRESHOLDS_HPP
#define RIEMANN_THRESHOLDS_HPP

#include <riemann/detail/export.hpp>

#include <optional>

namespace riemann::inline v0 {

/// How bad a figure is; the worse, the greater.
enum class severity { ok, warning, critical };

/// `"ok"`, `"warning"` or `"critical"`: an event's state.
[[nodiscard]] RIEMANN_EXPORT const char* to_string(severity s) noexcept;

/// On which side of its thresholds a figure is bad.
enum class bad_side { above, below };

/**
 * From where on a figure is a warning, and critical: a limit itself is bad already. In
 * the figure's own unit; what is left out is never reached.
 *
 *     {.warning = 0.9, .critical = 0.95}                         // of a disk's use
 *     {.warning = 100, .critical = 10, .side = bad_side::below}  // of what is left
 */
struct RIEMANN_EXPORT thresholds {
  /// Where the state becomes "warning".
  std::optional<double> warning{};
  /// Where it becomes "critical". Not on the good side of `warning`.
  std::optional<double> critical{};
  /// On which side of them it is bad.
  bad_side side = bad_side::above;
  /// How far back over a limit a figure must come for its state to become better, so
  /// that one which swings about the limit does not change its state at every report.
  /// At least 0.
  double hysteresis = 0;

  /// Whether there is any limit.
  [[nodiscard]] bool any() const noexcept { return warning || critical; }

  /// Of a figure that was `before`, which matters with hysteresis alone. NaN reaches no
  /// limit.
  [[nodiscard]] severity judge(double value, severity before = severity::ok) const noexcept;

  /// Throws `std::invalid_argument`, naming what is wrong and what it may be.
  void validate() const;

  /// All of them.
  friend bool operator==(const thresholds&, const thresholds&) = default;
};

} // namespace riemann::inline v0

#endif

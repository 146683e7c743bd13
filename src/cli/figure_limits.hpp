#ifndef RIEMANN_CLI_FIGURE_LIMITS_HPP
#define RIEMANN_CLI_FIGURE_LIMITS_HPP

#include "cli/values.hpp"

#include <riemann/thresholds.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace riemann::cli {

/// For the figures of some names: one, those of a family (`disk`), or those that a pattern
/// with stars matches (`network * errors`).
struct figure_limit {
  std::string figure{};
  thresholds limits{};

  friend bool operator==(const figure_limit&, const figure_limit&) = default;
};

/// Whose state the agent judges, and by what.
class figure_limits {
public:
  /// cpu, load, memory, disk and temperature, as `agent --help` says.
  figure_limits();

  /// Goes before those there.
  void add(figure_limit limit) { limits_.push_back(std::move(limit)); }

  /// `ok` for a figure that nothing is said of.
  [[nodiscard]] severity judge(std::string_view figure, double value) const;

private:
  std::vector<figure_limit> limits_;
};

/// FIGURE=WARNING:CRITICAL, where one of the numbers may be missing, or FIGURE=off. With
/// the greater number first, or a `<` before them, what is below is bad. Throws a `failure`
/// (usage) for that and for a figure that the agent does not have.
figure_limit parse_threshold(const given& value);

} // namespace riemann::cli

#endif

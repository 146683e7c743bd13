#ifndef RIEMANN_CLI_REPORT_HPP
#define RIEMANN_CLI_REPORT_HPP

#include "cli/figure_limits.hpp"
#include "cli/sampler.hpp"

#include <riemann/event.hpp>
#include <riemann/timestamp.hpp>

#include <vector>

namespace riemann::cli {

struct report_settings {
  timestamp time = timestamp::from_seconds(0);
  figure_limits limits{};
};

/**
 * The events of one round. Rates, per second, and the fractions of processor time
 * are those between the two samples; where a counter ran backwards, as after a
 * reset, there is none. What all of an agent's events have in common its reporter adds.
 */
std::vector<event> report(const sample& before, const sample& now, const report_settings& settings);

} // namespace riemann::cli

#endif

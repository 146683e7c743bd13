#ifndef RIEMANN_CLI_REPORT_HPP
#define RIEMANN_CLI_REPORT_HPP

#include "cli/sampler.hpp"

#include <riemann/event.hpp>

#include <string>
#include <vector>

namespace riemann::cli {

/// From where on a figure is a warning, and critical.
struct threshold {
  double warning;
  double critical;
};

struct report_settings {
  std::string host{};
  tag_list tags{};
  ttl_duration ttl{};
  timestamp time = timestamp::from_seconds(0);

  threshold cpu{0.90, 0.95};    ///< fraction at work
  threshold load{3, 8};         ///< one-minute average per processor
  threshold memory{0.85, 0.95}; ///< fraction used
  threshold disk{0.90, 0.95};   ///< fraction used
};

/**
 * The events of one round. Rates, per second, and the fractions of processor time
 * are those between the two samples; where a counter ran backwards, as after a
 * reset, there is none.
 */
std::vector<event> report(const sample& before, const sample& now, const report_settings& settings);

} // namespace riemann::cli

#endif

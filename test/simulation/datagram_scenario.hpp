#ifndef RIEMANN_SIMULATION_DATAGRAM_SCENARIO_HPP
#define RIEMANN_SIMULATION_DATAGRAM_SCENARIO_HPP

#include "core/datagram_options.hpp"
#include "dice.hpp"
#include "scenario.hpp"

#include <chrono>
#include <cstddef>
#include <limits>

namespace riemann::simulation {

/// What the kernel may say to a datagram, each in so many of 1,000 chances.
struct datagram_faults {
  unsigned connect_refused = 0;
  unsigned refused = 0;  ///< an earlier one was
  unsigned too_long = 0; ///< an earlier one was
  unsigned fatal = 0;
  unsigned hangs = 0; ///< it is never taken
  /// Bytes that the path takes; what is longer is refused each time.
  std::size_t path = std::numeric_limits<std::size_t>::max();
};

struct datagram_scenario {
  core::datagram_options options{};
  datagram_faults wrong{};
  habits user{};
  std::chrono::microseconds hop{0};      ///< the longest delay of one step
  std::chrono::microseconds lateness{0}; ///< of the timer
  unsigned steps = 0;                    ///< of the user
  std::chrono::microseconds pause{0};    ///< the longest between these
};

datagram_scenario make_datagram_scenario(dice& random);

} // namespace riemann::simulation

#endif

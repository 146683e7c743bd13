#ifndef RIEMANN_SIMULATION_TRACE_HPP
#define RIEMANN_SIMULATION_TRACE_HPP

#include "timeline.hpp"

#include <chrono>
#include <iostream>

namespace riemann::simulation {

/// What happens is printed: for one seed that is looked into.
inline bool tracing = false;

template <class... What>
void note(const timeline& time, const What&... what)
{
  if (tracing) {
    std::cout << std::chrono::nanoseconds{time.now().time_since_epoch()}.count() / 1'000 << " us: ";
    (std::cout << ... << what) << '\n';
  }
}

} // namespace riemann::simulation

#endif

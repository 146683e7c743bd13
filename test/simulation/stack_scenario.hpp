#ifndef RIEMANN_SIMULATION_STACK_SCENARIO_HPP
#define RIEMANN_SIMULATION_STACK_SCENARIO_HPP

#include "dice.hpp"
#include "scenario.hpp"

#include <riemann/batch_options.hpp>

#include <chrono>
#include <vector>

namespace riemann::simulation {

/// What users of a stack do, in so many of 1,000 steps; else they hand something over.
struct stack_habits {
  unsigned give_up = 0;
  unsigned connect = 0;
  unsigned disconnect = 0;
  unsigned cancel = 0;
  unsigned flush = 0;
  unsigned close = 0;
  // Of what is handed over.
  unsigned posted = 0;
  unsigned direct = 0; ///< past the batch client
  unsigned query = 0;
  unsigned own_deadline = 0;
  unsigned large = 0;
};

struct stack_scenario {
  std::vector<scenario> lines{}; ///< one a session
  std::vector<bool> dead{};      ///< of these: nobody is there, ever
  bool opens_late = false;       ///< the others, too, until all is healed
  bool pools = false;
  bool batches = false;
  batch_options batch{};
  std::chrono::milliseconds retry_interval{0};
  stack_habits user{};
  unsigned lag = 0; ///< how often handlers wait, of 1,000 steps
  unsigned steps = 0;
  std::chrono::microseconds pause{0};
  std::chrono::microseconds hop{0};
  std::chrono::microseconds lateness{0};
};

stack_scenario make_stack_scenario(dice& random);

} // namespace riemann::simulation

#endif

#ifndef RIEMANN_SIMULATION_VERDICT_HPP
#define RIEMANN_SIMULATION_VERDICT_HPP

#include "scenario.hpp"
#include "situation.hpp"

namespace riemann::simulation {

/// Checks how a message ended against what its user, the wire and the server
/// know of it; `how` is where the session's part in it is over, `t` still has
/// its request.
void judge(const tracked& t, const situation& s, const scenario& how, promise kind, time_point now);

} // namespace riemann::simulation

#endif

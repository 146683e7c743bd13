#ifndef RIEMANN_SIMULATION_PLAY_HPP
#define RIEMANN_SIMULATION_PLAY_HPP

#include "scenario.hpp"

#include <cstdint>

namespace riemann::simulation {

/// What a run did: a simulation in which nothing happens proves nothing.
struct tale {
  std::uint64_t steps = 0;
  std::uint64_t messages = 0;
};

/// Plays one seed from the first message to the last; throws `violation`.
tale play(std::uint64_t seed, promise kind);
/// The same over datagrams.
tale play_datagrams(std::uint64_t seed);
/// The clients above it: a batch client, a pool, or both.
tale play_stack(std::uint64_t seed);

} // namespace riemann::simulation

#endif

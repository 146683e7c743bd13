#ifndef RIEMANN_SIMULATION_SCENARIO_HPP
#define RIEMANN_SIMULATION_SCENARIO_HPP

#include "core/server_cycle.hpp"
#include "dice.hpp"

#include <riemann/options.hpp>

#include <chrono>
#include <cstddef>
#include <string>

namespace riemann::simulation {

/// How many bytes move at a time.
enum class chunking { whole, some, tiny };

/// What may go wrong, each in so many of 1,000 chances.
struct faults {
  unsigned connect_refused = 0;
  unsigned connect_hangs = 0;
  unsigned handshake_fails = 0;
  unsigned handshake_hangs = 0;
  unsigned alert = 0; ///< in place of what comes next, perhaps the first answer
  unsigned cut = 0;   ///< a connection breaks at some byte, or some time
  unsigned never_reads = 0;
  unsigned silent_query = 0;
  unsigned late = 0;
  unsigned malformed = 0;
  unsigned oversized = 0;
  unsigned unexpected_events = 0;
  unsigned surplus = 0;
  /// A server that breaks the promise all matching rests on.
  unsigned silent_events = 0;
};

/// What users do, in so many of 1,000 steps; else they submit.
struct habits {
  unsigned give_up = 0;
  unsigned connect = 0;
  unsigned drain = 0;
  unsigned cancel = 0;
  unsigned own_deadline = 0;
  unsigned query = 0;
  unsigned large = 0;
  unsigned hasty = 0;    ///< while the connection closes, of them all
  unsigned together = 0; ///< several steps before the shell carries out actions
};

struct scenario {
  std::string name{}; ///< of its transport, where there are several
  session_options options{};
  core::destinations where{};
  bool handshake = false; ///< TLS, as far as a session sees it
  std::chrono::milliseconds handshake_timeout{0};
  faults wrong{};
  habits user{};
  chunking chunks = chunking::whole;
  std::chrono::microseconds hop{0};      ///< the longest delay of one step of bytes
  std::chrono::microseconds closing{0};  ///< the longest time it takes
  std::chrono::microseconds lateness{0}; ///< of the timer
  std::size_t kernel_room = 0;           ///< bytes a connection holds on the way
  unsigned reject = 0;                   ///< in 1,000 messages
  unsigned steps = 0;                    ///< of the user
  std::chrono::microseconds pause{0};    ///< the longest between these
};

enum class promise {
  kept,  ///< the server answers every message of events
  broken ///< it does not: no answer can be relied on
};

scenario make_scenario(dice& random, promise kind);
faults make_faults(dice& random);
/// Zero in half of all cases: faults are to come alone, too.
unsigned perhaps(dice& random, unsigned most);

} // namespace riemann::simulation

#endif

#ifndef RIEMANN_SIMULATION_INVARIANTS_HPP
#define RIEMANN_SIMULATION_INVARIANTS_HPP

#include "scenario.hpp"
#include "situation.hpp"

#include <riemann/statistics.hpp>

namespace riemann::simulation {

/// What holds whenever the shell has nothing left to do at one instant.
class invariants {
public:
  invariants(roll& messages, const scenario& how) : messages_{messages}, how_{how} {}

  /// One message more has ended.
  void count(const tracked& t);
  /// `session`: its books; `all`: with what the intake holds.
  void check(const situation& s, const statistics& session, const statistics& all,
             time_point now) const;

private:
  struct live {
    tally messages{};
    tally events{};
    const tracked* first_queued = nullptr;
  };

  [[nodiscard]] live count_live(const situation& s) const;
  void check_books(const situation& s, const statistics& session, const statistics& all,
                   const live& l) const;
  void check_deadlines(const situation& s, time_point now) const;
  void check_progress(const situation& s, const live& l, time_point now) const;

  roll& messages_;
  const scenario& how_;
  tally ended_{};
  tally ended_events_{};
};

} // namespace riemann::simulation

#endif

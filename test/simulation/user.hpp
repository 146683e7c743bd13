#ifndef RIEMANN_SIMULATION_USER_HPP
#define RIEMANN_SIMULATION_USER_HPP

#include "shell.hpp"

namespace riemann::simulation {

/// Whoever sends messages, changes his mind, and disconnects now and then.
class user {
public:
  user(timeline& time, dice& random, const scenario& how, roll& messages, shell& transport)
      : time_{time}, random_{random}, how_{how}, messages_{messages}, transport_{transport}
  {}

  /// Acts until all its steps are done.
  void start();
  [[nodiscard]] bool done() const noexcept { return done_ > how_.steps; }
  /// Messages that nothing keeps from being answered.
  void submit_plainly(unsigned n);

private:
  void next_step();
  void act();
  void act_once();
  void submit();
  void give_up_one();
  message make_message();
  message make_events(unsigned n);

  timeline& time_;
  dice& random_;
  const scenario& how_;
  roll& messages_;
  shell& transport_;
  unsigned done_ = 0;
};

} // namespace riemann::simulation

#endif

#ifndef RIEMANN_SIMULATION_STACK_USER_HPP
#define RIEMANN_SIMULATION_STACK_USER_HPP

#include "account.hpp"
#include "dice.hpp"
#include "stack.hpp"
#include "stack_scenario.hpp"
#include "timeline.hpp"

#include <riemann/message.hpp>

namespace riemann::simulation {

/// Whoever hands things to a stack, and changes his mind now and then.
class stack_user {
public:
  stack_user(timeline& time, dice& random, const stack_scenario& how, account& known,
             stack& clients)
      : time_{time}, random_{random}, how_{how}, known_{known}, clients_{clients}
  {}

  /// Acts until all its steps are done.
  void start() { next_step(); }
  [[nodiscard]] bool done() const noexcept { return done_ > how_.steps; }
  /// Hands over what nothing keeps from being answered, and says what.
  item& submit_plainly();

private:
  void next_step();
  void act();
  void give_up_one();
  item& submit();
  message make_message(item& i);

  timeline& time_;
  dice& random_;
  const stack_scenario& how_;
  account& known_;
  stack& clients_;
  unsigned done_ = 0;
};

} // namespace riemann::simulation

#endif

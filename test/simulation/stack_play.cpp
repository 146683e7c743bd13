#include "play.hpp"
#include "stack.hpp"
#include "stack_user.hpp"
#include "violation.hpp"

#include <riemann/outcome.hpp>

#include <algorithm>
#include <utility>

namespace riemann::simulation {

namespace {

using namespace std::chrono_literals;

class stack_world {
public:
  explicit stack_world(std::uint64_t seed) : random_{seed}, how_{make_stack_scenario(random_)} {}

  tale run()
  {
    user_.start();
    if (how_.opens_late || random_.chance(600)) {
      heal_some_time();
    }
    settle();
    heal();
    settle();
    if (!clients_.down() && random_.chance(300)) {
      be_well();
    }
    if (random_.chance(700)) {
      finish_well();
    }
    finish();
    known_.check_end();
    return {steps_, known_.items().size()};
  }

private:
  /// Lets time pass until nothing more happens by itself.
  void settle()
  {
    constexpr unsigned enough = 40;
    unsigned idle_steps = 0;
    clients_.run_handlers();
    for (;;) {
      const time_point deadline = clients_.next_deadline();
      const time_point timer = deadline == never ? never : deadline + how_.lateness;
      const time_point next = time_.next();
      if (timer == never && next == never) {
        break;
      }
      // Connections that are to stay, or are opened again and again, are never done.
      if (!over_ && user_.done() && clients_.idle() && ++idle_steps > enough) {
        return;
      }
      require(++steps_ < 200'000, "it goes on and on");
      require(timer >= time_.now(), "a deadline was left behind");
      const bool timer_first = timer < next || (timer == next && random_.chance(500));
      time_.advance(timer_first ? timer : next);
      timer_first ? clients_.on_time() : time_.run_next();
      run_handlers();
      clients_.check();
    }
    clients_.check_quiet();
  }

  /// At once, or some time later.
  void run_handlers()
  {
    if (!random_.chance(how_.lag)) {
      return clients_.run_handlers();
    }
    clients_.handlers_lag();
    time_.after(random_.up_to(how_.hop), [this] { clients_.run_handlers(); });
  }

  void heal_some_time()
  {
    const auto acting = how_.pause * how_.steps + 1ms;
    time_.after(random_.up_to(std::chrono::duration_cast<std::chrono::microseconds>(acting)),
                [this] { heal(); });
  }

  void heal()
  {
    if (std::exchange(healed_, true)) {
      return;
    }
    for (std::size_t i = 0; i != how_.lines.size(); ++i) {
      if (!how_.dead[i]) {
        how_.lines[i].wrong = {};
      }
    }
    how_.user = {.posted = how_.user.posted,
                 .direct = how_.user.direct,
                 .query = how_.user.query,
                 .large = how_.user.large};
    clients_.heal();
  }

  /// Whatever has failed is tried again, when something is sent and it is time.
  void be_well()
  {
    wait(how_.retry_interval + 1ms);
    user_.submit_plainly();
    wait(1s); // for what closes, backs off, and shakes hands
    if (!known_.batch_closing()) {
      clients_.check_all_well();
    }
  }

  void wait(std::chrono::microseconds time)
  {
    bool over = false;
    time_.after(time, [&over] { over = true; });
    while (!over) {
      settle();
    }
  }

  /// With nothing wrong any more, what is sent is answered.
  void finish_well()
  {
    clients_.connect();
    settle();
    const bool refused = known_.batch_closing();
    const item& last = user_.submit_plainly();
    settle();
    require(is_good(last, refused), "what was sent did not get through, with all faults gone");
    if (random_.chance(500)) {
      finish_cleanly();
    }
  }

  /// A drain loses nothing.
  void finish_cleanly()
  {
    const bool refused = known_.batch_closing();
    const item& last = user_.submit_plainly();
    if (how_.batches) {
      clients_.close(60s);
      settle();
    }
    clients_.disconnect(60s);
    settle();
    require(is_good(last, refused) || some_dead(), "a drain lost something");
  }

  /// It ended as a server wanted, or as anybody could foresee; `refused`: batched ones are.
  [[nodiscard]] bool is_good(const item& i, bool refused) const
  {
    if (i.to == top::batch && refused) {
      return i.posted ? !i.taken : i.error == errc::disconnected;
    }
    if (i.posted && (!i.taken || i.attempts.empty())) {
      return false;
    }
    const auto error = i.posted ? i.attempts.back()->error : i.error;
    if (error == errc::expired) {
      // It waited where nobody is, and that took longer to find out.
      const session_options& o = how_.lines.front().options;
      return some_dead() && o.max_queue_age < o.connect_timeout;
    }
    return !error || error == errc::rejected || error == errc::message_too_large;
  }

  [[nodiscard]] bool some_dead() const
  {
    return std::ranges::find(how_.dead, true) != how_.dead.end();
  }

  void finish()
  {
    for (auto n = random_.below(10); n != 0; --n) {
      user_.submit_plainly();
    }
    if (how_.batches && random_.chance(300)) {
      clients_.flush();
    }
    if (random_.chance(300)) {
      clients_.destroy_upper();
    }
    if (random_.chance(500)) {
      run_some_steps();
    }
    if (random_.chance(400)) {
      return finish_with_the_context();
    }
    clients_.destroy(random_.chance(500));
    if (random_.chance(500)) {
      clients_.release();
    }
    over_ = true;
    settle();
    clients_.release();
    clients_.check_gone();
  }

  void finish_with_the_context()
  {
    const bool before = random_.chance(300);
    if (before) {
      clients_.destroy(random_.chance(500));
      clients_.release();
    }
    clients_.destroy_context();
    clients_.release();
    clients_.check_gone();
  }

  void run_some_steps()
  {
    run_handlers();
    for (auto n = random_.below(30); n != 0; --n) {
      const time_point deadline = clients_.next_deadline();
      const time_point timer = deadline == never ? never : deadline + how_.lateness;
      const time_point next = std::min(timer, time_.next());
      if (next == never) {
        return;
      }
      time_.advance(next);
      next == timer ? clients_.on_time() : time_.run_next();
      run_handlers();
      clients_.check();
    }
  }

  dice random_;
  stack_scenario how_;
  timeline time_{};
  account known_{time_, how_};
  stack clients_{time_, random_, how_, known_};
  stack_user user_{time_, random_, how_, known_, clients_};
  bool healed_ = false;
  bool over_ = false; ///< nothing is to go on
  std::uint64_t steps_ = 0;
};

} // namespace

tale play_stack(std::uint64_t seed)
{
  return stack_world{seed}.run();
}

} // namespace riemann::simulation

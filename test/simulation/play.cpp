#include "play.hpp"

#include "shell.hpp"
#include "user.hpp"
#include "violation.hpp"

namespace riemann::simulation {

namespace {

using namespace std::chrono_literals;

class world {
public:
  world(std::uint64_t seed, promise kind)
      : random_{seed}, how_{make_scenario(random_, kind)}, kind_{kind}
  {}

  tale run()
  {
    user_.start();
    if (random_.chance(700)) {
      heal_some_time();
    }
    settle();
    heal();
    settle();
    if (kind_ == promise::kept) {
      finish_well();
    }
    finish();
    return {steps_, messages_.all().size()};
  }

private:
  /// Lets time pass until nothing more happens by itself.
  void settle()
  {
    constexpr unsigned enough = 40;
    unsigned idle_steps = 0;
    for (;;) {
      const time_point deadline = transport_.next_deadline();
      const time_point timer = deadline == never ? never : deadline + how_.lateness;
      const time_point next = time_.next();
      if (timer == never && next == never) {
        break;
      }
      // A connection that is to stay, and asks for the server, is never done.
      if (user_.done() && transport_.idle() && ++idle_steps > enough) {
        return;
      }
      require(++steps_ < 500'000, "it goes on and on");
      require(timer >= time_.now(), "a deadline was left behind");
      const bool timer_first = timer < next || (timer == next && random_.chance(500));
      time_.advance(timer_first ? timer : next);
      timer_first ? transport_.on_time() : time_.run_next();
    }
    transport_.check_quiet();
  }

  void heal_some_time()
  {
    const auto acting = how_.pause * how_.steps + 1ms;
    time_.after(random_.up_to(std::chrono::duration_cast<std::chrono::microseconds>(acting)),
                [this] { heal(); });
  }

  void heal()
  {
    how_.wrong = {};
    how_.user = {.query = how_.user.query, .large = how_.user.large};
    transport_.heal();
  }

  /// With nothing wrong any more, everything sent is answered and a drain is
  /// clean.
  void finish_well()
  {
    transport_.connect();
    settle();
    user_.submit_plainly(1);
    settle();
    const tracked& last = messages_.all().back();
    require(!last.error || last.error == errc::rejected || last.error == errc::message_too_large,
            "a message did not get through, with all faults gone");
    if (random_.chance(500)) {
      user_.submit_plainly(1);
      transport_.drain(10s);
      settle();
      require(transport_.state().wants == will::disconnected && !transport_.state().line,
              "a drain left the connection open");
    }
  }

  void finish()
  {
    user_.submit_plainly(static_cast<unsigned>(random_.below(3)));
    if (random_.chance(500)) {
      settle();
    }
    transport_.shut();
    user_.submit_plainly(1);
    transport_.connect();
    transport_.drain(1s);
    settle();
    require(!transport_.state().line, "a connection outlived its transport");
  }

  dice random_;
  scenario how_;
  promise kind_;
  timeline time_{};
  roll messages_{};
  shell transport_{time_, random_, how_, kind_, messages_};
  user user_{time_, random_, how_, messages_, transport_};
  std::uint64_t steps_ = 0;
};

} // namespace

tale play(std::uint64_t seed, promise kind)
{
  return world{seed, kind}.run();
}

} // namespace riemann::simulation

#include "datagram_shell.hpp"
#include "play.hpp"
#include "violation.hpp"

#include <string>
#include <vector>

namespace riemann::simulation {

namespace {

using namespace std::chrono_literals;

/// A user, a transport and a kernel.
class datagram_world {
public:
  explicit datagram_world(std::uint64_t seed) : random_{seed}, how_{make_datagram_scenario(random_)}
  {}

  tale run()
  {
    next_step();
    settle();
    heal();
    transport_.connect();
    settle();
    submit(never);
    settle();
    const tracked& last = messages_.all().back();
    require(!last.error || last.error == errc::message_too_large ||
                last.error == errc::not_supported,
            "a message did not get through, with all faults gone");
    submit(never);
    transport_.drain(1s);
    settle();
    transport_.shut();
    submit(never);
    settle();
    return {steps_, messages_.all().size()};
  }

private:
  /// Lets time pass until nothing more happens by itself.
  void settle()
  {
    for (;;) {
      const time_point deadline = transport_.next_deadline();
      const time_point timer = deadline == never ? never : deadline + how_.lateness;
      const time_point next = time_.next();
      if (timer == never && next == never) {
        break;
      }
      require(++steps_ < 100'000, "it goes on and on");
      require(timer >= time_.now(), "a deadline was left behind");
      const bool timer_first = timer < next || (timer == next && random_.chance(500));
      time_.advance(timer_first ? timer : next);
      timer_first ? transport_.on_time() : time_.run_next();
    }
    transport_.check_quiet();
  }

  void heal()
  {
    how_.wrong = {};
    how_.user = {};
  }

  void next_step()
  {
    if (done_++ < how_.steps) {
      time_.after(random_.up_to(how_.pause), [this] {
        act();
        next_step();
      });
    }
  }

  void act()
  {
    const habits& h = how_.user;
    std::uint64_t what = random_.below(1'000);
    const auto is = [&what](unsigned permille) {
      const bool chosen = what < permille;
      what -= chosen ? 0 : permille;
      return chosen;
    };
    if (is(h.give_up)) {
      give_up_one();
    } else if (is(h.connect)) {
      transport_.connect();
    } else if (is(h.drain)) {
      transport_.drain(random_.one_of<std::chrono::microseconds>({0us, 1ms, 50ms, 2s}));
    } else if (is(h.cancel)) {
      transport_.cancel();
    } else {
      for (std::size_t n = random_.chance(300) ? 10 : 1; n != 0; --n) {
        submit(random_.chance(h.own_deadline) ? time_.now() + 1us + random_.up_to(20ms) : never);
      }
    }
  }

  void submit(time_point deadline)
  {
    const std::string name = name_of(messages_.all().size() + 1);
    event e;
    e.service = name;
    if (random_.chance(500)) {
      e.description = std::string(random_.below(100), 'x');
    }
    message m;
    for (auto n = random_.between(1, 3); n != 0; --n) {
      m.append(e);
    }
    if (random_.chance(how_.user.query)) {
      m.set_query(name);
    }
    transport_.submit(std::move(m), deadline);
  }

  void give_up_one()
  {
    std::vector<tracked*> live;
    for (tracked& t : messages_.all()) {
      if (!t.ended) {
        live.push_back(&t);
      }
    }
    if (!live.empty()) {
      transport_.give_up(*live[random_.below(live.size())]);
    }
  }

  dice random_;
  datagram_scenario how_;
  timeline time_{};
  roll messages_{};
  datagram_shell transport_{time_, random_, how_, messages_};
  unsigned done_ = 0;
  std::uint64_t steps_ = 0;
};

} // namespace

tale play_datagrams(std::uint64_t seed)
{
  return datagram_world{seed}.run();
}

} // namespace riemann::simulation

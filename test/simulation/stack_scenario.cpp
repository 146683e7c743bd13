#include "stack_scenario.hpp"

#include <string>

namespace riemann::simulation {

namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;
using std::chrono::milliseconds;

batch_options make_batch_options(dice& random)
{
  batch_options o;
  o.max_events = random.one_of<std::size_t>({1, 2, 5, 100});
  o.max_bytes = random.one_of<std::size_t>({50, 300, 64 << 10});
  o.linger = random.one_of<microseconds>({1us, 500us, 10ms, 100ms});
  o.max_outstanding = random.one_of<std::size_t>({1, 2, 8});
  o.max_age = random.one_of<milliseconds>({101ms, 2s, 1h});
  o.max_queued_events = o.max_events + random.below(random.one_of<std::uint64_t>({2, 20, 1'000}));
  o.max_queued_bytes = o.max_bytes + random.below(random.one_of<std::uint64_t>({200, 1 << 20}));
  o.when_full = random.one_of(
      {overload_policy::reject, overload_policy::drop_oldest, overload_policy::drop_newest});
  return o;
}

stack_habits make_stack_habits(dice& random)
{
  stack_habits h;
  h.give_up = perhaps(random, 300);
  h.connect = perhaps(random, 50);
  h.disconnect = perhaps(random, 40);
  h.cancel = perhaps(random, 40);
  h.flush = perhaps(random, 200);
  h.close = perhaps(random, 20);
  h.posted = perhaps(random, 1'000);
  h.direct = perhaps(random, 200);
  h.query = perhaps(random, 500);
  h.own_deadline = perhaps(random, 300);
  h.large = perhaps(random, 20);
  return h;
}

void make_lines(stack_scenario& s, scenario line, dice& random)
{
  const std::size_t lines = s.pools ? random.between(2, 4) : 1;
  const std::size_t good = random.below(lines);
  const bool some_dead = random.chance(300);
  s.opens_late = some_dead && random.chance(300);
  for (std::size_t i = 0; i != lines; ++i) {
    const bool dead = some_dead && i != good && random.chance(700);
    s.dead.push_back(dead);
    s.lines.push_back(line);
    s.lines.back().where.seed = random.below(1'000);
    s.lines.back().name = '#' + std::to_string(i) + ' ';
    faults& wrong = s.lines.back().wrong;
    if (dead) {
      wrong = {};
      (random.chance(700) ? wrong.connect_refused : wrong.connect_hangs) = 1'000;
    } else if (s.opens_late) {
      wrong = {};
      wrong.connect_refused = 1'000;
    } else if (random.chance(400)) {
      wrong = random.chance(500) ? faults{} : make_faults(random);
    }
  }
}

/// What waits for the one server that comes is to be patient; all may have been cancelled
/// before.
void make_patient(stack_scenario& s, dice& random)
{
  const bool many = random.chance(300); // more than a pool moves at once
  if (many) {
    s.steps = 40;
    s.pause = 200us;
    s.user.direct = 1'000;
  }
  for (scenario& line : s.lines) {
    if (many) {
      line.options.max_queued = 1'000;
      line.options.max_queued_bytes = 1 << 20;
    }
    line.options.max_connect_tries = 0;
    line.options.max_queue_age = 1h;
  }
  s.user.cancel = random.one_of({0U, 150U});
  s.user.disconnect = 0;
  s.user.close = 0;
  s.user.own_deadline = 0;
}

} // namespace

stack_scenario make_stack_scenario(dice& random)
{
  stack_scenario s;
  scenario line = make_scenario(random, promise::kept);
  line.options.max_message_size = random.one_of<std::size_t>({40, 120, 1 << 20, 1 << 20});
  s.pools = random.chance(700);
  line.options.stay_connected = random.chance(100);
  s.batches = !s.pools || random.chance(500);
  s.batch = make_batch_options(random);
  s.retry_interval = random.one_of<milliseconds>({1ms, 20ms, 1s});
  s.user = make_stack_habits(random);
  if (s.user.large != 0 && line.kernel_room < 4'096) {
    line.kernel_room = 4'096; // large messages in few bytes at a time take long
  }
  make_lines(s, line, random);
  s.lag = perhaps(random, 500);
  s.steps = static_cast<unsigned>(random.between(1, 30));
  s.pause = line.pause;
  s.hop = line.hop;
  s.lateness = line.lateness;
  if (s.opens_late) {
    make_patient(s, random);
  }
  return s;
}

} // namespace riemann::simulation

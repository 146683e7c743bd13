#include "datagram_scenario.hpp"

namespace riemann::simulation {

namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;
using std::chrono::milliseconds;

core::datagram_options make_options(dice& random)
{
  session_options o;
  o.connect_timeout = random.one_of<milliseconds>({50ms, 200ms});
  o.max_connect_tries = random.one_of<std::size_t>({0, 1, 3});
  o.min_backoff = random.one_of<milliseconds>({1ms, 10ms});
  o.max_backoff = random.one_of<milliseconds>({10ms, 50ms});
  o.write_timeout = random.one_of<milliseconds>({100ms, 400ms});
  o.max_queue_age = random.one_of<milliseconds>({150ms, 2s, 1h});
  o.max_message_size = random.one_of<std::size_t>({60, 1'000});
  core::datagram_options all{o};
  all.max_coalesced_size = random.one_of<std::size_t>({0, 1, 30, 60, 200, 1'000});
  if (all.max_coalesced_size != 0) {
    all.linger = random.one_of<microseconds>({0us, 100us, 5ms, 100ms});
  }
  return all;
}

datagram_faults make_datagram_faults(dice& random)
{
  datagram_faults f;
  if (random.chance(300)) {
    return f;
  }
  f.connect_refused = perhaps(random, 300);
  f.refused = perhaps(random, 500);
  f.too_long = perhaps(random, 200);
  f.fatal = perhaps(random, 50);
  f.hangs = perhaps(random, 20);
  if (random.chance(300)) {
    f.path = random.one_of<std::size_t>({20, 50, 150});
  }
  return f;
}

habits make_habits(dice& random)
{
  habits h;
  h.give_up = perhaps(random, 300);
  h.connect = perhaps(random, 50);
  h.drain = perhaps(random, 60);
  h.cancel = perhaps(random, 30);
  h.own_deadline = perhaps(random, 400);
  h.query = perhaps(random, 50);
  return h;
}

} // namespace

datagram_scenario make_datagram_scenario(dice& random)
{
  datagram_scenario s;
  s.options = make_options(random);
  s.wrong = make_datagram_faults(random);
  s.user = make_habits(random);
  s.hop = random.one_of<microseconds>({0us, 100us, 3ms});
  s.lateness = random.one_of<microseconds>({0us, 0us, 2ms});
  s.steps = static_cast<unsigned>(random.between(1, 60));
  s.pause = random.one_of<microseconds>({0us, 200us, 5ms, 100ms});
  return s;
}

} // namespace riemann::simulation

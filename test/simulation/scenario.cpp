#include "scenario.hpp"

namespace riemann::simulation {

namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;
using std::chrono::milliseconds;

session_options make_options(dice& random)
{
  session_options o;
  o.connect_timeout = random.one_of<milliseconds>({50ms, 200ms});
  o.max_connect_tries = random.one_of<std::size_t>({0, 0, 1, 3});
  o.min_backoff = random.one_of<milliseconds>({1ms, 10ms});
  o.max_backoff = random.one_of<milliseconds>({10ms, 50ms});
  o.stay_connected = random.chance(200);
  o.preferred_interval = random.one_of<milliseconds>({5ms, 100ms, 60'000ms});
  o.ping_interval = random.one_of<milliseconds>({0ms, 0ms, 30ms, 300ms});
  o.max_resends = random.one_of<unsigned>({0, 0, 1, 3});
  o.answer_timeout = random.one_of<milliseconds>({300ms, 1s});
  o.write_timeout = random.one_of<milliseconds>({100ms, 400ms});
  o.max_queue_age = random.one_of<milliseconds>({150ms, 2s, 1h});
  o.max_in_flight = random.one_of<std::size_t>({1, 2, 5, 100});
  o.max_in_flight_bytes = random.one_of<std::size_t>({100, 1'000, 1 << 20});
  o.max_queued = random.one_of<std::size_t>({2, 20, 1'000});
  o.max_queued_bytes = random.one_of<std::size_t>({300, 1 << 20});
  o.when_full = random.one_of({overload_policy::reject, overload_policy::wait,
                               overload_policy::drop_oldest, overload_policy::drop_newest});
  o.max_waiting = random.one_of<std::size_t>({1, 10});
  o.max_waiting_bytes = random.one_of<std::size_t>({100, 10'000});
  o.max_message_size = random.chance(100) ? 60 : 1 << 20;
  o.max_answer_size = random.one_of<std::size_t>({100, 1 << 16});
  o.max_write_size = random.one_of<std::size_t>({1, 100, 1'000, 256 << 10});
  return o;
}

} // namespace

unsigned perhaps(dice& random, unsigned most)
{
  return random.chance(500) ? 0 : static_cast<unsigned>(random.between(0, most));
}

faults make_faults(dice& random)
{
  faults f;
  if (random.chance(200)) {
    return f;
  }
  f.connect_refused = perhaps(random, 300);
  f.connect_hangs = perhaps(random, 200);
  f.handshake_fails = perhaps(random, 300);
  f.handshake_hangs = perhaps(random, 200);
  f.alert = perhaps(random, 300);
  f.cut = perhaps(random, 700);
  f.never_reads = perhaps(random, 400);
  f.silent_query = perhaps(random, 300);
  f.late = perhaps(random, 60);
  f.malformed = perhaps(random, 40);
  f.oversized = perhaps(random, 40);
  f.unexpected_events = perhaps(random, 40);
  f.surplus = perhaps(random, 100);
  return f;
}

namespace {

habits make_habits(dice& random)
{
  habits h;
  h.give_up = perhaps(random, 300);
  h.connect = perhaps(random, 50);
  h.drain = perhaps(random, 60);
  h.cancel = perhaps(random, 30);
  h.own_deadline = perhaps(random, 400);
  h.query = perhaps(random, 600);
  h.large = perhaps(random, 30);
  h.hasty = perhaps(random, 900);
  h.together = perhaps(random, 300);
  return h;
}

} // namespace

scenario make_scenario(dice& random, promise kind)
{
  scenario s;
  s.options = make_options(random);
  s.where = {static_cast<std::size_t>(random.one_of({1, 1, 2, 3})), random.below(1'000)};
  s.handshake = random.chance(400);
  s.handshake_timeout = random.one_of<milliseconds>({20ms, 300ms});
  s.wrong = make_faults(random);
  s.user = make_habits(random);
  s.hop = random.one_of<microseconds>({0us, 100us, 3ms});
  s.chunks = random.one_of({chunking::whole, chunking::some, chunking::tiny});
  if (s.chunks == chunking::tiny && s.hop > 100us) {
    s.hop = 100us;
  }
  s.closing = random.one_of<microseconds>({0us, 100us, 10ms});
  s.lateness = random.one_of<microseconds>({0us, 0us, 2ms});
  s.kernel_room = random.one_of<std::size_t>({64, 4'096, 1 << 20});
  if (s.user.large != 0 && s.kernel_room < 4'096) {
    s.kernel_room = 4'096; // large messages in few bytes at a time take long
  }
  s.reject = perhaps(random, 200);
  s.steps = static_cast<unsigned>(random.between(1, 60));
  s.pause = random.one_of<microseconds>({0us, 200us, 5ms, 100ms});
  if (kind == promise::broken) {
    s.wrong.silent_events = static_cast<unsigned>(random.between(10, 300));
  }
  return s;
}

} // namespace riemann::simulation

#include "user.hpp"

#include <riemann/proto.hpp>

#include <string>
#include <vector>

namespace riemann::simulation {

using namespace std::chrono_literals;

namespace {

/// What a user does who will not wait for a connection to close.
constexpr habits haste{.give_up = 100, .connect = 300, .drain = 300, .cancel = 50};

} // namespace

void user::start()
{
  next_step();
}

void user::next_step()
{
  if (done_++ < how_.steps) {
    time_.after(random_.up_to(how_.pause), [this] {
      act();
      next_step();
    });
  }
}

void user::act()
{
  transport_.surplus();
  if (!random_.chance(how_.user.together)) {
    return act_once();
  }
  transport_.hold();
  for (std::size_t n = random_.between(2, 4); n != 0; --n) {
    act_once();
  }
  transport_.release();
}

void user::act_once()
{
  const bool hasty = transport_.state().closing && random_.chance(how_.user.hasty);
  const habits& h = hasty ? haste : how_.user;
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
    for (std::size_t n = random_.chance(200) ? 5 : 1; n != 0; --n) {
      submit();
    }
  }
}

void user::submit()
{
  time_point deadline = never;
  if (random_.chance(how_.user.own_deadline)) {
    deadline = time_.now() + 1us + random_.up_to(random_.one_of({1'000us, 100'000us}));
  }
  transport_.submit(make_message(), deadline);
}

void user::submit_plainly(unsigned n)
{
  for (unsigned i = 0; i < n; ++i) {
    transport_.submit(make_message(), never);
  }
}

void user::give_up_one()
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

message user::make_message()
{
  const std::string name = name_of(messages_.all().size() + 1);
  if (random_.chance(how_.user.query)) {
    message m = random_.chance(300) ? make_events(1) : message{};
    m.set_query(name);
    return m;
  }
  const auto n = static_cast<unsigned>(random_.below(4));
  if (n != 0) {
    return make_events(n);
  }
  proto::Msg msg; // no events, and yet a name
  msg.set_error(name);
  return message{msg};
}

message user::make_events(unsigned n)
{
  event e;
  e.service = name_of(messages_.all().size() + 1);
  if (random_.chance(how_.user.large)) {
    e.description = std::string(random_.between(60'000, 70'000), 'x');
  } else if (random_.chance(500)) {
    e.description = std::string(random_.below(100), 'x');
  }
  message m;
  for (unsigned i = 0; i < n; ++i) {
    m.append(e);
  }
  return m;
}

} // namespace riemann::simulation

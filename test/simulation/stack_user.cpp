#include "stack_user.hpp"

#include <riemann/event.hpp>

#include <string>
#include <utility>
#include <vector>

namespace riemann::simulation {

using namespace std::chrono_literals;

void stack_user::next_step()
{
  if (done_++ < how_.steps) {
    time_.after(random_.up_to(how_.pause), [this] {
      act();
      next_step();
    });
  }
}

void stack_user::act()
{
  clients_.surplus();
  const stack_habits& h = how_.user;
  std::uint64_t what = random_.below(1'000);
  const auto is = [&what](unsigned permille) {
    const bool chosen = what < permille;
    what -= chosen ? 0 : permille;
    return chosen;
  };
  const auto some_time = [this] {
    return random_.one_of<std::chrono::microseconds>({0us, 1ms, 50ms, 2s});
  };
  if (is(h.give_up)) {
    give_up_one();
  } else if (is(h.connect)) {
    clients_.connect();
  } else if (is(h.disconnect)) {
    clients_.disconnect(some_time());
  } else if (is(h.cancel)) {
    clients_.cancel();
  } else if (how_.batches && is(h.flush)) {
    clients_.flush();
  } else if (how_.batches && is(h.close)) {
    clients_.close(some_time());
  } else {
    for (std::size_t n = random_.chance(300) ? random_.between(2, 20) : 1; n != 0; --n) {
      submit();
    }
  }
}

void stack_user::give_up_one()
{
  std::vector<item*> live;
  for (item& i : known_.items()) {
    if (i.waits()) {
      live.push_back(&i);
    }
  }
  std::vector<waited*> waits;
  for (waited& w : clients_.waits()) {
    if (!w.told) {
      waits.push_back(&w);
    }
  }
  const bool only_unwritten = random_.chance(300);
  if (!waits.empty() && (live.empty() || random_.chance(300))) {
    clients_.give_up(*waits[random_.below(waits.size())], only_unwritten);
  } else if (!live.empty()) {
    clients_.give_up(*live[random_.below(live.size())], only_unwritten);
  }
}

item& stack_user::submit()
{
  const bool direct = !how_.batches || random_.chance(how_.user.direct);
  item& i = known_.add(direct ? top::below : top::batch);
  if (direct && random_.chance(how_.user.own_deadline)) {
    i.expires_at = time_.now() + 1us + random_.up_to(random_.one_of({1'000us, 100'000us}));
  }
  message m = make_message(i);
  if (!direct && random_.chance(how_.user.posted)) {
    clients_.post(i, m);
  } else {
    clients_.send(i, std::move(m));
  }
  return i;
}

item& stack_user::submit_plainly()
{
  return submit();
}

message stack_user::make_message(item& i)
{
  event e;
  e.service = name_of(i.number);
  if (random_.chance(how_.user.large)) {
    e.description = std::string(random_.between(60'000, 70'000), 'x');
  } else if (random_.chance(500)) {
    e.description = std::string(random_.below(100), 'x');
  }
  message m;
  i.events = i.to == top::batch ? 1 : static_cast<unsigned>(random_.below(4));
  i.has_query = i.to == top::below && random_.chance(how_.user.query);
  i.events += i.events == 0 && !i.has_query ? 1 : 0;
  for (unsigned n = 0; n != i.events; ++n) {
    m.append(e);
  }
  if (i.has_query) {
    m.set_query(*e.service);
  }
  known_.holds(m.size());
  return m;
}

} // namespace riemann::simulation

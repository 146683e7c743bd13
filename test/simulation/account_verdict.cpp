#include "account.hpp"

#include <riemann/event_view.hpp>

#include <algorithm>

/// How what users are told fits with what happened.
namespace riemann::simulation {

void account::judge(const item& i, const response& answer) const
{
  judge_answer(i, answer);
  const auto any = [&](auto&& what) { return std::ranges::any_of(i.attempts, what); };
  switch (outcome_of(i.error)) {
  case outcome::acked:
    require(any([](const tracked* t) {
              return t->ended && !t->error &&
                     (t->at_server.acknowledged != 0 || t->at_server.found != 0);
            }),
            "a user is told acked, and by no server");
    break;
  case outcome::sent:
    throw violation{"nothing is sent for good over a stream"};
  case outcome::rejected:
    require(any([&](const tracked* t) {
              return t->ended && t->error == errc::rejected && t->at_server.rejected != 0 &&
                     answer.text() == name_of(t->name());
            }),
            "a user is told rejected, and not as a server has it");
    break;
  case outcome::not_sent:
    require(!any([](const tracked* t) { return t->touched || t->at_server.received != 0; }),
            "a user is told not sent, and bytes of it were written");
    break;
  case outcome::unknown:
    require(!i.attempts.empty(), "a user is told unknown, and it was never handed over");
    break;
  }
  judge_end(i);
  if (i.error) {
    require(i.error.category() == error_category(), "an error that is not the library's");
    require(has_cause(i), "a user is told an error without a cause");
  }
  require(!i.must_succeed || outcome_of(i.error) == outcome::acked ||
              outcome_of(i.error) == outcome::rejected || i.error == errc::expired ||
              i.error == errc::deadline_exceeded || i.error == errc::dropped ||
              i.error == errc::overloaded || i.error == errc::message_too_large || found_no_room(i),
          "what waited did not get through, with all faults gone");
}

void account::judge_post(const item& i, std::uint64_t queued)
{
  const batch_options& o = how_.batch;
  const bool closes = batch_due_ != never;
  require(!i.taken || !closes, "a batch client that closes takes an event");
  require(i.taken || closes || o.when_full == overload_policy::reject,
          "an event is refused where others are to make way");
  require(i.taken || closes || queued >= o.max_queued_events ||
              (queued + 1) * largest_ > o.max_queued_bytes,
          "an event is refused with room left");
}

/// No connection of a pool that it was not tried at, since it was taken back last.
bool account::was_tried_everywhere(const item& i) const
{
  std::size_t tries = 0;
  for (auto t = i.attempts.rbegin(); t != i.attempts.rend() && (*t)->error != errc::cancelled;
       ++t) {
    ++tries;
  }
  return tries >= how_.lines.size();
}

/// Of a pool's connections one refused it for that, before another gave it up.
bool account::found_no_room(const item& i)
{
  return std::ranges::any_of(i.attempts, [](const tracked* t) {
    return t->error == errc::overloaded || t->error == errc::dropped;
  });
}

/// It was not too soon.
void account::judge_end(const item& i) const
{
  const bool taken_back = i.given_up || closed_ || i.number <= cancelled_at_;
  const bool never_got_there =
      i.error == errc::connect_failed || i.error == errc::connect_timeout ||
      i.error == errc::handshake_failed || i.error == errc::handshake_timeout;
  require(!never_got_there || taken_back || disconnects_ || was_tried_everywhere(i),
          "a message fails that was not tried everywhere");
  require(!i.drains || taken_back || time_.now() >= drain_due_ ||
              (i.error != errc::disconnected && i.error != errc::cancelled),
          "a drain loses what it is to wait for");
  require(i.error != errc::abandoned || i.written_too || closed_ || i.number <= cancelled_at_,
          "a message is abandoned that was to be left alone once it was written");
  require(i.error != errc::dropped || how_.batch.when_full != overload_policy::drop_oldest ||
              !gathers(i) ||
              std::ranges::none_of(items_.begin(),
                                   items_.begin() + static_cast<std::ptrdiff_t>(i.number) - 1,
                                   [&](const item& j) { return gathers(j) && j.waits(); }),
          "an event makes way, and an older one stays");
}

void account::judge_answer(const item& i, const response& answer) const
{
  if (i.error) {
    return;
  }
  require(answer.event_count() == 0 || i.has_query, "events without a query");
  require(answer.event_count() == 0 || std::ranges::any_of(i.attempts,
                                                           [&](const tracked* t) {
                                                             return t->at_server.found ==
                                                                        answer.event_count() ||
                                                                    t->resends != 0;
                                                           }),
          "somebody else's events, by their number");
  for (const event_view& e : answer.events()) {
    require(e.service() == name_of(i.number), "somebody else's events");
  }
}

/// Somebody wanted it so, or it is what the last attempt came to.
bool account::has_cause(const item& i) const
{
  const bool taken_back = i.given_up || closed_ || i.number <= cancelled_at_;
  if (i.error == errc::cancelled || i.error == errc::abandoned) {
    return taken_back;
  }
  if (i.error == errc::disconnected || i.error == errc::drain_timeout) {
    return disconnects_ || (i.to == top::batch && batch_due_ != never);
  }
  const bool attempted = !i.attempts.empty() && i.attempts.back()->ended;
  return (attempted && i.attempts.back()->error == i.error) || has_own_cause(i);
}

/// It is what the batch client does with what it gathers.
bool account::has_own_cause(const item& i) const
{
  if (i.to != top::batch || !(gathers(i) || i.attempts.back()->error == errc::message_too_large)) {
    return false;
  }
  const bool rejects = how_.batch.when_full == overload_policy::reject;
  if (i.error == errc::overloaded || i.error == errc::dropped) {
    return rejects == (i.error == errc::overloaded);
  }
  // A batch is as old as the first event that was put into it, and so are its halves.
  return i.error == errc::expired &&
         std::ranges::any_of(items_.begin(), items_.begin() + static_cast<std::ptrdiff_t>(i.number),
                             [&](const item& j) {
                               return j.to == top::batch &&
                                      j.submitted_at + how_.batch.max_age <= time_.now();
                             });
}

} // namespace riemann::simulation

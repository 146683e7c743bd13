#include "shell.hpp"

#include "verdict.hpp"
#include "violation.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace riemann::simulation {

shell::shell(timeline& time, dice& random, const scenario& how, promise kind, roll& messages)
    : time_{time},
      random_{random},
      how_{how},
      kind_{kind},
      messages_{messages},
      session_{how.options, how.where},
      intake_{how.options},
      invariants_{messages, how}
{}

shell::~shell()
{
  drop_connection();
  // A run that failed leaves requests linked.
  session_.release_all().clear();
  intake_.take().clear();
}

// --- from the user's side

void shell::submit(message m, time_point deadline)
{
  const session_options& o = how_.options;
  if (intake_.drops()) {
    collect(); // room is made between steps
  }
  std::uint64_t held = 0;
  std::uint64_t held_bytes = 0;
  for (const tracked& t : messages_.all()) {
    if (!t.ended && !t.handed) {
      ++held;
      held_bytes += t.size;
    }
  }
  tracked& t = messages_.add(std::move(m), deadline);
  t.request->resends_left = static_cast<std::uint8_t>(o.max_resends);
  const bool waits = o.when_full == overload_policy::wait;
  const bool room =
      held < o.max_queued + (waits ? o.max_waiting : 0) &&
      (held == 0 || held_bytes + t.size <= o.max_queued_bytes + (waits ? o.max_waiting_bytes : 0));
  bool admitted = intake_.admit(*t.request);
  require(room || !admitted, "more is queued than the bounds allow");
  require(admitted || !room || state_.held, "refused with room left");
  errc refused = errc::overloaded;
  if (!admitted && intake_.drops()) {
    if (const auto why = refusal_of(*t.request)) {
      refused = *why;
    } else {
      admitted = make_room(*t.request);
      require(admitted, "refused where others are to make way");
    }
  }
  if (!admitted) {
    intake_.refuse(*t.request, refused);
    end(t, refused);
  } else if (!std::exchange(absorbing_, true)) {
    time_.after(random_.up_to(how_.hop), [this] {
      begin(input::user);
      absorb();
      pump();
    });
  }
}

/// For what the session would refuse nobody makes way.
std::optional<errc> shell::refusal_of(const core::request& r) const
{
  const auto closed = session_.closed_to_sends();
  return closed ? closed : session_.unfit(r, time_.now());
}

bool shell::make_room(core::request& r)
{
  // Between steps, as callers come: what was taken in is in the books.
  begin(input::user);
  intake_.publish(session_.books(), session_.held_bytes());
  state_.making_room = true;
  bool admitted = intake_.admit(r);
  while (!admitted && drop_one()) {
    admitted = intake_.admit(r);
  }
  state_.making_room = false;
  return admitted;
}

/// As a transport's shell does; and it is the right one that goes.
bool shell::drop_one()
{
  const bool newest = intake_.drops_newest();
  tracked* expected = nullptr;
  for (tracked& t : messages_.all()) {
    const bool queued = !t.ended && !t.handed && t.number != messages_.all().size();
    if (queued && (newest || expected == nullptr)) {
      expected = &t;
    }
  }
  core::request* fresh = newest ? intake_.drop_one() : nullptr;
  if (fresh == nullptr && session_.drop_one()) {
    collect();
    intake_.publish(session_.books(), session_.held_bytes());
  } else {
    fresh = fresh == nullptr ? intake_.drop_one() : fresh;
    if (fresh == nullptr) {
      return false;
    }
    const auto mine = std::ranges::find_if(
        messages_.all(), [fresh](const tracked& t) { return t.request.get() == fresh; });
    end(*mine, fresh->error);
  }
  require(state_.held || (expected != nullptr && expected->ended), "another made way");
  return true;
}

void shell::absorb()
{
  absorbing_ = false;
  core::request_list taken = intake_.take();
  const statistics between = intake_.snapshot();
  require(between.messages.balanced() && between.events.balanced(),
          "the books do not balance between take and publish");
  while (!taken.empty()) {
    core::request& r = taken.front();
    taken.pop_front();
    const auto mine = std::ranges::find_if(
        messages_.all(), [&r](const tracked& t) { return t.request.get() == &r; });
    mine->submitted = true;
    mine->submitted_at = time_.now();
    note("submit ", mine->number);
    session_.submit(r, time_.now());
  }
  collect(); // what was refused was so by what was wanted until now
}

void shell::release()
{
  state_.held = false;
  begin(input::user);
  pump();
}

// --- what the session says

void shell::pump()
{
  if (state_.held) {
    return;
  }
  collect();
  for (int i = 0;; ++i) {
    require(i < 1'000, "the session asks without end");
    const auto a = session_.next_action(time_.now());
    if (std::holds_alternative<std::monostate>(a)) {
      break;
    }
    std::visit([this](auto what) { perform(std::move(what)); }, a);
    collect();
  }
  state_.cancelled = false;
  intake_.publish(session_.books(), session_.held_bytes());
  invariants_.check(state_, session_.books(), intake_.snapshot(), time_.now());
}

void shell::collect()
{
  core::request_list ended = session_.take_ended();
  while (!ended.empty()) {
    core::request& r = ended.front();
    ended.pop_front();
    require(r.where == core::phase::ended, "a live request came back");
    const auto mine = std::ranges::find_if(
        messages_.all(), [&r](const tracked& t) { return t.request.get() == &r; });
    require(mine != messages_.all().end(), "a request came back twice");
    end(*mine, r.error);
  }
}

void shell::end(tracked& t, boost::system::error_code error)
{
  t.error = error;
  note("ended ", t.number, ": ", error ? error.message() : "acked");
  if (error != errc::overloaded) {
    judge(t, state_, how_, kind_, time_.now());
  }
  if (listener_ != nullptr) {
    t.request->error = error;
    listener_->on_ended(t);
  }
  t.ended = true;
  invariants_.count(t);
  t.request.reset();
  const outcome o = outcome_of(error);
  const bool own = t.given_up || error == errc::expired || error == errc::deadline_exceeded ||
                   state_.making_room || error == errc::message_too_large;
  if (state_.wants == will::draining && t.number <= state_.drains_up_to && !own &&
      (o == outcome::not_sent || o == outcome::unknown)) {
    state_.left_behind = true;
  }
}

void shell::perform(core::finish_connect a)
{
  note("connect is through: ", a.error.message());
  require(a.error || state_.connect_waits == 0 || state_.open(), "connected, and is not");
  state_.connect_waits = 0;
  if (listener_ != nullptr) {
    listener_->on_connect_over(a.error);
  }
}

void shell::perform(core::finish_disconnect a)
{
  note("drain is through: ", a.error.message());
  require(!state_.line && !state_.closing && !state_.connecting,
          "disconnected, and there is a connection");
  require(state_.drain_waits != 0, "disconnected, and nobody asked for it");
  require(a.error || !state_.left_behind, "drained, and something was left behind");
  require(!a.error || state_.cancelled || !state_.nothing_to_drain,
          "not drained, and there was nothing to drain");
  drain_is_over();
  if (listener_ != nullptr) {
    listener_->on_disconnect_over(a.error);
  }
}

void shell::drain_is_over()
{
  state_.drain_waits = 0;
  state_.nothing_to_drain = false;
  state_.left_behind = false;
  if (state_.wants == will::draining) {
    state_.wants = state_.connect_since_drain ? will::unclear : will::disconnected;
    state_.drain_due = never;
    state_.drain_due_last = never;
  }
}

bool shell::idle() const
{
  return nothing_live() && state_.connect_waits == 0 && state_.drain_waits == 0 && !state_.held;
}

void shell::check_quiet() const
{
  require(nothing_live(), "a message never ends");
  require(state_.connect_waits == 0, "a connect never ends");
  require(state_.drain_waits == 0, "a disconnect never ends");
  require(!state_.connecting && !state_.closing && !state_.writing, "an operation never ends");
}

bool shell::nothing_live() const
{
  return std::ranges::all_of(messages_.all(), [](const tracked& t) { return t.ended; }) &&
         (!state_.line || state_.line->window().empty());
}

bool shell::queue_empty() const
{
  return std::ranges::all_of(messages_.all(),
                             [](const tracked& t) { return t.ended || t.handed || !t.submitted; });
}

} // namespace riemann::simulation

#include "invariants.hpp"

#include "violation.hpp"

#include <riemann/error.hpp>

#include <algorithm>

namespace riemann::simulation {

namespace {

void add(tally& t, outcome o, std::uint64_t n)
{
  switch (o) {
  case outcome::acked:
    t.acked += n;
    return;
  case outcome::sent:
    t.sent += n;
    return;
  case outcome::rejected:
    t.rejected += n;
    return;
  case outcome::not_sent:
    t.not_sent += n;
    return;
  case outcome::unknown:
    t.unknown += n;
    return;
  }
}

bool same_ended(const tally& a, const tally& b)
{
  return a.acked == b.acked && a.sent == b.sent && a.rejected == b.rejected &&
         a.not_sent == b.not_sent && a.unknown == b.unknown;
}

bool same_live(const tally& a, const tally& b)
{
  return a.waiting + a.queued == b.queued && a.staged == b.staged && a.in_flight == b.in_flight;
}

bool balanced(const statistics& s)
{
  return s.messages.balanced() && s.events.balanced();
}

bool passed(time_point due, std::chrono::microseconds lateness, time_point now)
{
  return due != never && due + lateness < now;
}

} // namespace

void invariants::count(const tracked& t)
{
  add(ended_, outcome_of(t.error), 1);
  add(ended_events_, outcome_of(t.error), t.request->events);
}

void invariants::check(const situation& s, const statistics& session, const statistics& all,
                       time_point now) const
{
  const live l = count_live(s);
  check_books(s, session, all, l);
  check_deadlines(s, now);
  check_progress(s, l, now);
}

invariants::live invariants::count_live(const situation& s) const
{
  live l;
  for (const tracked& t : messages_.all()) {
    if (t.ended) {
      continue;
    }
    require(!t.handed || s.open(), "a message outlived the connection it was written to");
    if (!t.handed) {
      ++l.messages.queued;
      l.events.queued += t.request->events;
      if (l.first_queued == nullptr && t.submitted) {
        l.first_queued = &t;
      }
    }
  }
  for (std::size_t i = 0; s.open() && i < s.line->window().size(); ++i) {
    const tap::owed& o = s.line->window()[i];
    if (!o.who->ended) {
      const bool through = o.end <= s.line->reported_bytes();
      ++(through ? l.messages.in_flight : l.messages.staged);
      (through ? l.events.in_flight : l.events.staged) += o.who->request->events;
    }
  }
  return l;
}

void invariants::check_books(const situation& s, const statistics& session, const statistics& all,
                             const live& l) const
{
  require(balanced(session), "the session's books do not balance");
  require(balanced(all), "the books do not balance with the intake's");
  require(same_live(all.messages, l.messages), "the books count other live messages");
  require(same_live(all.events, l.events), "the books count other live events");
  require(same_ended(all.messages, ended_), "the books count other outcomes of messages");
  require(same_ended(all.events, ended_events_), "the books count other outcomes of events");
  std::uint64_t tombstones = 0;
  if (s.open()) {
    const auto& window = s.line->window();
    tombstones = static_cast<std::uint64_t>(std::ranges::count_if(
        window, [this](const tap::owed& o) { return o.who->ended && o.who != &messages_.ping(); }));
  }
  require(session.tombstones == tombstones, "the books count other tombstones");
  const session_options& o = how_.options;
  const std::uint64_t put_back = o.max_in_flight;
  require(session.messages.queued <= o.max_queued + put_back, "more is queued than the bound");
  require(session.messages.waiting == 0 ||
              (o.when_full == overload_policy::wait && session.messages.queued != 0 &&
               session.messages.waiting <= o.max_queued + o.max_waiting),
          "messages wait, and not for room");
}

void invariants::check_deadlines(const situation& s, time_point now) const
{
  const session_options& o = how_.options;
  const auto late = how_.lateness;
  for (const tracked& t : messages_.all()) {
    if (t.ended || !t.submitted) {
      continue;
    }
    require(!passed(t.request->expires_at, late, now), "a message outlived its deadline");
    require(t.handed || !passed(t.submitted_at + o.max_queue_age, late, now),
            "a queued message outlived max_queue_age");
  }
  if (s.closing) {
    return;
  }
  require(s.connecting_since == never || !passed(s.connecting_since + o.connect_timeout, late, now),
          "connecting outlasts connect_timeout");
  require(s.shaking_hands_since == never ||
              !passed(s.shaking_hands_since + how_.handshake_timeout, late, now),
          "a handshake outlasts handshake_timeout");
  require(!s.writing || !passed(s.writing_since + o.write_timeout, late, now),
          "a write outlasts write_timeout");
  require(s.wants != will::draining || !passed(s.drain_due_last, late, now),
          "a drain outlasts its deadline");
  if (s.line && !s.line->window().empty()) {
    const time_point written = s.line->window().front().written_at;
    require(written == never || !passed(written + o.answer_timeout, late, now),
            "an answer is owed longer than answer_timeout");
  }
}

void invariants::check_progress(const situation& s, const live& l, time_point now) const
{
  require(!s.open() || s.reading, "an open connection is not read from");
  require(!s.open() || !s.line->fault(), "a fault of the server's closed nothing");
  if (s.closing) {
    return;
  }
  if (l.first_queued == nullptr) {
    const bool done = s.line ? s.line->window().empty() : true;
    require(s.wants != will::draining || s.connect_since_drain || !done,
            "a drain does not end, and nothing is left");
    return;
  }
  if (!s.line) {
    require(s.connecting || s.backing_off_until != never,
            "messages are queued and nothing connects");
    require(!passed(s.backing_off_until, how_.lateness, now), "it backs off for too long");
    return;
  }
  const auto& window = s.line->window();
  const std::size_t used = window.empty() ? 0 : window.back().end - window.front().begin;
  require(!s.wary() || (window.size() == 1 && window.front().who == &messages_.ping()),
          "a message is risked on a server that may refuse us");
  if (s.leaving) {
    return;
  }
  const bool fits = window.size() < how_.options.max_in_flight && !window.empty() && !s.wary() &&
                    used + l.first_queued->size <= how_.options.max_in_flight_bytes &&
                    !window.back().who->has_query;
  require(s.writing || s.write_failed || (!window.empty() && !fits),
          "a message could be written and is not");
}

} // namespace riemann::simulation

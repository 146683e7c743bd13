#include "verdict.hpp"

#include "violation.hpp"

#include <riemann/error.hpp>

#include <chrono>

namespace riemann::simulation {

namespace {

/// Its answer, if it had one, is its own.
void judge_answer(const tracked& t, promise kind)
{
  const response& answer = t.request->answer;
  const outcome o = outcome_of(t.error);
  if (o != outcome::acked && o != outcome::rejected) {
    return;
  }
  require(t.touched, "a message that was never written is answered");
  require(answer.event_count() == 0 || t.has_query, "events without a query");
  if (kind == promise::broken) {
    return;
  }
  if (o == outcome::rejected) {
    require(t.at_server.rejected != 0, "the server did not reject it");
    require(answer.text() == name_of(t.name()), "somebody else's rejection");
    return;
  }
  require(answer.event_count() == t.at_server.found || t.resends != 0,
          "somebody else's events, by their number");
  require(t.at_server.found != 0 || t.at_server.acknowledged != 0, "acked, and not by the server");
  for (const event_view& e : answer.events()) {
    require(e.service() == name_of(t.name()), "somebody else's events");
  }
}

/// As one that may have been written.
bool was_put_back(const tracked& t, const scenario& how)
{
  return t.request->resends_left != how.options.max_resends;
}

/// What is said of its bytes is true.
void judge_bytes(const tracked& t, const situation& s, const scenario& how)
{
  switch (outcome_of(t.error)) {
  case outcome::acked:
  case outcome::rejected:
    return;
  case outcome::sent:
    throw violation{"nothing is sent for good over a stream"};
  case outcome::not_sent:
    require(!t.touched && t.at_server.received == 0, "not sent, and bytes of it were written");
    return;
  case outcome::unknown:
    require(t.handed || t.resends != 0, "unknown, and was never handed over");
    if (t.given_up || s.writing || t.error == errc::deadline_exceeded || was_put_back(t, how)) {
      return; // it might be, or have been, written
    }
    require(t.touched, "unknown, and no byte of it was written");
    return;
  }
}

bool is_fault(const tracked& t, const situation& s)
{
  return s.handling == input::read && s.line && s.line->fault() && t.error == *s.line->fault();
}

bool answer_overdue(const situation& s, const scenario& how, time_point now)
{
  return s.handling == input::time && s.line && !s.line->window().empty() &&
         s.line->window().front().written_at <= now - how.options.answer_timeout;
}

/// The server's alert came in place of its first answer.
bool alerted(const situation& s, const scenario& how)
{
  return how.handshake && s.handling == input::read && !s.heard;
}

/// There is a reason for this error.
bool has_cause(const tracked& t, const situation& s, const scenario& how, time_point now)
{
  const bool own_deadline = t.request->expires_at <= now;
  const session_options& o = how.options;
  if (was_put_back(t, how) && outcome_of(t.error) == outcome::unknown) {
    return true; // what lost it before may be what is told
  }
  switch (static_cast<errc>(t.error.value())) {
  case errc::rejected:
    return s.handling == input::read;
  case errc::cancelled:
  case errc::abandoned:
    return t.given_up || s.cancelled || s.wants == will::shut;
  case errc::message_too_large:
    return t.body_size > o.max_message_size;
  case errc::expired:
    return own_deadline || (s.handling != input::user && t.submitted_at <= now - o.max_queue_age);
  case errc::deadline_exceeded:
    return own_deadline;
  case errc::connect_failed:
    return o.max_connect_tries != 0 && s.handling == input::connect_failed &&
           s.shaking_hands_since == never;
  case errc::connect_timeout:
    return o.max_connect_tries != 0 && s.handling == input::time &&
           s.connecting_since <= now - o.connect_timeout;
  case errc::handshake_failed:
    return o.max_connect_tries != 0 &&
           (s.handling == input::connect_failed ? s.shaking_hands_since != never : alerted(s, how));
  case errc::handshake_timeout:
    return o.max_connect_tries != 0 && s.handling == input::time &&
           s.shaking_hands_since <= now - how.handshake_timeout;
  case errc::tls_failed:
    return how.handshake && s.handling == input::read;
  case errc::connection_lost:
    return s.handling != input::user && s.handling != input::closed;
  case errc::disconnected:
    return s.wants != will::running && s.wants != will::shut;
  case errc::answer_timeout:
    return answer_overdue(s, how, now);
  case errc::write_timeout:
    return s.handling == input::time && s.writing && s.writing_since <= now - o.write_timeout;
  case errc::drain_timeout:
    return s.wants == will::draining && s.drain_due <= now;
  case errc::malformed_answer:
  case errc::answer_too_large:
  case errc::unexpected_events:
  case errc::surplus_answer:
    return is_fault(t, s);
  case errc::dropped:
    return s.making_room;
  case errc::overloaded:  // the intake's
  case errc::not_written: // what was not goes over the next connection
  case errc::not_supported:
  case errc::frame_too_large:
    return false;
  }
  return false;
}

} // namespace

void judge(const tracked& t, const situation& s, const scenario& how, promise kind, time_point now)
{
  judge_answer(t, kind);
  judge_bytes(t, s, how);
  if (t.error) {
    require(t.error.category() == error_category(), "an error that is not the library's");
    require(has_cause(t, s, how, now), "an error without a cause");
  }
  // By what was asked before, and is obeyed now.
  const bool called_off = t.given_up || s.cancelled || s.wants != will::running;
  require(!t.must_succeed || called_off || outcome_of(t.error) == outcome::acked ||
              outcome_of(t.error) == outcome::rejected || t.error == errc::expired ||
              s.making_room || t.error == errc::deadline_exceeded,
          "a queued message did not get through, with all faults gone");
}

} // namespace riemann::simulation

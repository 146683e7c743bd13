#include "shell.hpp"
#include "violation.hpp"

#include <algorithm>

/// What its user asks of a shell, other than to send.
namespace riemann::simulation {

void shell::give_up(tracked& t, bool only_unwritten)
{
  begin(input::user);
  absorb();
  if (!t.ended && t.request->where != core::phase::ended &&
      (!only_unwritten || core::unwritten(*t.request))) {
    t.given_up = true;
    note("give up ", t.number);
    session_.give_up(*t.request);
  }
  pump();
}

boost::system::error_code shell::connect()
{
  begin(input::user);
  absorb();
  note("connect");
  const auto refused = session_.connect(time_.now());
  if (refused) {
    require(state_.wants == will::draining || state_.wants == will::unclear ||
                state_.wants == will::shut,
            "a connect is refused, and nobody disconnects");
  } else {
    require(state_.wants != will::shut, "a connect after the end is not refused");
    ++state_.connect_waits;
    if (state_.wants == will::draining) {
      state_.connect_since_drain = true;
    } else {
      state_.wants = will::running;
    }
  }
  pump();
  return refused;
}

void shell::connect_unwanted()
{
  begin(input::user);
  absorb();
  note("nobody wants a connection");
  state_.connect_waits = 0;
  session_.connect_unwanted();
  pump();
}

void shell::drain(std::chrono::microseconds within)
{
  begin(input::user);
  absorb();
  ++state_.drain_waits;
  if (state_.wants == will::running || state_.wants == will::unclear) {
    state_.nothing_to_drain =
        state_.wants == will::running && !state_.closing && !state_.held && nothing_live();
    state_.wants = will::draining;
    state_.drain_due = time_.now() + within;
    state_.drain_due_last = state_.drain_due;
    state_.drains_up_to = messages_.all().size();
    state_.connect_since_drain = false;
    state_.left_behind = false;
  } else if (state_.wants == will::draining && !state_.connect_since_drain) {
    state_.drain_due = std::min(state_.drain_due, time_.now() + within);
    state_.drain_due_last = state_.drain_due;
  } else if (state_.connect_since_drain) {
    // The connect may have been taken, and this is another drain.
    state_.nothing_to_drain = false;
    state_.drain_due = std::min(state_.drain_due, time_.now() + within);
    state_.drain_due_last = std::max(state_.drain_due_last, time_.now() + within);
  }
  note("drain within ", within.count(), " us");
  session_.drain(time_.now() + within, time_.now());
  pump();
}

void shell::stop_draining()
{
  begin(input::user);
  absorb();
  note("nobody waits for the drain");
  if (state_.wants == will::draining) {
    state_.drain_due = std::min(state_.drain_due, time_.now());
  }
  session_.stop_draining();
  collect();       // before anything else is wanted
  drain_is_over(); // and nobody is told
  pump();
}

void shell::cancel()
{
  begin(input::user);
  absorb();
  state_.cancelled = true;
  note("cancel");
  session_.cancel();
  collect(); // before anything else is wanted
  pump();
}

void shell::shut()
{
  begin(input::user);
  absorb();
  state_.wants = will::shut;
  state_.cancelled = true;
  note("shut");
  session_.shut();
  pump();
}

} // namespace riemann::simulation

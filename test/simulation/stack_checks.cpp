#include "stack.hpp"
#include "trace.hpp"
#include "violation.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <utility>

/// What a stack says, held against what may be.
namespace riemann::simulation {

using namespace std::chrono_literals;

void stack::told(waited& w, boost::system::error_code error)
{
  note(time_, "told of waiting: ", error.message());
  require(!w.told, "a wait is over twice");
  w.told = true;
  w.error = error;
  switch (w.what) {
  case waited::kind::connect:
    require(!error || meddled_ || !w.in_health, "a connect fails, with all faults gone");
    down_ = down_ && (error.failed() || w.drains != drains_);
    known_.is_down(down_);
    return;
  case waited::kind::disconnect:
    return;
  case waited::kind::flush:
  case waited::kind::close:
    if (error != boost::asio::error::operation_aborted) {
      flushed_.push_back(&w);
    }
    require(error != boost::asio::error::operation_aborted || meddled_,
            "a flush is aborted, and nobody wants it so");
  }
}

/// Those that are over since the handlers ran last.
void stack::check_flushed()
{
  for (const waited* const w : std::exchange(flushed_, {})) {
    const auto later = std::ranges::count_if(
        known_.items(), [&](const item& i) { return i.to == top::batch && i.number > w->up_to; });
    require(!batch_ || batch_->statistics().events.live() <= static_cast<std::uint64_t>(later),
            "a flush is over before its events");
    for (const item* const i : w->awaited) {
      require(i->told, "a flush is over before somebody who waits");
      require(w->error || !i->error || i->given_up || i->error == errc::overloaded ||
                  i->error == errc::disconnected,
              "a flush is good, and an event has failed");
    }
  }
}

void stack::check()
{
  known_.rethrow();
  require(uncalled_ == 0, "a handler was destroyed uncalled");
  // Where only bytes have moved, only the sessions know.
  if (std::exchange(changed_, false) || ++unchecked_ % 16 == 0) {
    check_books();
  }
}

void stack::check_books() const
{
  if (!below_) {
    return;
  }
  std::optional<batch_statistics> batch;
  if (batch_) {
    batch = batch_->statistics();
  }
  known_.check(batch ? &*batch : nullptr, below_->statistics(), calm_);
  std::uint64_t attempts = 0;
  for (const auto& line : lines_) {
    attempts += line->statistics().messages.submitted;
  }
  known_.check_attempts(attempts);
  for (const waited& w : waits_) {
    const bool drains = w.what == waited::kind::disconnect || w.what == waited::kind::close;
    require(w.told || !drains || w.due == never || time_.now() < w.due + 200ms,
            "a drain outlasts its deadline");
  }
}

bool stack::idle() const
{
  return known_.all_told() && (!batch_ || batch_->statistics().events.live() == 0) &&
         std::ranges::all_of(waits_, &waited::told);
}

void stack::check_quiet()
{
  check();
  check_books();
  require(known_.all_told(), "something that was handed over never ends");
  require(std::ranges::all_of(waits_, &waited::told), "a wait never ends");
  require(!below_ || below_->statistics().messages.live() == 0, "a message is live for ever");
  require(!batch_ || batch_->statistics().events.live() == 0, "an event is live for ever");
  for (const auto& line : lines_) {
    line->inside().check_quiet();
  }
}

void stack::check_all_well() const
{
  for (std::size_t i = 0; i != lines_.size(); ++i) {
    require(how_.dead[i] || !how_.pools || !lines_[i]->failed(),
            "a connection that has failed is not opened again, and could be");
  }
}

void stack::check_gone() const
{
  known_.rethrow();
  require(uncalled_ == 0, "a handler was destroyed uncalled");
  require(below_alive_.expired(), "a pool outlives its users and its work");
  require(batch_alive_.expired(), "a batch client outlives its users and its work");
  for (const auto& line : lines_) {
    require(context_gone_ || !line->inside().state().line, "a connection outlives its users");
  }
}

} // namespace riemann::simulation

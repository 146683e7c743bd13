#include "core/batcher.hpp"

#include "core/request_queue.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace riemann::inline v0::core {

namespace {

/// What the function owns is not to be kept here.
batch_options without_function(batch_options options)
{
  options.on_loss = nullptr;
  return options;
}

} // namespace

batcher::batcher(const batch_options& options)
    : options_{without_function(options)},
      tells_losses_{options.on_loss != nullptr},
      max_bytes_{options.max_bytes}
{}

batcher::admission batcher::add(std::span<const std::byte> event, batch_waiter* waiter)
{
  return take(event.size(), waiter, [&](std::byte* out) {
    std::memcpy(out, event.data(), event.size());
    return out + event.size();
  });
}

batcher::admission batcher::add_measured(const detail::event_source& event, batch_waiter* waiter)
{
  return take(event.size(), waiter, [&](std::byte* out) { return event.write(out); });
}

template <class Write>
batcher::admission batcher::take(std::size_t size, batch_waiter* waiter, Write write)
{
  if (state_ != state::open || !has_room(size)) [[unlikely]] {
    if (const auto error = make_room(size)) {
      refuse(waiter, error);
      return {false, false};
    }
  }
  const bool begins = gathered_.empty() || !fits(gathered_.back(), size);
  batch& into = begins ? begin_batch() : gathered_.back();
  try {
    into.append(size, waiter, max_bytes_, write);
  } catch (...) {
    if (into.events() == 0) {
      release(gathered_, std::prev(gathered_.end()));
    }
    throw;
  }
  return taken(into, size, begins);
}

/// Success: there is room, perhaps since others made way.
boost::system::error_code batcher::make_room(std::size_t size)
{
  switch (state_) {
  case state::open:
    break;
  case state::closing:
  case state::closed:
    return errc::disconnected;
  case state::shut:
    return errc::cancelled;
  }
  while (!has_room(size)) {
    switch (options_.when_full) {
    case overload_policy::reject:
    case overload_policy::wait:
      return errc::overloaded;
    case overload_policy::drop_oldest:
      drop(true);
      break;
    case overload_policy::drop_newest:
      drop(false);
      break;
    }
  }
  return {};
}

void batcher::refuse(batch_waiter* waiter, boost::system::error_code error) noexcept
{
  ++books_.events.submitted;
  count(1, nullptr, error, false);
  if (waiter != nullptr) {
    end(*waiter, error, {});
  }
}

void batcher::drop(bool oldest) noexcept
{
  const auto at = oldest ? gathered_.begin() : std::prev(gathered_.end());
  const std::size_t before = at->size();
  batch_waiter* const waiter = oldest ? at->drop_first() : at->drop_last();
  queued_bytes_ -= before - at->size();
  end_queued(waiter, *at, errc::dropped);
  if (at->events() == 0) {
    release(gathered_, at);
  }
}

batch& batcher::begin_batch()
{
  close_last();
  ++last_number_;
  if (free_.empty()) {
    return gathered_.emplace_back(last_number_);
  }
  gathered_.splice(gathered_.end(), free_, free_.begin());
  gathered_.back().reuse(last_number_);
  return gathered_.back();
}

void batcher::close_last()
{
  if (!gathered_.empty()) {
    batch& last = gathered_.back();
    last.closed = true;
    if (gathered_.size() > options_.max_outstanding) {
      // It will have to wait: many may.
      last.trim();
    }
  }
}

batch* batcher::next(time_point now) noexcept
{
  take_in(now);
  end_overdue(now);
  if (gathered_.empty() || !may_go(gathered_.front(), now)) {
    return nullptr;
  }
  return &hand_over();
}

/// Notes when those gathered since the last time were.
void batcher::take_in(time_point now) noexcept
{
  for (auto b = gathered_.rbegin(); b != gathered_.rend() && b->since == never; ++b) {
    b->since = now;
  }
}

void batcher::end_overdue(time_point now) noexcept
{
  while (!gathered_.empty() && later(gathered_.front().since, options_.max_age) <= now) {
    end_gathered(errc::expired, {});
  }
  if (state_ == state::closing && close_due_ <= now) {
    state_ = state::closed;
    while (!gathered_.empty()) {
      end_gathered(errc::disconnected, {});
    }
    give_up_all(errc::drain_timeout, {});
  }
}

bool batcher::may_go(const batch& b, time_point now) const noexcept
{
  return outstanding_.empty() || (outstanding_.size() < options_.max_outstanding &&
                                  (b.closed || later(b.since, options_.linger) <= now));
}

batch& batcher::hand_over() noexcept
{
  outstanding_.splice(outstanding_.end(), gathered_, gathered_.begin());
  batch& b = outstanding_.back();
  b.closed = true;
  queued_bytes_ -= b.size();
  books_.events.queued -= b.events();
  books_.events.in_flight += b.events();
  ++books_.batches;
  return b;
}

time_point batcher::next_deadline() const noexcept
{
  time_point due = state_ == state::closing && !idle() ? close_due_ : never;
  if (!gathered_.empty()) {
    const batch& b = gathered_.front();
    due = std::min(due, later(b.since, options_.max_age));
    if (outstanding_.size() < options_.max_outstanding) {
      due = std::min(due, later(b.since, options_.linger));
    }
  }
  return due;
}

} // namespace riemann::inline v0::core

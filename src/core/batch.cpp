#include "core/batch.hpp"

#include "codec/wire_reader.hpp"

#include <riemann/event_view.hpp>

#include <algorithm>
#include <iterator>

namespace riemann::inline v0::core {

void batch::reuse(std::uint64_t number) noexcept
{
  number_ = number;
  first_ = 0;
  events_ = 0;
  if (frame_ && !frame_.is_alone()) {
    frame_ = {};
    capacity_ = prefix;
  }
  end_ = prefix;
  head_ = prefix;
  last_ = unknown;
  given_up_.clear();
  given_up_for_good_ = 0;
  since = never;
  closed = false;
  forgotten = false;
}

void batch::trim()
{
  if (capacity_ - prefix - size() > size() / 8) {
    move_to(prefix + size());
  }
}

void batch::move_to(std::size_t room)
{
  detail::shared_bytes other{room};
  const auto events = bytes();
  if (!events.empty()) {
    std::memcpy(other.get() + prefix, events.data(), events.size());
  }
  frame_ = std::move(other);
  capacity_ = room;
  end_ = prefix + events.size();
  head_ = prefix;
  last_ = unknown;
}

/// A message that was made of it may live on.
void batch::make_own()
{
  if (!frame_.is_alone()) {
    move_to(capacity_);
  }
}

/// Geometrically, but not beyond the limit: many full batches may have to wait.
void batch::grow(std::size_t more, std::size_t limit)
{
  move_to(prefix + std::max(size() + more, std::min(2 * (capacity_ - prefix), limit)));
}

batch_waiter* batch::drop_first() noexcept
{
  batch_waiter* waiter = nullptr;
  if (!waiters_.empty() && waiters_.front().position == position_of(first_)) {
    waiter = &waiters_.front();
    waiters_.pop_front();
  }
  head_ += event_size(head_);
  ++first_;
  --events_;
  return waiter;
}

batch_waiter* batch::drop_last() noexcept
{
  const std::uint32_t index = first_ + events_ - 1;
  batch_waiter* waiter = nullptr;
  if (!waiters_.empty() && waiters_.back().position == position_of(index)) {
    waiter = &waiters_.back();
    waiters_.pop_back();
  }
  end_ = last_ != unknown ? last_ : where(index);
  last_ = unknown;
  --events_;
  return waiter;
}

void batch::take_out(batch_waiter& waiter) noexcept
{
  const auto index = static_cast<std::uint32_t>(waiter.position);
  waiters_.erase(waiters_.iterator_to(waiter));
  erase(index);
}

void batch::erase(std::uint32_t index) noexcept
{
  const std::size_t at = where(index);
  const std::size_t gone = event_size(at);
  const auto behind = from(at + gone);
  std::memmove(frame_.get() + at, behind.data(), behind.size());
  end_ -= gone;
  last_ = unknown;
  --events_;
  for (auto w = waiters_.rbegin(); w != waiters_.rend() && w->position > position_of(index); ++w) {
    --w->position;
  }
}

void batch::split(batch& behind)
{
  make_own();
  const std::size_t half = head_ + size() / 2;
  std::size_t at = head_;
  std::uint32_t left = 0;
  do {
    at += event_size(at);
    ++left;
  } while (at < half && left + 1 != events_);

  behind.number_ = number_;
  behind.first_ = first_ + left;
  behind.events_ = events_ - left;
  const auto moved = from(at);
  behind.grow(moved.size(), 0);
  std::memcpy(behind.frame_.get() + prefix, moved.data(), moved.size());
  behind.end_ = prefix + moved.size();
  behind.since = since;
  const auto of_others = std::ranges::find_if(
      waiters_, [&](const batch_waiter& w) { return w.position >= position_of(behind.first_); });
  behind.waiters_.splice(behind.waiters_.end(), waiters_, of_others, waiters_.end());
  end_ = at;
  last_ = unknown;
  events_ = left;
}

void batch::give_up(batch_waiter& waiter)
{
  given_up_.push_back(static_cast<std::uint32_t>(waiter.position));
  waiters_.erase(waiters_.iterator_to(waiter));
}

batch_waiters batch::give_up_all() noexcept
{
  given_up_for_good_ += static_cast<std::uint32_t>(waiters_.size());
  batch_waiters all;
  all.swap(waiters_);
  return all;
}

void batch::drop_given_up()
{
  if (!given_up_.empty()) {
    make_own();
  }
  std::ranges::sort(given_up_, std::ranges::greater{});
  for (const std::uint32_t index : given_up_) {
    erase(index);
  }
  given_up_.clear();
}

std::string batch::first_service() const
{
  codec::field f;
  codec::wire_reader reader{bytes()};
  if (reader.next(f) != codec::step::field) {
    return {};
  }
  return std::string{event_view{f.bytes}.service().value_or("")};
}

std::size_t batch::event_size(std::size_t at) const noexcept
{
  const auto rest = from(at);
  codec::field f;
  codec::wire_reader reader{rest};
  // What `message` has encoded is well formed.
  static_cast<void>(reader.next(f));
  return rest.size() - reader.rest().size();
}

std::size_t batch::where(std::uint32_t index) const noexcept
{
  std::size_t at = head_;
  for (std::uint32_t i = first_; i != index; ++i) {
    at += event_size(at);
  }
  return at;
}

} // namespace riemann::inline v0::core

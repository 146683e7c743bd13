#include "core/batch.hpp"

#include "codec/wire_reader.hpp"

#include <riemann/event_view.hpp>

#include <algorithm>
#include <iterator>

namespace riemann::core {

void batch::reuse(std::uint64_t number) noexcept
{
  number_ = number;
  first_ = 0;
  events_ = 0;
  bytes_.clear();
  head_ = 0;
  last_ = unknown;
  given_up_.clear();
  since = never;
  closed = false;
  forgotten = false;
}

void batch::trim()
{
  if (bytes_.capacity() - size() > size() / 8) {
    bytes_ = std::vector<std::byte>(bytes().begin(), bytes().end());
    head_ = 0;
    last_ = unknown;
  }
}

/// Geometrically, but not beyond the limit: many full batches may have to wait.
void batch::grow(std::size_t more, std::size_t limit)
{
  bytes_.reserve(std::max(bytes_.size() + more, std::min(2 * bytes_.capacity(), limit)));
}

request* batch::drop_first() noexcept
{
  request* waiter = nullptr;
  if (!waiters_.empty() && waiters_.front().position == position_of(first_)) {
    waiter = &waiters_.front();
    waiters_.pop_front();
  }
  head_ += event_size(head_);
  ++first_;
  --events_;
  return waiter;
}

request* batch::drop_last() noexcept
{
  const std::uint32_t index = first_ + events_ - 1;
  request* waiter = nullptr;
  if (!waiters_.empty() && waiters_.back().position == position_of(index)) {
    waiter = &waiters_.back();
    waiters_.pop_back();
  }
  bytes_.resize(last_ != unknown ? last_ : where(index));
  last_ = unknown;
  --events_;
  return waiter;
}

void batch::take_out(request& waiter) noexcept
{
  const auto index = static_cast<std::uint32_t>(waiter.position);
  waiters_.erase(waiters_.iterator_to(waiter));
  erase(index);
}

void batch::erase(std::uint32_t index) noexcept
{
  const auto from = bytes_.begin() + static_cast<std::ptrdiff_t>(where(index));
  bytes_.erase(from, from + static_cast<std::ptrdiff_t>(
                                event_size(static_cast<std::size_t>(from - bytes_.begin()))));
  last_ = unknown;
  --events_;
  for (auto w = waiters_.rbegin(); w != waiters_.rend() && w->position > position_of(index); ++w) {
    --w->position;
  }
}

void batch::split(batch& behind)
{
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
  behind.bytes_.assign(bytes_.begin() + static_cast<std::ptrdiff_t>(at), bytes_.end());
  behind.since = since;
  const auto of_others = std::ranges::find_if(
      waiters_, [&](const request& w) { return w.position >= position_of(behind.first_); });
  behind.waiters_.splice(behind.waiters_.end(), waiters_, of_others, waiters_.end());
  bytes_.resize(at);
  last_ = unknown;
  events_ = left;
}

void batch::give_up(request& waiter)
{
  given_up_.push_back(static_cast<std::uint32_t>(waiter.position));
  waiters_.erase(waiters_.iterator_to(waiter));
}

void batch::drop_given_up() noexcept
{
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
  const auto rest = std::span{bytes_}.subspan(at);
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

} // namespace riemann::core

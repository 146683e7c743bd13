#include "core/request_queue.hpp"

#include <algorithm>
#include <utility>

namespace riemann::inline v0::core {

void request_queue::enqueue(request& r, time_point now)
{
  r.queued_at = now;
  if (options_.when_full == overload_policy::wait && (!waiting_.empty() || !has_room(r))) {
    waiting_.push_back(r);
    waiting_bytes_ += r.size;
    ledger_.move(r, phase::waiting);
  } else {
    queue_.push_back(r);
    queued_bytes_ += r.size;
  }
  if (r.expires_at != never) {
    deadlines_.insert(r);
  }
}

bool request_queue::has_room(const request& r) const noexcept
{
  return queue_.empty() || (queue_.size() < options_.max_queued &&
                            queued_bytes_ + r.size <= options_.max_queued_bytes);
}

void request_queue::refill() noexcept
{
  while (!waiting_.empty() && has_room(waiting_.front())) {
    request& r = waiting_.front();
    waiting_.pop_front();
    waiting_bytes_ -= r.size;
    queue_.push_back(r);
    queued_bytes_ += r.size;
    ledger_.move(r, phase::queued);
  }
}

void request_queue::fail_queue(errc code, const response& reason)
{
  while (!queue_.empty()) {
    request& r = queue_.front();
    end_queued(r, code, static_cast<errc>(r.error.value()), reason);
  }
}

bool request_queue::drop_one()
{
  if (queue_.empty()) {
    return false;
  }
  const bool oldest = options_.when_full == overload_policy::drop_oldest;
  request& r = oldest ? queue_.front() : queue_.back();
  end_queued(r, errc::dropped, static_cast<errc>(r.error.value()), why_not_);
  return true;
}

void request_queue::unqueue(request& r) noexcept
{
  if (r.where == phase::waiting) {
    waiting_.erase(waiting_.iterator_to(r));
    waiting_bytes_ -= r.size;
    return;
  }
  queue_.erase(queue_.iterator_to(r));
  queued_bytes_ -= r.size;
  refill();
}

void request_queue::requeue(request_list& again) noexcept
{
  for (request& r : again) {
    ledger_.move(r, phase::queued);
    queued_bytes_ += r.size;
  }
  queue_.splice(queue_.begin(), again);
}

request* request_queue::overdue(time_point now) noexcept
{
  if (!deadlines_.empty() && deadlines_.begin()->expires_at <= now) {
    return &*deadlines_.begin();
  }
  return age_due() <= now ? &queue_.front() : nullptr;
}

time_point request_queue::overdue_at() const noexcept
{
  return std::min(deadlines_.empty() ? never : deadlines_.begin()->expires_at, age_due());
}

time_point request_queue::age_due() const noexcept
{
  return queue_.empty() ? never : later(queue_.front().queued_at, options_.max_queue_age);
}

request_list request_queue::take_ended() noexcept
{
  request_list ended;
  ended.swap(ended_);
  return ended;
}

request_list request_queue::release_queue() noexcept
{
  request_list all = take_ended();
  all.splice(all.end(), queue_);
  all.splice(all.end(), waiting_);
  queued_bytes_ = 0;
  waiting_bytes_ = 0;
  deadlines_.clear();
  return all;
}

} // namespace riemann::inline v0::core

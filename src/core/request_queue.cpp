#include "core/request_queue.hpp"

#include <algorithm>
#include <utility>

namespace riemann::core {

void request_queue::enqueue(request& r, time_point now)
{
  r.queued_at = now;
  queue_.push_back(r);
  queued_bytes_ += r.size;
  if (r.expires_at != never) {
    deadlines_.insert(r);
  }
}

void request_queue::fail_queue(errc code, const response& reason)
{
  while (!queue_.empty()) {
    request& r = queue_.front();
    unqueue(r);
    end(r, code, reason);
  }
}

void request_queue::unqueue(request& r) noexcept
{
  queue_.erase(queue_.iterator_to(r));
  queued_bytes_ -= r.size;
}

void request_queue::requeue(request_list& staged) noexcept
{
  for (request& r : staged) {
    ledger_.move(r, phase::queued);
    queued_bytes_ += r.size;
  }
  queue_.splice(queue_.begin(), staged);
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
  queued_bytes_ = 0;
  deadlines_.clear();
  return all;
}

} // namespace riemann::core

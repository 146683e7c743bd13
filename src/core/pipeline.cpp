#include "core/pipeline.hpp"

#include <algorithm>

namespace riemann::core {

namespace {

/// Frames of this size and more, in bytes, are not worth copying.
constexpr std::size_t direct_size = std::size_t{64} << 10;
/// A write buffer larger than this is given back once it is written.
constexpr std::size_t resting_buffer = std::size_t{16} << 10;
constexpr std::size_t first_window = 16;

/// `ok = true` and nothing else: what acknowledges every message of events.
bool is_plain_ack(std::span<const std::byte> body) noexcept
{
  return body.size() == 2 && body[0] == std::byte{0x10} && body[1] == std::byte{0x01};
}

time_point later(time_point t, std::chrono::milliseconds d) noexcept
{
  return t > never - d ? never : t + d;
}

} // namespace

pipeline::pipeline(const session_options& options, ledger& books)
    : options_{options}, ledger_{books}
{}

void pipeline::enqueue(request& r, time_point now)
{
  r.queued_at = now;
  queue_.push_back(r);
  queued_bytes_ += r.size;
  if (r.expires_at != never) {
    deadlines_.insert(r);
  }
}

void pipeline::give_up(request& r, errc queued_code, errc written_code)
{
  switch (r.where) {
  case phase::queued:
    unqueue(r);
    return end(r, queued_code, {});
  case phase::staged:
  case phase::in_flight:
    window_[static_cast<std::size_t>(r.position - first_position_)].owner = nullptr;
    ++ledger_.books().tombstones;
    return end(r, written_code, {});
  case phase::fresh:
  case phase::ended:
    return;
  }
}

bool pipeline::may_stage(const request& r) const noexcept
{
  if (window_.empty()) {
    return true;
  }
  return !barrier_ && window_.size() < options_.max_in_flight &&
         window_bytes_ + r.size <= options_.max_in_flight_bytes;
}

void pipeline::stage()
{
  while (!queue_.empty() && may_stage(queue_.front())) {
    request& r = queue_.front();
    const bool direct = r.size >= direct_size;
    if (!buffer_.empty() && (direct || buffer_.size() + r.size > options_.max_write_size)) {
      return;
    }
    unqueue(r);
    stage_one(r);
    if (direct) {
      large_ = std::move(r.payload);
      direct_ = true;
      return;
    }
    const auto frame = r.payload.frame();
    buffer_.insert(buffer_.end(), frame.begin(), frame.end());
  }
}

void pipeline::stage_one(request& r)
{
  if (window_.full()) {
    window_.set_capacity(std::max(first_window, window_.capacity() * 2));
  }
  staged_offset_ += r.size;
  window_bytes_ += r.size;
  r.position = first_position_ + window_.size();
  window_.push_back(entry{&r, staged_offset_, r.size, never, r.payload.has_query()});
  barrier_ = r.payload.has_query();
  ledger_.move(r, phase::staged);
}

std::span<const std::byte> pipeline::pending() const noexcept
{
  const std::span<const std::byte> whole = direct_ ? large_.frame() : std::span{buffer_};
  return whole.subspan(pending_offset_);
}

void pipeline::wrote(std::size_t n, time_point now)
{
  pending_offset_ += n;
  written_offset_ += n;
  ledger_.books().bytes_written += n;
  while (written_count_ < window_.size() && window_[written_count_].end_offset <= written_offset_) {
    entry& e = window_[written_count_++];
    e.written_at = now;
    if (e.owner != nullptr) {
      ledger_.move(*e.owner, phase::in_flight);
    }
  }
  if (pending().empty()) {
    const bool oversized = buffer_.capacity() > resting_buffer && buffer_.size() < resting_buffer;
    buffer_.clear();
    if (oversized && queue_.empty()) {
      buffer_.shrink_to_fit();
    }
    if (direct_) {
      large_ = message{};
      direct_ = false;
    }
    pending_offset_ = 0;
  }
}

boost::system::error_code pipeline::answer(std::span<const std::byte> body)
{
  if (window_.empty()) {
    return errc::surplus_answer;
  }
  const entry front = window_.front();
  response parsed;
  if (!is_plain_ack(body)) {
    auto checked = response::parse({body.begin(), body.end()});
    if (!checked) {
      return checked.error();
    }
    parsed = std::move(*checked);
    if (!front.has_query && parsed.event_count() != 0) {
      return errc::unexpected_events;
    }
  }
  pop_window();
  if (front.owner == nullptr) {
    --ledger_.books().tombstones;
  } else if (parsed.ok()) {
    end(*front.owner, {}, std::move(parsed));
  } else {
    end(*front.owner, errc::rejected, std::move(parsed));
  }
  return {};
}

void pipeline::pop_window() noexcept
{
  const entry& front = window_.front();
  window_bytes_ -= front.size;
  if (front.has_query) {
    barrier_ = false;
  }
  // An answer can overtake the news that its message was written.
  if (written_count_ != 0) {
    --written_count_;
  }
  ++first_position_;
  window_.pop_front();
}

void pipeline::fail_window(const verdict& why, bool writing)
{
  for (const entry& e : window_) {
    if (e.owner == nullptr) {
      --ledger_.books().tombstones;
      continue;
    }
    const bool untouched = !writing && e.end_offset - e.size >= written_offset_;
    end(*e.owner, untouched ? why.unwritten : why.written, why.reason);
  }
  clear_window();
}

void pipeline::clear_window() noexcept
{
  first_position_ += window_.size();
  window_.clear();
  window_bytes_ = 0;
  written_count_ = 0;
  barrier_ = false;
}

void pipeline::reset_stream() noexcept
{
  buffer_.clear();
  large_ = message{};
  direct_ = false;
  pending_offset_ = 0;
  staged_offset_ = 0;
  written_offset_ = 0;
}

void pipeline::fail_queue(errc code, const response& reason)
{
  while (!queue_.empty()) {
    request& r = queue_.front();
    unqueue(r);
    end(r, code, reason);
  }
}

void pipeline::expire(time_point now)
{
  while (!deadlines_.empty() && deadlines_.begin()->expires_at <= now) {
    give_up(*deadlines_.begin(), errc::expired, errc::deadline_exceeded);
  }
  while (age_due() <= now) {
    give_up(queue_.front(), errc::expired, errc::deadline_exceeded);
  }
}

time_point pipeline::next_deadline() const noexcept
{
  const time_point own = deadlines_.empty() ? never : deadlines_.begin()->expires_at;
  return std::min({own, age_due(), answer_due()});
}

bool pipeline::answer_overdue(time_point now) const noexcept
{
  return answer_due() <= now;
}

time_point pipeline::answer_due() const noexcept
{
  return written_count_ == 0 ? never : later(window_.front().written_at, options_.answer_timeout);
}

time_point pipeline::age_due() const noexcept
{
  return queue_.empty() ? never : later(queue_.front().queued_at, options_.max_queue_age);
}

void pipeline::unqueue(request& r) noexcept
{
  queue_.erase(queue_.iterator_to(r));
  queued_bytes_ -= r.size;
}

void pipeline::end(request& r, boost::system::error_code code, response answer)
{
  if (r.deadline_link.is_linked()) {
    deadlines_.erase(deadlines_.iterator_to(r));
  }
  ledger_.ended(r, outcome_of(code));
  r.error = code;
  r.answer = std::move(answer);
  ended_.push_back(r);
}

request_list pipeline::take_ended() noexcept
{
  request_list ended;
  ended.swap(ended_);
  return ended;
}

request_list pipeline::release_all() noexcept
{
  request_list all = take_ended();
  all.splice(all.end(), queue_);
  queued_bytes_ = 0;
  for (const entry& e : window_) {
    if (e.owner != nullptr) {
      all.push_back(*e.owner);
    }
  }
  deadlines_.clear();
  clear_window();
  return all;
}

} // namespace riemann::core

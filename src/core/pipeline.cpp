#include "core/pipeline.hpp"

#include <algorithm>

namespace riemann::inline v0::core {

namespace {

/// Frames of this size and more, in bytes, are not worth copying.
constexpr std::size_t direct_size = std::size_t{64} << 10;
constexpr std::size_t first_window = 16;

/// `ok = true` and nothing else: what acknowledges every message of events.
bool is_plain_ack(std::span<const std::byte> body) noexcept
{
  return body.size() == 2 && body[0] == std::byte{0x10} && body[1] == std::byte{0x01};
}

} // namespace

void pipeline::give_up(request& r, errc queued_code, errc written_code)
{
  switch (r.where) {
  case phase::waiting:
  case phase::queued:
    return end_queued(r, queued_code, written_code, why_not_);
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

void pipeline::make_place()
{
  if (window_.full()) {
    window_.set_capacity(std::max(first_window, window_.capacity() * 2));
  }
}

void pipeline::stage()
{
  while (!queue_.empty() && may_stage(queue_.front())) {
    request& r = queue_.front();
    const bool direct = r.size >= direct_size;
    if (!buffer_.empty() && (direct || buffer_.size() + r.size > options_.max_write_size)) {
      return;
    }
    // What may want memory comes first.
    make_place();
    if (!direct) {
      const auto frame = r.payload.frame();
      buffer_.insert(buffer_.end(), frame.begin(), frame.end());
    } else if (r.resends_left != 0) {
      large_ = r.payload;
    }
    unqueue(r);
    stage_one(r);
    if (direct) {
      if (r.resends_left == 0) {
        large_ = std::move(r.payload);
      }
      direct_ = true;
      return;
    }
  }
}

void pipeline::stage_ping()
{
  const message ping;
  const auto frame = ping.frame();
  make_place();
  buffer_.insert(buffer_.end(), frame.begin(), frame.end());
  staged_offset_ += frame.size();
  window_bytes_ += frame.size();
  window_.push_back(entry{nullptr, staged_offset_, frame.size(), never, false, true});
  ++ledger_.books().pings;
}

void pipeline::stage_one(request& r) noexcept
{
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

bool pipeline::wrote(std::size_t n, boost::system::error_code error, time_point now)
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
    buffer_.clear();
    if (direct_) {
      large_ = message{};
      direct_ = false;
    }
    pending_offset_ = 0;
  }
  return error.failed();
}

boost::system::error_code pipeline::answer(std::span<const std::byte> body, time_point now)
{
  if (window_.empty()) {
    return errc::surplus_answer;
  }
  if (is_plain_ack(body)) {
    if (request* const acked = take_front(now)) {
      acked->error = {};
      end(*acked, outcome::acked);
    }
    return {};
  }
  auto checked = response::parse({body.begin(), body.end()});
  if (!checked) {
    return checked.error();
  }
  if (!window_.front().has_query && checked->event_count() != 0) {
    return errc::unexpected_events;
  }
  if (request* const owner = take_front(now)) {
    const boost::system::error_code code =
        checked->ok() ? boost::system::error_code{} : errc::rejected;
    end(*owner, code, std::move(*checked));
  }
  return {};
}

/// Whose turn it is to be answered; none: a tombstone's.
request* pipeline::take_front(time_point now) noexcept
{
  const entry& front = window_.front();
  request* const owner = front.owner;
  if (!front.ping) {
    // An answer can overtake the news that its message was written.
    const auto written = written_count_ == 0 ? now : front.written_at;
    ledger_.books().round_trips.add(now - written);
    ledger_.books().tombstones -= owner == nullptr ? 1 : 0;
  }
  pop_window();
  return owner;
}

void pipeline::pop_window() noexcept
{
  const entry& front = window_.front();
  window_bytes_ -= front.size;
  if (front.has_query) {
    barrier_ = false;
  }
  if (written_count_ != 0) {
    --written_count_;
  }
  ++first_position_;
  window_.pop_front();
}

bool pipeline::fail_window(const verdict& why, bool writing)
{
  request_list again;
  bool all = true;
  for (const entry& e : window_) {
    if (e.owner == nullptr) {
      ledger_.books().tombstones -= e.ping ? 0 : 1;
      continue;
    }
    request& r = *e.owner;
    const bool untouched = !writing && e.end_offset - e.size >= written_offset_;
    if (why.goes_on && put_back(r, untouched, why.written)) {
      again.push_back(r);
    } else {
      all = false;
      end(r, untouched && !r.error ? why.unwritten : why.written, why.reason);
    }
  }
  clear_window();
  requeue(again);
  return all;
}

/// For the next connection, if that does no harm or was asked for.
bool pipeline::put_back(request& r, bool untouched, errc lost_by) noexcept
{
  if (!untouched) {
    if (r.resends_left == 0) {
      return false;
    }
    --r.resends_left;
    ++ledger_.books().resends;
    r.error = lost_by;
  } else if (direct_ && r.resends_left == 0 && r.position + 1 == first_position_ + window_.size()) {
    // Written from itself, it would have been.
    r.payload = std::move(large_);
    large_ = message{};
    direct_ = false;
  }
  return true;
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

void pipeline::rest()
{
  if (!has_pending()) {
    buffer_ = std::vector<std::byte>{};
  }
  if (window_.empty()) {
    window_.set_capacity(0);
  }
}

void pipeline::expire(time_point now)
{
  while (request* const r = overdue(now)) {
    give_up(*r, errc::expired, errc::deadline_exceeded);
  }
}

time_point pipeline::next_deadline() const noexcept
{
  return std::min(overdue_at(), answer_due());
}

bool pipeline::answer_overdue(time_point now) const noexcept
{
  return answer_due() <= now;
}

time_point pipeline::answer_due() const noexcept
{
  return written_count_ == 0 ? never : later(window_.front().written_at, options_.answer_timeout);
}

request_list pipeline::release_all() noexcept
{
  request_list all = release_queue();
  for (const entry& e : window_) {
    if (e.owner != nullptr) {
      all.push_back(*e.owner);
    }
  }
  clear_window();
  return all;
}

} // namespace riemann::inline v0::core

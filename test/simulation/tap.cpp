#include "tap.hpp"

#include "violation.hpp"

namespace riemann::simulation {

void tap::handed(std::span<const std::byte> pending)
{
  const std::size_t already = handed_ - reported_;
  require(pending.size() >= already, "a write left out what was not taken yet");
  const std::size_t first = window_.size();
  for (auto rest = pending.subspan(already); !rest.empty();) {
    require(rest.size() >= 4, "a write ends within a frame");
    const std::size_t size = 4 + announced(rest);
    require(rest.size() >= size, "a write ends within a frame");
    handed_one(rest.first(size));
    rest = rest.subspan(size);
  }
  require(window_.size() <= first + 1 || pending.size() <= options_.max_write_size,
          "a write is larger than max_write_size");
}

void tap::handed_one(std::span<const std::byte> frame)
{
  if (frame.size() == 4) {
    require(window_.empty(), "the server is asked whether it is there, and owes an answer");
    window_.push_back({&messages_.ping(), handed_, handed_ + frame.size()});
    window_bytes_ += frame.size();
    handed_ += frame.size();
    return;
  }
  tracked* const who = messages_.find(decode(frame.subspan(4)));
  require(who != nullptr && who->submitted, "a message nobody submitted is written");
  require(!who->handed, "a message is written twice");
  require(!who->ended, "a message that has ended is written");
  require(who->number > last_number_, "messages are written out of order");
  require(window_.empty() || !window_.back().who->has_query,
          "a message is written behind an unanswered query");
  require(window_.size() < options_.max_in_flight, "more than max_in_flight are in flight");
  require(window_.empty() || window_bytes_ + frame.size() <= options_.max_in_flight_bytes,
          "more than max_in_flight_bytes are in flight");
  last_number_ = who->number;
  who->handed = true;
  window_.push_back({who, handed_, handed_ + frame.size()});
  window_bytes_ += frame.size();
  handed_ += frame.size();
}

void tap::took(std::size_t n)
{
  taken_ += n;
  require(taken_ <= handed_, "more is written than was handed over");
  for (const owed& o : window_) {
    if (o.begin < taken_ && o.who != &messages_.ping()) {
      o.who->touched = true;
      require(!o.who->ended || outcome_of(o.who->error) != outcome::not_sent,
              "a message that was called not sent is written");
    }
  }
}

void tap::reported(std::size_t n, core::time_point now)
{
  reported_ += n;
  for (owed& o : window_) {
    if (o.end <= reported_ && o.written_at == core::never) {
      o.written_at = now;
    }
  }
}

void tap::delivered(std::span<const std::byte> piece)
{
  down_.insert(down_.end(), piece.begin(), piece.end());
  std::size_t at = 0;
  while (!fault_ && down_.size() - at >= 4) {
    const std::span rest{down_.data() + at, down_.size() - at};
    const std::size_t size = announced(rest);
    if (size > options_.max_answer_size) {
      fault_ = errc::answer_too_large;
    } else if (rest.size() - 4 < size) {
      break;
    } else {
      judge_answer(rest.subspan(4, size));
      at += 4 + size;
    }
  }
  down_.erase(down_.begin(), down_.begin() + static_cast<std::ptrdiff_t>(at));
}

void tap::judge_answer(std::span<const std::byte> body)
{
  if (window_.empty()) {
    fault_ = errc::surplus_answer;
  } else if (body.front() == std::byte{0xff}) {
    fault_ = errc::malformed_answer;
  } else if (body.size() > 2 && body[2] == std::byte{0x32} && !window_.front().who->has_query) {
    fault_ = errc::unexpected_events;
  } else {
    window_bytes_ -= window_.front().end - window_.front().begin;
    window_.pop_front();
    answered_ = true;
  }
}

} // namespace riemann::simulation

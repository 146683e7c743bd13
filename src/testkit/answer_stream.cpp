#include "testkit/answer_stream.hpp"

#include <algorithm>

namespace riemann::inline v0::testkit::detail {

void answer_stream::add(std::size_t offset, place p)
{
  p.at = head_start_ + head_.size() + offset;
  marks_.insert(std::ranges::upper_bound(marks_, p.at, {}, &place::at), p);
}

answer_stream::step answer_stream::next()
{
  if (sent_ == head_.size()) {
    head_start_ += head_.size();
    head_.clear();
    sent_ = 0;
    head_.swap(tail_);
  }
  while (!marks_.empty() && marks_.front().at == position()) {
    switch (marks_.front().what) {
    case mark::boundary:
      break;
    case mark::pause:
      return step::pause;
    case mark::hold:
      if (released_ < marks_.front().message) {
        return step::nothing;
      }
      // All that was held back is to go out in one write.
      head_.insert(head_.end(), tail_.begin(), tail_.end());
      tail_.clear();
      break;
    case mark::finish:
      return step::finish;
    case mark::reset:
      return step::reset;
    }
    marks_.pop_front();
  }
  return front().empty() ? step::nothing : step::write;
}

std::span<const std::byte> answer_stream::front() const noexcept
{
  const auto left = std::span{head_}.subspan(sent_);
  if (marks_.empty()) {
    return left;
  }
  return left.first(static_cast<std::size_t>(
      std::min<std::uint64_t>(left.size(), marks_.front().at - position())));
}

std::chrono::milliseconds answer_stream::take_pause()
{
  const auto time = marks_.front().time;
  marks_.pop_front();
  return time;
}

} // namespace riemann::inline v0::testkit::detail

#include "cli/line_ranges.hpp"

namespace riemann::cli {

void line_ranges::add(std::uint64_t line)
{
  if (!ranges_.empty() && ranges_.back().last + 1 == line) {
    ranges_.back().last = line;
  } else if (ranges_.size() < most) {
    ranges_.push_back({line, line});
  } else {
    ranges_.back() = {line, line};
    has_gap_ = true;
  }
}

void line_ranges::clear()
{
  ranges_.clear();
  has_gap_ = false;
}

std::string line_ranges::text() const
{
  std::string text;
  for (std::size_t i = 0; i != ranges_.size(); ++i) {
    text += i == 0 ? "" : has_gap_ && i + 1 == ranges_.size() ? ", ..., " : ", ";
    text += std::to_string(ranges_[i].first);
    if (ranges_[i].last != ranges_[i].first) {
      text += "-" + std::to_string(ranges_[i].last);
    }
  }
  return text;
}

} // namespace riemann::cli

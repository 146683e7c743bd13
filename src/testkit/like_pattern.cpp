#include "testkit/like_pattern.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace riemann::inline v0::testkit::detail {

namespace {

/// Java's line terminators, in UTF-8; the longest first.
constexpr std::array line_terminators{
    std::string_view{"\r\n"},         std::string_view{"\n"},
    std::string_view{"\r"},           std::string_view{"\xC2\x85"},
    std::string_view{"\xE2\x80\xA8"}, std::string_view{"\xE2\x80\xA9"},
};

bool has_line_terminator(std::string_view text) noexcept
{
  return std::ranges::any_of(line_terminators, [text](std::string_view terminator) {
    return text.find(terminator) != std::string_view::npos;
  });
}

/// As `text.find(part)`, which takes time by the product of their lengths.
std::size_t find(std::string_view text, std::string_view part) noexcept
{
  const void* const found = ::memmem(text.data(), text.size(), part.data(), part.size());
  return found == nullptr ? std::string_view::npos
                          : static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
}

} // namespace

like_pattern::like_pattern(std::string_view pattern)
{
  for (auto at = pattern.find('%'); at != std::string_view::npos; at = pattern.find('%')) {
    parts_.back() = pattern.substr(0, at);
    parts_.emplace_back();
    pattern.remove_prefix(at + 1);
  }
  parts_.back() = pattern;
}

bool like_pattern::matches(std::string_view text) const noexcept
{
  if (matches_whole(text)) {
    return true;
  }
  return std::ranges::any_of(line_terminators, [this, text](std::string_view terminator) {
    return text.ends_with(terminator) &&
           matches_whole(text.substr(0, text.size() - terminator.size()));
  });
}

std::string like_pattern::text() const
{
  std::string whole = parts_.front();
  for (std::size_t i = 1; i != parts_.size(); ++i) {
    whole.append(1, '%').append(parts_[i]);
  }
  return whole;
}

bool like_pattern::matches_whole(std::string_view text) const noexcept
{
  const std::string_view first = parts_.front();
  if (parts_.size() == 1) {
    return text == first;
  }
  const std::string_view last = parts_.back();
  if (!text.starts_with(first) || text.size() < first.size() + last.size() ||
      !text.ends_with(last)) {
    return false;
  }
  auto rest = text.substr(first.size(), text.size() - first.size() - last.size());
  for (std::size_t i = 1; i + 1 < parts_.size(); ++i) {
    const auto at = find(rest, parts_[i]);
    if (at == std::string_view::npos || has_line_terminator(rest.substr(0, at))) {
      return false;
    }
    rest.remove_prefix(at + parts_[i].size());
  }
  return !has_line_terminator(rest);
}

} // namespace riemann::inline v0::testkit::detail

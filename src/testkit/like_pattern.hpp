#ifndef RIEMANN_TESTKIT_LIKE_PATTERN_HPP
#define RIEMANN_TESTKIT_LIKE_PATTERN_HPP

#include <string>
#include <string_view>
#include <vector>

namespace riemann::inline v0::testkit::detail {

/// The right side of `=~`: `%` stands for anything within a line, and the whole
/// text must fit, but for one line terminator at its end.
class like_pattern {
public:
  like_pattern() = default;
  explicit like_pattern(std::string_view pattern);

  [[nodiscard]] bool matches(std::string_view text) const noexcept;
  /// As it was given.
  [[nodiscard]] std::string text() const;

private:
  [[nodiscard]] bool matches_whole(std::string_view text) const noexcept;

  /// What stands between the `%`s; one more than there are of them.
  std::vector<std::string> parts_{1};
};

} // namespace riemann::inline v0::testkit::detail

#endif

#ifndef RIEMANN_TESTKIT_REGULAR_EXPRESSION_HPP
#define RIEMANN_TESTKIT_REGULAR_EXPRESSION_HPP

#include <string>
#include <string_view>
#include <variant>

namespace riemann::testkit::detail {

/// The right side of `~=`. Stands in for an engine: whatever is compiled is
/// refused, with a reason.
class regular_expression {
public:
  /// The expression, or why there is none.
  static std::variant<regular_expression, std::string> compile(std::string_view pattern);

  /// Whether it is found anywhere in the text.
  [[nodiscard]] bool found_in(std::string_view text) const noexcept;
};

} // namespace riemann::testkit::detail

#endif

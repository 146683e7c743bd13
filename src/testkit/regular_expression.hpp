#ifndef RIEMANN_TESTKIT_REGULAR_EXPRESSION_HPP
#define RIEMANN_TESTKIT_REGULAR_EXPRESSION_HPP

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace re2 {
class RE2;
} // namespace re2

namespace riemann::inline v0::testkit::detail {

/**
 * The right side of `~=`, matched in time linear in the text, whatever the pattern: it
 * comes from the network.
 *
 * A Riemann takes Java's. Of those this does not know look-around, back-references,
 * possessive quantifiers, atomic groups, classes within classes (and so intersections) and
 * `\R`, `\X`, `\h`; they are refused by name. A few mean something else: see
 * doc/conformance.md.
 */
class regular_expression {
public:
  /// The expression, or why there is none.
  static std::variant<regular_expression, std::string> compile(std::string_view pattern);

  /// Whether it is found anywhere in the text.
  [[nodiscard]] bool found_in(std::string_view text) const noexcept;
  /// How large it is compiled: of what it takes in time and memory to compile and to match,
  /// a measure. At most 16,384.
  [[nodiscard]] std::size_t size() const noexcept;
  /// As it was given.
  [[nodiscard]] const std::string& text() const noexcept;

private:
  explicit regular_expression(std::shared_ptr<const re2::RE2> compiled) noexcept
      : compiled_{std::move(compiled)}
  {}

  std::shared_ptr<const re2::RE2> compiled_;
};

} // namespace riemann::inline v0::testkit::detail

#endif

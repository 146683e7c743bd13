#ifndef RIEMANN_TESTKIT_QUERY_HPP
#define RIEMANN_TESTKIT_QUERY_HPP

#include "testkit/query_ast.hpp"
#include "testkit/stored_event.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>

namespace riemann::inline v0::testkit::detail {

struct query_options {
  /// How deep parentheses and `not` may nest.
  std::size_t max_depth = 500;
  /// How many comparisons, tags and values it may ask for: each has memory, and is asked of
  /// every event.
  std::size_t max_terms = 100'000;
  /// How many regular expressions there may be, each of which is compiled and has memory of
  /// its own, up to a mebibyte.
  std::size_t max_expressions = 64;
  /// How large they may be together: see `regular_expression::size`.
  std::size_t max_expressions_size = 65'536;
};

/// Why a query is malformed, in one sentence.
struct query_error {
  std::string text{};
};

/// A predicate over events, in Riemann's query language.
class query {
public:
  static std::variant<query, query_error> parse(std::string_view text, query_options options = {});

  [[nodiscard]] bool matches(const stored_event& e) const;

private:
  explicit query(query_node root) noexcept : root_{std::move(root)} {}

  query_node root_;
};

} // namespace riemann::inline v0::testkit::detail

#endif

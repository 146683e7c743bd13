#ifndef RIEMANN_TESTKIT_QUERY_PARSER_HPP
#define RIEMANN_TESTKIT_QUERY_PARSER_HPP

#include "testkit/query.hpp"
#include "testkit/query_lexer.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace riemann::inline v0::testkit::detail {

/**
 * Recursive descent, one function for each rule of the grammar:
 *
 *     predicate  : conjunction ('or' conjunction)*
 *     conjunction: negation ('and' negation)*
 *     negation   : 'not' negation | '(' predicate ')' | simple
 *     simple     : 'tagged' STRING | value [operator value]
 *
 * A rule that fails leaves its reason in `error()` and returns nothing.
 */
class query_parser {
public:
  query_parser(std::string_view text, query_options options);

  /// The whole text as one predicate.
  std::optional<query_node> parse();
  /// The first error; meaningful once `parse` has returned nothing.
  [[nodiscard]] query_error& error() noexcept { return error_; }

private:
  std::optional<query_node> predicate();
  std::optional<query_node> conjunct();
  std::optional<query_node> negated();
  std::optional<query_node> nested(token_kind opening);
  std::optional<query_node> simple();
  std::optional<query_node> tag_test();
  std::optional<query_node> relation(operand left);
  std::optional<query_node> equality(operand left, bool is_negated);
  std::optional<query_node> comparison(operand left, ordering order);
  std::optional<query_node> like(operand left);
  std::optional<query_node> regex(operand left);

  std::optional<operand> value(std::string_view expected);
  std::optional<literal> number();
  std::optional<std::string> string();

  void advance() noexcept { current_ = lexer_.next(); }
  void fail(const token& at, std::string_view reason);
  void fail_expecting(std::string_view expected);

  query_options options_;
  query_lexer lexer_;
  token current_;
  std::size_t depth_ = 0;
  std::size_t terms_ = 0;
  std::size_t expressions_ = 0;
  std::size_t expressions_size_ = 0;
  query_error error_{};
};

} // namespace riemann::inline v0::testkit::detail

#endif

#ifndef RIEMANN_TESTKIT_QUERY_LEXER_HPP
#define RIEMANN_TESTKIT_QUERY_LEXER_HPP

#include <cstddef>
#include <string_view>

namespace riemann::inline v0::testkit::detail {

enum class token_kind {
  end,
  /// No token of the language starts here.
  invalid,
  open_parenthesis,
  close_parenthesis,
  op_not,
  op_and,
  op_or,
  op_tagged,
  op_equal,
  op_not_equal,
  op_less,
  op_greater,
  op_less_equal,
  op_greater_equal,
  op_like,
  op_regex,
  string,
  floating,
  integer,
  big_integer,
  literal_true,
  literal_false,
  literal_nil,
  name,
  /// Known to the language, used nowhere in it: 0x10, \newline.
  reserved,
};

struct token {
  token_kind kind = token_kind::end;
  /// As it stands in the query.
  std::string_view text{};
  /// Bytes before it.
  std::size_t position = 0;
};

/// Cuts a query into tokens: the longest that fits is taken, so that
/// `service="x"` is the name `service=` and a string.
class query_lexer {
public:
  explicit query_lexer(std::string_view text) noexcept : text_{text} {}

  token next() noexcept;

private:
  std::string_view text_;
  std::size_t position_ = 0;
};

} // namespace riemann::inline v0::testkit::detail

#endif

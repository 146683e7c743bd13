#include "testkit/query_lexer.hpp"

#include "testkit/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace riemann::inline v0::testkit::detail {

namespace {

struct keyword {
  std::string_view text;
  token_kind kind;
};

constexpr std::array keywords{
    keyword{"not", token_kind::op_not},        keyword{"and", token_kind::op_and},
    keyword{"or", token_kind::op_or},          keyword{"tagged", token_kind::op_tagged},
    keyword{"=", token_kind::op_equal},        keyword{"!=", token_kind::op_not_equal},
    keyword{"<", token_kind::op_less},         keyword{">", token_kind::op_greater},
    keyword{"<=", token_kind::op_less_equal},  keyword{">=", token_kind::op_greater_equal},
    keyword{"nil", token_kind::literal_nil},   keyword{"null", token_kind::literal_nil},
    keyword{"true", token_kind::literal_true}, keyword{"false", token_kind::literal_false},
    keyword{"Infinity", token_kind::floating}, keyword{"-Infinity", token_kind::floating},
    keyword{"NaN", token_kind::floating},      keyword{"-NaN", token_kind::floating},
};

constexpr std::array character_names{
    std::string_view{"newline"}, std::string_view{"return"},   std::string_view{"space"},
    std::string_view{"tab"},     std::string_view{"formfeed"}, std::string_view{"backspace"},
};

bool is_blank(char c) noexcept
{
  return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == ',';
}

bool is_digit(char c) noexcept
{
  return c >= '0' && c <= '9';
}

bool is_hex_digit(char c) noexcept
{
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool is_name_head(char c) noexcept
{
  constexpr std::string_view excluded = "^`'\"#~@:/%()[]{}";
  return !is_digit(c) && !is_blank(c) && excluded.find(c) == std::string_view::npos;
}

bool is_name_rest(char c) noexcept
{
  return is_name_head(c) || is_digit(c);
}

template <class Predicate>
std::size_t run(std::string_view text, std::size_t from, Predicate is_part) noexcept
{
  while (from < text.size() && is_part(text[from])) {
    ++from;
  }
  return from;
}

/// Each of these gives the length of the longest token of its kind at the front,
/// or 0.
std::size_t name_length(std::string_view text) noexcept
{
  if (!is_name_head(text.front())) {
    return 0;
  }
  auto length = run(text, 1, is_name_rest);
  while (length < text.size() && text[length] == ':') {
    const auto after = run(text, length + 1, is_name_rest);
    if (after == length + 1) {
      break;
    }
    length = after;
  }
  return length;
}

/// A quote behind a backslash ends the string too, unless a longer one can be
/// had by going on.
std::size_t string_length(std::string_view text) noexcept
{
  if (text.front() != '"') {
    return 0;
  }
  std::size_t longest = 0;
  for (auto at = text.find('"', 1); at != std::string_view::npos; at = text.find('"', at + 1)) {
    longest = at + 1;
    if (at == 1 || text[at - 1] != '\\') {
      break;
    }
  }
  return longest;
}

token number(std::string_view text) noexcept
{
  const std::size_t start = text.front() == '-' ? 1 : 0;
  const auto digits = run(text, start, is_digit);
  if (digits == start) {
    return {token_kind::invalid, text.substr(0, 0)};
  }
  const auto at = [text](std::size_t i) { return i < text.size() ? text[i] : '\0'; };
  auto length = digits;
  if (at(length) == '.') {
    const auto fraction = run(text, length + 1, is_digit);
    length = fraction > length + 1 ? fraction : length;
  }
  if (at(length) == 'e' || at(length) == 'E') {
    const auto exponent_start = length + (at(length + 1) == '-' ? 2U : 1U);
    const auto exponent = run(text, exponent_start, is_digit);
    length = exponent > exponent_start ? exponent : length;
  }
  if (length > digits) {
    return {token_kind::floating, text.substr(0, length)};
  }
  if (at(digits) == 'n' || at(digits) == 'N') {
    return {token_kind::big_integer, text.substr(0, digits + 1)};
  }
  const auto suffix = at(digits) == 'l' || at(digits) == 'L' ? 1U : 0U;
  return {token_kind::integer, text.substr(0, digits + suffix)};
}

std::size_t hexadecimal_length(std::string_view text) noexcept
{
  if (text.size() < 3 || text[0] != '0' || (text[1] != 'x' && text[1] != 'X')) {
    return 0;
  }
  const auto length = run(text, 2, is_hex_digit);
  return length > 2 ? length : 0;
}

std::size_t character_length(std::string_view text) noexcept
{
  if (text.front() != '\\' || text.size() < 2) {
    return 0;
  }
  const auto behind = text.substr(1);
  if (text.size() >= 6 && text[1] == 'u' && run(text, 2, is_hex_digit) >= 6) {
    return 6;
  }
  for (const auto name : character_names) {
    if (behind.starts_with(name)) {
      return 1 + name.size();
    }
  }
  const auto continues = [](char c) { return (static_cast<std::uint8_t>(c) & 0xC0U) == 0x80U; };
  return run(text, 2, continues);
}

token fixed(std::string_view text) noexcept
{
  switch (text.front()) {
  case '(':
    return {token_kind::open_parenthesis, text.substr(0, 1)};
  case ')':
    return {token_kind::close_parenthesis, text.substr(0, 1)};
  default:
    break;
  }
  if (text.starts_with("=~")) {
    return {token_kind::op_like, text.substr(0, 2)};
  }
  if (text.starts_with("~=")) {
    return {token_kind::op_regex, text.substr(0, 2)};
  }
  return {token_kind::invalid, text.substr(0, 0)};
}

token word(std::string_view text) noexcept
{
  const auto name = text.substr(0, name_length(text));
  const auto* const found = std::ranges::find(keywords, name, &keyword::text);
  return {found == keywords.end() ? token_kind::name : found->kind, name};
}

token longest_token(std::string_view text) noexcept
{
  // Where two are of one length the earlier wins.
  const std::array candidates{
      fixed(text),
      token{token_kind::string, text.substr(0, string_length(text))},
      number(text),
      token{token_kind::reserved, text.substr(0, hexadecimal_length(text))},
      token{token_kind::reserved, text.substr(0, character_length(text))},
      word(text),
  };
  const auto* const best =
      std::ranges::max_element(candidates, {}, [](const token& t) { return t.text.size(); });
  return best->text.empty() ? token{token_kind::invalid, first_character(text)} : *best;
}

} // namespace

token query_lexer::next() noexcept
{
  position_ = run(text_, position_, is_blank);
  if (position_ == text_.size()) {
    return {token_kind::end, {}, position_};
  }
  auto found = longest_token(text_.substr(position_));
  found.position = position_;
  position_ += found.text.size();
  return found;
}

} // namespace riemann::inline v0::testkit::detail

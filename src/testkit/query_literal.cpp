#include "testkit/query_literal.hpp"

#include "testkit/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <system_error>

namespace riemann::inline v0::testkit::detail {

namespace {

/// The four digits behind `\u`.
std::optional<std::uint16_t> read_code_unit(std::string_view digits) noexcept
{
  std::uint16_t unit = 0;
  const auto* const end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, unit, 16);
  if (digits.size() != 4 || parsed.ec != std::errc{} || parsed.ptr != end) {
    return std::nullopt;
  }
  return unit;
}

std::optional<char> simple_escape(char c) noexcept
{
  switch (c) {
  case 't':
    return '\t';
  case 'r':
    return '\r';
  case 'n':
    return '\n';
  case 'b':
    return '\b';
  case 'f':
    return '\f';
  case '\\':
  case '"':
    return c;
  default:
    return std::nullopt;
  }
}

bool is_high_surrogate(std::uint32_t unit) noexcept
{
  return unit >= 0xD800 && unit < 0xDC00;
}
bool is_low_surrogate(std::uint32_t unit) noexcept
{
  return unit >= 0xDC00 && unit < 0xE000;
}

/// Takes `uXXXX`, or two of them that make one character, off the front of
/// `rest` (behind its backslash) and appends the character.
bool take_unicode_escape(std::string_view& rest, std::string& out)
{
  const auto first = read_code_unit(rest.substr(1, 4));
  if (!first) {
    return false;
  }
  rest.remove_prefix(5);
  std::uint32_t code_point = *first;
  if (is_high_surrogate(code_point) && rest.starts_with("\\u")) {
    const auto second = read_code_unit(rest.substr(2, 4));
    if (second && is_low_surrogate(*second)) {
      code_point = 0x10000 + ((code_point - 0xD800) << 10) + (*second - 0xDC00U);
      rest.remove_prefix(6);
    }
  }
  append_utf8(code_point, out);
  return true;
}

/// Whether a literal that no double holds is too large, not too small, for it: by the power
/// of ten of its first digit that counts.
bool is_huge(std::string_view text) noexcept
{
  const auto mantissa = text.substr(0, text.find_first_of("eE"));
  const auto first = static_cast<std::int64_t>(mantissa.find_first_of("123456789"));
  const auto point = static_cast<std::int64_t>(std::min(mantissa.find('.'), mantissa.size()));
  std::int64_t exponent = 0;
  if (mantissa.size() != text.size()) {
    const auto digits = text.substr(mantissa.size() + 1);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), exponent);
    if (read.ec == std::errc::result_out_of_range) {
      return !digits.starts_with('-');
    }
  }
  return exponent > first - point;
}

} // namespace

std::optional<literal> read_integer(std::string_view text) noexcept
{
  std::int64_t value = 0;
  const auto* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec != std::errc{} || parsed.ptr != end) {
    return std::nullopt;
  }
  return literal{value};
}

literal read_big_integer(std::string_view text)
{
  text.remove_suffix(1);
  if (auto plain = read_integer(text)) {
    return *std::move(plain);
  }
  const bool negative = text.front() == '-';
  text.remove_prefix(negative ? 1 : 0);
  text.remove_prefix(text.find_first_not_of('0'));
  return big_integer{negative, std::string{text}};
}

double read_floating(std::string_view text) noexcept
{
  double value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec == std::errc::result_out_of_range) {
    value = is_huge(text) ? std::numeric_limits<double>::infinity() : 0.0;
    return text.front() == '-' ? -value : value;
  }
  return value;
}

std::variant<std::string, bad_string> read_string(std::string_view quoted)
{
  std::string value;
  auto rest = quoted.substr(1);
  while (!rest.empty() && rest.front() != '"') {
    if (rest.front() != '\\') {
      const auto plain = rest.substr(0, rest.find_first_of("\\\""));
      value += plain;
      rest.remove_prefix(plain.size());
      continue;
    }
    rest.remove_prefix(1);
    if (rest.starts_with('u')) {
      if (!take_unicode_escape(rest, value)) {
        return bad_string{"\\u is not followed by four hexadecimal digits"};
      }
    } else if (const auto c = rest.empty() ? std::nullopt : simple_escape(rest.front())) {
      value += *c;
      rest.remove_prefix(1);
    } else {
      return bad_string{"unsupported escape character \\" + std::string{first_character(rest)}};
    }
  }
  if (rest.empty()) {
    return bad_string{"the string does not end"};
  }
  return value;
}

} // namespace riemann::inline v0::testkit::detail

#include <riemann/query.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <stdexcept>

namespace riemann::inline v0 {

namespace {

constexpr std::array<std::string_view, 18> words{
    "not", "and", "or",   "tagged", "=",     "!=",       "<",         ">",   "<=",
    ">=",  "nil", "null", "true",   "false", "Infinity", "-Infinity", "NaN", "-NaN"};

bool is_digit(char c) noexcept
{
  return c >= '0' && c <= '9';
}

bool may_be_in_a_name(char c) noexcept
{
  constexpr std::string_view excluded = " \n\r\t,^`'\"#~@/%()[]{}";
  return excluded.find(c) == std::string_view::npos;
}

/// Colons stand between parts that are not empty.
bool is_joined(std::string_view name) noexcept
{
  return !name.starts_with(':') && !name.ends_with(':') &&
         name.find("::") == std::string_view::npos;
}

bool is_name(std::string_view name) noexcept
{
  if (name.empty() || is_digit(name[0]) || name[0] == '\\' ||
      (name[0] == '-' && name.size() > 1 && is_digit(name[1]))) {
    return false;
  }
  return std::ranges::all_of(name, may_be_in_a_name) && is_joined(name) &&
         std::ranges::find(words, name) == words.end();
}

/// No backslash and no quote as they are: a backslash before the closing quote is taken
/// for an escape of that, even if it is one of two.
std::string quoted(std::string_view text)
{
  std::string result = "\"";
  for (const char c : text) {
    if (c == '\\') {
      result += "\\u005c";
    } else if (c == '"') {
      result += "\\u0022";
    } else {
      result += c;
    }
  }
  return result + '"';
}

/// A regular expression that finds it.
std::string literally(std::string_view text)
{
  constexpr std::string_view special = "\\^$.|?*+()[]{}-#&~";
  std::string result;
  for (const char c : text) {
    if (special.find(c) != std::string_view::npos) {
      result += '\\';
    }
    result += c;
  }
  return result;
}

} // namespace

query query::joined(const query& a, std::string_view word, const query& b, binding holds)
{
  return {a.within(holds).append(1, ' ').append(word).append(1, ' ') + b.within(holds), holds};
}

/// In parentheses where it would fall apart.
std::string query::within(binding least) const
{
  return holds_ < least ? "(" + text_ + ")" : text_;
}

query operator&&(const query& a, const query& b)
{
  return query::joined(a, "and", b, query::binding::conjunction);
}

query operator||(const query& a, const query& b)
{
  return query::joined(a, "or", b, query::binding::disjunction);
}

query operator!(const query& q)
{
  return {"not " + q.within(query::binding::negation), query::binding::negation};
}

query tagged(std::string_view tag)
{
  return {"tagged " + quoted(tag), query::binding::primary};
}

query_value::query_value(double x)
{
  if (std::isnan(x)) {
    text_ = "NaN";
  } else if (std::isinf(x)) {
    text_ = x < 0 ? "-Infinity" : "Infinity";
  } else {
    std::array<char, 32> digits{};
    const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), x);
    text_.assign(digits.data(), written.ptr);
    std::erase(text_, '+'); // an exponent has none there
    if (text_.find_first_of(".e") == std::string::npos) {
      text_ += ".0";
    }
  }
}

query_value::query_value(std::string_view s) : text_{quoted(s)} {}

field::field(std::string_view name) : name_{name}
{
  if (!is_name(name)) {
    throw std::invalid_argument{"riemann: a query cannot name the field " + quoted(name)};
  }
}

query field::related(std::string_view by, std::string_view to) const
{
  std::string text = name_;
  text.append(1, ' ').append(by).append(1, ' ').append(to);
  return {std::move(text), query::binding::primary};
}

query field::like(std::string_view pattern) const
{
  return related("=~", quoted(pattern));
}

query field::matches(std::string_view expression) const
{
  return related("~=", quoted(expression));
}

query field::starts_with(std::string_view text) const
{
  // Not by `+`: with -O3, gcc 12 falsely warns of what that inlines (-Wrestrict).
  std::string pattern{"^"};
  return matches(pattern.append(literally(text)));
}

query field::ends_with(std::string_view text) const
{
  return matches(literally(text) + "\\z");
}

query field::contains(std::string_view text) const
{
  return matches(literally(text));
}

} // namespace riemann::inline v0

#ifndef RIEMANN_UNIT_TESTKIT_QUERY_PRINTER_HPP
#define RIEMANN_UNIT_TESTKIT_QUERY_PRINTER_HPP

#include "testkit/query_ast.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>

/// What a parser has understood, written down again, and compared.
namespace riemann::inline v0::testkit::test {

using namespace riemann::testkit::detail;

/// No backslash and no quote as they are: which quote ends a string is a matter of what
/// lies before it, and far behind.
inline std::string print_string(std::string_view text)
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

inline std::string print_double(double x)
{
  if (std::isnan(x)) {
    return "NaN";
  }
  if (std::isinf(x)) {
    return x < 0 ? "-Infinity" : "Infinity";
  }
  std::array<char, 32> digits{};
  std::string text{digits.data(),
                   std::to_chars(digits.data(), digits.data() + digits.size(), x).ptr};
  std::erase(text, '+');
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

struct literal_printer {
  std::string operator()(std::monostate) const { return "nil"; }
  std::string operator()(bool b) const { return b ? "true" : "false"; }
  std::string operator()(std::int64_t n) const { return std::to_string(n); }
  std::string operator()(double x) const { return print_double(x); }
  std::string operator()(const big_integer& n) const
  {
    return (n.negative ? "-" : "") + n.digits + "N";
  }
  std::string operator()(const std::string& s) const { return print_string(s); }
};

inline std::string print(const literal& l)
{
  return std::visit(literal_printer{}, l);
}

inline std::string print(const operand& o)
{
  const auto* const f = std::get_if<field>(&o);
  return f != nullptr ? f->name : print(std::get<literal>(o));
}

inline std::string_view print(ordering o)
{
  constexpr std::array<std::string_view, 4> signs{"<", ">", "<=", ">="};
  return signs[static_cast<std::size_t>(o)];
}

/// With as few parentheses as leave the tree what it is: a chain in a chain of its own
/// kind is another tree than one chain.
class query_printer {
public:
  std::string operator()(const is_true& n) const { return print(n.value); }
  std::string operator()(const is_tagged& n) const { return "tagged " + print_string(n.tag); }
  std::string operator()(const equals& n) const
  {
    return relation(n.left, n.negated ? "!=" : "=", print(n.right));
  }
  std::string operator()(const compares& n) const
  {
    return relation(n.left, print(n.order), print(n.right));
  }
  std::string operator()(const is_like& n) const
  {
    return relation(n.value, "=~", print_string(n.pattern.text()));
  }
  std::string operator()(const matches& n) const
  {
    return relation(n.value, "~=", print_string(n.pattern.text()));
  }
  std::string operator()(const negation& n) const { return "not " + tight(*n.term); }
  std::string operator()(const conjunction& n) const { return chain(n.terms, " and "); }
  std::string operator()(const disjunction& n) const
  {
    std::string text;
    for (const query_node& term : n.terms) {
      const bool same_kind = std::holds_alternative<disjunction>(term.term);
      const std::string inner = std::visit(*this, term.term);
      text.append(text.empty() ? "" : " or ").append(same_kind ? "(" + inner + ")" : inner);
    }
    return text;
  }

private:
  static std::string relation(const operand& left, std::string_view sign, const std::string& right)
  {
    return print(left).append(1, ' ').append(sign).append(1, ' ') + right;
  }
  [[nodiscard]] std::string tight(const query_node& n) const
  {
    const bool is_chain =
        std::holds_alternative<conjunction>(n.term) || std::holds_alternative<disjunction>(n.term);
    const std::string inner = std::visit(*this, n.term);
    return is_chain ? "(" + inner + ")" : inner;
  }
  [[nodiscard]] std::string chain(const std::vector<query_node>& terms, std::string_view word) const
  {
    std::string text;
    for (const query_node& term : terms) {
      text.append(text.empty() ? "" : word).append(tight(term));
    }
    return text;
  }
};

inline std::string print(const query_node& n)
{
  return std::visit(query_printer{}, n.term);
}

bool same(const query_node& a, const query_node& b);

inline bool same(double a, double b)
{
  return std::isnan(a) ? std::isnan(b) : a == b && std::signbit(a) == std::signbit(b);
}
inline bool same(const literal& a, const literal& b)
{
  const auto* const x = std::get_if<double>(&a);
  const auto* const y = std::get_if<double>(&b);
  return x != nullptr && y != nullptr ? same(*x, *y) : a == b;
}
inline bool same(const operand& a, const operand& b)
{
  const auto* const f = std::get_if<field>(&a);
  const auto* const g = std::get_if<field>(&b);
  if (f == nullptr || g == nullptr) {
    return f == g && same(std::get<literal>(a), std::get<literal>(b));
  }
  return f->kind == g->kind && f->name == g->name;
}
inline bool same(const std::vector<query_node>& a, const std::vector<query_node>& b)
{
  if (a.size() != b.size()) {
    return false;
  }
  for (std::size_t i = 0; i != a.size(); ++i) {
    if (!same(a[i], b[i])) {
      return false;
    }
  }
  return true;
}
inline bool same(const is_true& a, const is_true& b)
{
  return same(a.value, b.value);
}
inline bool same(const is_tagged& a, const is_tagged& b)
{
  return a.tag == b.tag;
}
inline bool same(const equals& a, const equals& b)
{
  return a.negated == b.negated && same(a.left, b.left) && same(a.right, b.right);
}
inline bool same(const compares& a, const compares& b)
{
  return a.order == b.order && same(a.left, b.left) && same(a.right, b.right);
}
inline bool same(const is_like& a, const is_like& b)
{
  return same(a.value, b.value) && a.pattern.text() == b.pattern.text();
}
inline bool same(const matches& a, const matches& b)
{
  return same(a.value, b.value) && a.pattern.text() == b.pattern.text();
}
inline bool same(const negation& a, const negation& b)
{
  return same(*a.term, *b.term);
}
inline bool same(const conjunction& a, const conjunction& b)
{
  return same(a.terms, b.terms);
}
inline bool same(const disjunction& a, const disjunction& b)
{
  return same(a.terms, b.terms);
}
inline bool same(const query_node& a, const query_node& b)
{
  return a.term.index() == b.term.index() &&
         std::visit(
             [&b](const auto& left) {
               return same(left, std::get<std::remove_cvref_t<decltype(left)>>(b.term));
             },
             a.term);
}

} // namespace riemann::inline v0::testkit::test

#endif

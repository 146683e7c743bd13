#ifndef RIEMANN_UNIT_TESTKIT_SLOW_QUERY_HPP
#define RIEMANN_UNIT_TESTKIT_SLOW_QUERY_HPP

#include "testkit/query_ast.hpp"

#include <riemann/event.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What a query says of an event, worked out the long way and by none of the test
/// server's own means: the measure that its evaluation is held to.
namespace riemann::inline v0::testkit::test {

using namespace riemann::testkit::detail;

/// nil, a truth value, an integer, a number, an integer beyond those, text, tags.
using slow_value = std::variant<std::monostate, bool, std::int64_t, double, big_integer,
                                std::string, std::vector<std::string>>;

/// Whether a regular expression is found in a text.
using regex_search = std::function<bool(const std::string& pattern, const std::string& text)>;

inline slow_value slow_text(const std::optional<std::string>& text)
{
  return text ? slow_value{*text} : slow_value{};
}

inline slow_value slow_attribute(const event& e, const std::string& name)
{
  slow_value last;
  for (const attribute& a : e.attributes) {
    if (a.key == name) {
      last = a.value.value_or("");
    }
  }
  return last;
}

inline slow_value slow_number(const std::optional<metric>& m)
{
  if (!m) {
    return {};
  }
  return m->is_integer()
             ? m->visit([](auto v) -> slow_value { return static_cast<std::int64_t>(v); })
             : slow_value{m->as_double()};
}

inline slow_value slow_time(const timestamp& t)
{
  return t.has_micros() ? slow_value{static_cast<double>(t.micros()) / 1e6}
                        : slow_value{t.seconds()};
}

/// Of an event that has a time, whose attributes are none of the fields.
inline slow_value slow_field(const event& e, const std::string& name)
{
  if (name == "host") {
    return slow_text(e.host);
  }
  if (name == "service") {
    return slow_text(e.service);
  }
  if (name == "state") {
    return slow_text(e.state);
  }
  if (name == "description") {
    return slow_text(e.description);
  }
  if (name == "metric") {
    return slow_number(e.metric);
  }
  if (name == "tags") {
    const std::vector<std::string>& tags = e.tags;
    return tags.empty() ? slow_value{} : slow_value{tags};
  }
  if (name == "time") {
    return slow_time(*e.time);
  }
  if (name == "ttl") {
    return e.ttl ? slow_value{static_cast<double>(e.ttl->count())} : slow_value{};
  }
  return slow_attribute(e, name);
}

inline slow_value slow_operand(const event& e, const operand& o)
{
  if (const auto* const f = std::get_if<field>(&o)) {
    return slow_field(e, f->name);
  }
  return std::visit([](const auto& v) -> slow_value { return v; }, std::get<literal>(o));
}

/// In decimal, with a sign, for integers of any size; nothing for anything else.
inline std::optional<std::string> decimal_of(const slow_value& v)
{
  if (const auto* const n = std::get_if<std::int64_t>(&v)) {
    return std::to_string(*n);
  }
  if (const auto* const n = std::get_if<big_integer>(&v)) {
    return (n->negative ? "-" : "") + n->digits;
  }
  return std::nullopt;
}

inline bool decimal_less(const std::string& a, const std::string& b)
{
  const bool negative = a.front() == '-';
  if (negative != (b.front() == '-')) {
    return negative;
  }
  if (a.size() != b.size()) {
    return negative != (a.size() < b.size());
  }
  return negative ? b < a : a < b;
}

inline std::optional<double> double_of(const slow_value& v)
{
  if (const auto* const x = std::get_if<double>(&v)) {
    return *x;
  }
  const auto decimal = decimal_of(v);
  return decimal ? std::optional{std::strtod(decimal->c_str(), nullptr)} : std::nullopt;
}

inline bool slow_ordered(const slow_value& a, ordering order, const slow_value& b)
{
  const auto holds = [order](const auto& x, const auto& y, const auto& less) {
    switch (order) {
    case ordering::less:
      return less(x, y);
    case ordering::greater:
      return less(y, x);
    case ordering::less_equal:
      return less(x, y) || x == y;
    case ordering::greater_equal:
      return less(y, x) || x == y;
    }
    return false;
  };
  const auto m = decimal_of(a);
  const auto n = decimal_of(b);
  if (m && n) {
    return holds(*m, *n, decimal_less);
  }
  const auto x = double_of(a);
  const auto y = double_of(b);
  return x && y && holds(*x, *y, std::less<double>{});
}

inline bool ends_a_line(std::string_view text)
{
  for (const std::string_view end : {"\n", "\r", "\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"}) {
    if (text.ends_with(end)) {
      return true;
    }
  }
  return false;
}

/// Nothing within a character may be left to the next sign.
inline bool begins_a_character(const std::string& text, std::size_t at)
{
  return at == text.size() || (static_cast<std::uint8_t>(text[at]) & 0xC0U) != 0x80U;
}

/// Where in the text one may be, behind each sign of the pattern.
inline bool slow_like_whole(const std::string& pattern, const std::string& text)
{
  std::set<std::size_t> places{0};
  for (const char sign : pattern) {
    std::set<std::size_t> next;
    for (const std::size_t from : places) {
      if (sign != '%') {
        if (from < text.size() && text[from] == sign) {
          next.insert(from + 1);
        }
        continue;
      }
      for (std::size_t to = from; to <= text.size(); ++to) {
        if (ends_a_line(std::string_view{text}.substr(from, to - from))) {
          break;
        }
        if (begins_a_character(text, to)) {
          next.insert(to);
        }
      }
    }
    places = next;
  }
  return places.contains(text.size());
}

/// One end of a line may be left over.
inline bool slow_like(const std::string& pattern, const std::string& text)
{
  if (slow_like_whole(pattern, text)) {
    return true;
  }
  for (const std::string_view end :
       {"\r\n", "\n", "\r", "\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9"}) {
    if (text.ends_with(end) && slow_like_whole(pattern, text.substr(0, text.size() - end.size()))) {
      return true;
    }
  }
  return false;
}

class slow_evaluator {
public:
  slow_evaluator(const event& e, const regex_search& found) : event_{e}, found_{found} {}

  bool operator()(const is_true& n) const
  {
    const slow_value v = slow_operand(event_, n.value);
    return v != slow_value{} && v != slow_value{false};
  }
  bool operator()(const is_tagged& n) const
  {
    bool found = false;
    for (const std::string& tag : event_.tags) {
      found = found || tag == n.tag;
    }
    return found;
  }
  bool operator()(const equals& n) const
  {
    // A variant's equality is typed, too.
    return (slow_operand(event_, n.left) == slow_operand(event_, n.right)) != n.negated;
  }
  bool operator()(const compares& n) const
  {
    return slow_ordered(slow_operand(event_, n.left), n.order,
                        slow_operand(event_, operand{n.right}));
  }
  bool operator()(const is_like& n) const
  {
    const slow_value v = slow_operand(event_, n.value);
    const auto* const text = std::get_if<std::string>(&v);
    return text != nullptr && slow_like(n.pattern.text(), *text);
  }
  bool operator()(const matches& n) const
  {
    const slow_value v = slow_operand(event_, n.value);
    const auto* const text = std::get_if<std::string>(&v);
    return text != nullptr && found_(n.pattern.text(), *text);
  }
  bool operator()(const negation& n) const { return !std::visit(*this, n.term->term); }
  bool operator()(const conjunction& n) const
  {
    bool all = true;
    for (const query_node& term : n.terms) {
      all = all && std::visit(*this, term.term);
    }
    return all;
  }
  bool operator()(const disjunction& n) const
  {
    bool any = false;
    for (const query_node& term : n.terms) {
      any = any || std::visit(*this, term.term);
    }
    return any;
  }

private:
  const event& event_;
  const regex_search& found_;
};

inline bool slow_matches(const query_node& n, const event& e, const regex_search& found)
{
  return std::visit(slow_evaluator{e, found}, n.term);
}

} // namespace riemann::inline v0::testkit::test

#endif

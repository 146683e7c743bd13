// Queries by chance: what is printed is what was parsed, and what is asked is what was
// meant.
#include "query_printer.hpp"
#include "slow_query.hpp"
#include "testkit/query.hpp"
#include "testkit/query_parser.hpp"
#include "testkit/stored_event.hpp"

#include <riemann/message.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace riemann;
namespace test = testkit::test;
using namespace testkit::detail;
using test::slow_value;

constexpr unsigned first_seed = 20'240'201;
constexpr unsigned queries = 6'000;
constexpr unsigned events_each = 12;

const timestamp arrival = timestamp::from_seconds(1'700'000'000);

// --- a matcher of a few regular expressions: signs, `.`, `*`, and both anchors

std::size_t length_of_first(std::string_view text)
{
  std::size_t n = 1;
  while (n < text.size() && (static_cast<std::uint8_t>(text[n]) & 0xC0U) == 0x80U) {
    ++n;
  }
  return n;
}

/// What one sign takes off the front of the text; 0: it does not.
std::size_t taken_by(char sign, std::string_view text)
{
  if (text.empty() || (sign == '.' ? text[0] == '\n' : text[0] != sign)) {
    return 0;
  }
  return length_of_first(text);
}

bool matches_here(std::string_view pattern, std::string_view text)
{
  if (pattern.empty()) {
    return true;
  }
  if (pattern == "$") {
    return text.empty();
  }
  if (pattern.size() > 1 && pattern[1] == '*') {
    for (;;) {
      if (matches_here(pattern.substr(2), text)) {
        return true;
      }
      const std::size_t n = taken_by(pattern[0], text);
      if (n == 0) {
        return false;
      }
      text.remove_prefix(n);
    }
  }
  const std::size_t n = taken_by(pattern[0], text);
  return n != 0 && matches_here(pattern.substr(1), text.substr(n));
}

bool slow_search(const std::string& pattern, const std::string& text)
{
  if (pattern.starts_with('^')) {
    return matches_here(std::string_view{pattern}.substr(1), text);
  }
  std::string_view rest{text};
  while (!matches_here(pattern, rest)) {
    if (rest.empty()) {
      return false;
    }
    rest.remove_prefix(length_of_first(rest));
  }
  return true;
}

const test::regex_search search = slow_search;

// --- queries and events by chance

/// What a part of a query says, and what it means.
template <class Meaning>
struct meant {
  std::string text{};
  Meaning meaning{};
};

using condition = std::function<bool(const event&)>;
using value = meant<std::function<slow_value(const event&)>>;

class generator {
public:
  explicit generator(unsigned seed) : random_{seed} {}

  meant<condition> query(unsigned depth)
  {
    meant<condition> first = conjunct(depth);
    while (chance(30)) {
      const meant<condition> next = conjunct(depth);
      first.text += blank() + "or" + blank() + next.text;
      first.meaning = [a = first.meaning, b = next.meaning](const event& e) {
        return a(e) || b(e);
      };
    }
    return first;
  }

  event some_event()
  {
    event e;
    const auto maybe = [this](auto& to, auto from) {
      if (chance(70)) {
        to = from();
      }
    };
    const auto text = [this] { return plain(); };
    maybe(e.host, text);
    maybe(e.service, text);
    maybe(e.state, text);
    maybe(e.description, text);
    maybe(e.metric, [this] { return some_metric(); });
    maybe(e.ttl, [this] { return ttl_duration{static_cast<float>(below(4))}; });
    maybe(e.time, [this] {
      const auto n = static_cast<std::int64_t>(below(4));
      return chance(50) ? timestamp::from_seconds(n) : timestamp::from_micros(n * 500'000);
    });
    for (unsigned n = below(3); n > 0; --n) {
      e.tags.push_back(plain());
    }
    if (chance(50)) {
      e.attributes.push_back({"zone", plain()});
    }
    if (chance(30)) {
      e.attributes.push_back({"a:b.c", plain()});
    }
    return e;
  }

private:
  unsigned below(unsigned n) { return static_cast<unsigned>(random_() % n); }
  bool chance(unsigned percent) { return below(100) < percent; }
  template <std::size_t N>
  std::string_view one_of(const std::array<std::string_view, N>& all)
  {
    return all[below(N)];
  }

  /// Every white space there is.
  std::string blank()
  {
    constexpr std::array<std::string_view, 7> all{" ", " ", " ", "  ", "\n", "\t,", " , "};
    return std::string{one_of(all)};
  }

  meant<condition> conjunct(unsigned depth)
  {
    meant<condition> first = negated(depth);
    while (chance(30)) {
      const meant<condition> next = negated(depth);
      first.text += blank() + "and" + blank() + next.text;
      first.meaning = [a = first.meaning, b = next.meaning](const event& e) {
        return a(e) && b(e);
      };
    }
    return first;
  }

  meant<condition> negated(unsigned depth)
  {
    const unsigned kind = depth == 0 ? 9 : below(10);
    if (kind < 2) {
      const meant<condition> inner = negated(depth - 1);
      return {"not" + blank() + inner.text, [a = inner.meaning](const event& e) { return !a(e); }};
    }
    if (kind < 4) {
      const meant<condition> inner = query(depth - 1);
      const std::string in = chance(50) ? blank() : "";
      return {"(" + in + inner.text + in + ")", inner.meaning};
    }
    return simple();
  }

  meant<condition> simple()
  {
    if (chance(15)) {
      const std::string tag = plain();
      return {"tagged" + blank() + quoted(tag),
              [tag](const event& e) { return std::ranges::count(e.tags, tag) != 0; }};
    }
    const value left = some_value();
    const auto relation = [&](std::string_view sign, const std::string& right) {
      return left.text + blank() + std::string{sign} + blank() + right;
    };
    switch (below(5)) {
    case 0:
      return {left.text, [l = left.meaning](const event& e) {
                return l(e) != slow_value{} && l(e) != slow_value{false};
              }};
    case 1: {
      const value right = some_value();
      const bool negates = chance(50);
      return {relation(negates ? "!=" : "=", right.text),
              [l = left.meaning, r = right.meaning, negates](const event& e) {
                return (l(e) == r(e)) != negates;
              }};
    }
    case 2: {
      constexpr std::array<std::string_view, 4> signs{"<", ">", "<=", ">="};
      const unsigned which = below(4);
      const value right = number();
      return {relation(signs[which], right.text),
              [l = left.meaning, r = right.meaning, which](const event& e) {
                return test::slow_ordered(l(e), static_cast<ordering>(which), r(e));
              }};
    }
    case 3: {
      const std::string pattern = like();
      return {relation("=~", quoted(pattern)), of_text(left, [pattern](const std::string& t) {
                return test::slow_like(pattern, t);
              })};
    }
    default: {
      const std::string pattern = expression();
      return {relation("~=", quoted(pattern)),
              of_text(left, [pattern](const std::string& t) { return slow_search(pattern, t); })};
    }
    }
  }

  template <class Predicate>
  static condition of_text(const value& v, Predicate holds)
  {
    return [v = v.meaning, holds](const event& e) {
      const slow_value found = v(e);
      const auto* const text = std::get_if<std::string>(&found);
      return text != nullptr && holds(*text);
    };
  }

  static value constant(std::string text, slow_value v)
  {
    return {std::move(text), [v = std::move(v)](const event&) { return v; }};
  }

  value some_value()
  {
    constexpr std::array<std::string_view, 12> names{"host",   "service", "state", "description",
                                                     "metric", "metric",  "tags",  "time",
                                                     "ttl",    "zone",    "a:b.c", "nosuch"};
    switch (below(8)) {
    case 0:
      return number();
    case 1: {
      const std::string s = plain();
      return constant(quoted(s), s);
    }
    case 2:
      return constant(chance(50) ? "nil" : "null", {});
    case 3: {
      const bool b = chance(50);
      return constant(b ? "true" : "false", b);
    }
    default: {
      const std::string name{one_of(names)};
      return {name, [name](const event& e) { return test::slow_field(e, name); }};
    }
    }
  }

  value number()
  {
    switch (below(6)) {
    case 0: {
      const auto n = static_cast<std::int64_t>(random_());
      return constant(std::to_string(n), n);
    }
    case 1: {
      const double x =
          std::ldexp(static_cast<double>(below(1'000)), static_cast<int>(below(80)) - 40);
      return constant(test::print_double(x), x);
    }
    case 2: {
      const std::string digits = "9" + std::to_string(10'000'000'000'000'000'000ULL + below(3));
      const bool negative = chance(50);
      return constant((negative ? "-00" : "") + digits + (chance(50) ? "N" : "n"),
                      big_integer{negative, digits});
    }
    case 3: {
      constexpr double infinity = std::numeric_limits<double>::infinity();
      const std::array<value, 3> all{constant("Infinity", infinity),
                                     constant("-Infinity", -infinity),
                                     constant("NaN", std::numeric_limits<double>::quiet_NaN())};
      return all[below(3)];
    }
    default: {
      const auto n = static_cast<std::int64_t>(below(5)) - 1;
      switch (below(3)) {
      case 0:
        return constant(std::to_string(n) + ".0", static_cast<double>(n));
      case 1:
        return constant(std::to_string(n) + "N", n);
      default:
        return constant(std::to_string(n), n);
      }
    }
    }
  }

  metric some_metric()
  {
    const int n = static_cast<int>(below(5)) - 1;
    switch (below(6)) {
    case 0:
      return n * 0.5;
    case 1:
      return static_cast<float>(n);
    case 2:
      return std::numeric_limits<double>::quiet_NaN();
    case 3:
      return static_cast<std::int64_t>(random_());
    default:
      return n;
    }
  }

  /// Fewer than `fewer`, each by chance.
  template <std::size_t N>
  std::string some_of(const std::array<std::string_view, N>& signs, unsigned fewer)
  {
    std::string text;
    for (unsigned n = below(fewer); n > 0; --n) {
      text += one_of(signs);
    }
    return text;
  }

  /// Few signs, so that texts and patterns meet.
  std::string plain()
  {
    constexpr std::array<std::string_view, 9> signs{"a",  "a",  "b",        "b", "%",
                                                    "\n", "\"", "\xC3\xA9", "\\"};
    return some_of(signs, 5);
  }
  std::string like()
  {
    constexpr std::array<std::string_view, 6> signs{"a", "b", "%", "%", "\n", "\xC3\xA9"};
    return some_of(signs, 6);
  }
  std::string expression()
  {
    constexpr std::array<std::string_view, 6> signs{"a", "b", ".", "a*", "b*", ".*"};
    std::string text = chance(30) ? "^" : "";
    text += some_of(signs, 5);
    return chance(30) ? text + "$" : text;
  }

  /// In any of the ways to write it.
  std::string quoted(const std::string& text)
  {
    std::string result = "\"";
    for (std::size_t i = 0; i != text.size(); ++i) {
      const char c = text[i];
      if (c == '"') {
        result += chance(50) ? "\\u0022" : "\\\"";
      } else if (c == '\\') {
        // Two of them before a quote would not end the string.
        result += "\\u005C";
      } else if (c == '\n' && chance(50)) {
        result += "\\n";
      } else if (c == 'a' && chance(10)) {
        result += "\\u0061";
      } else {
        result += c;
      }
    }
    return result + '"';
  }

  std::mt19937_64 random_;
};

stored_event store(const event& e)
{
  const message m{e};
  return stored_event{event_view{riemann::detail::next_field(m.body(), 6)}, arrival};
}

std::optional<query_node> tree_of(const std::string& text)
{
  query_parser parser{text, {}};
  auto tree = parser.parse();
  BOOST_TEST(tree.has_value(), parser.error().text);
  return tree;
}

/// How many of the events it holds of.
unsigned check_meaning(const meant<condition>& q, const query_node& tree, generator& random)
{
  const auto parsed = query::parse(q.text);
  unsigned held = 0;
  for (unsigned i = 0; i != events_each; ++i) {
    const stored_event e = store(random.some_event());
    const bool expected = q.meaning(e.value());
    held += expected ? 1 : 0;
    BOOST_TEST(std::get<query>(parsed).matches(e) == expected);
    BOOST_TEST(test::slow_matches(tree, e.value(), search) == expected);
  }
  return held;
}

} // namespace

BOOST_AUTO_TEST_SUITE(testkit_query_property)

BOOST_AUTO_TEST_CASE(query_by_chance_when_printed_and_parsed_again_then_the_same_tree)
{
  for (unsigned seed = first_seed; seed != first_seed + queries; ++seed) {
    const std::string text = generator{seed}.query(4).text;
    BOOST_TEST_CONTEXT("seed " << seed << ": " << text)
    {
      const auto tree = tree_of(text);
      BOOST_REQUIRE(tree);
      const std::string printed = test::print(*tree);
      const auto again = tree_of(printed);
      BOOST_REQUIRE(again);
      BOOST_TEST(test::same(*tree, *again), printed);
      BOOST_TEST(test::print(*again) == printed);
    }
  }
}

BOOST_AUTO_TEST_CASE(query_by_chance_when_evaluated_then_as_by_a_plain_evaluator)
{
  unsigned held = 0;
  for (unsigned seed = first_seed; seed != first_seed + queries; ++seed) {
    generator random{seed};
    const meant<condition> q = random.query(4);
    BOOST_TEST_CONTEXT("seed " << seed << ": " << q.text)
    {
      const auto tree = tree_of(q.text);
      BOOST_REQUIRE(tree);
      held += check_meaning(q, *tree, random);
    }
  }
  // Neither of nearly all nor of nearly none, or little would have been tried.
  const unsigned all = queries * events_each;
  BOOST_TEST_MESSAGE(held << " of " << all << " times a query held");
  BOOST_TEST(held > all / 5);
  BOOST_TEST(held < all / 5 * 4);
}

BOOST_AUTO_TEST_CASE(trees_that_differ_anywhere_are_told_apart)
{
  const std::array<std::string, 22> different{"a",
                                              "b",
                                              "\"a\"",
                                              "nil",
                                              "0",
                                              "0.0",
                                              "-0.0",
                                              "1e999",
                                              "a = 1",
                                              "a != 1",
                                              "a < 1",
                                              "a <= 1",
                                              "a =~ \"x\"",
                                              "a ~= \"x\"",
                                              "tagged \"a\"",
                                              "tagged \"b\"",
                                              "not a",
                                              "a and b",
                                              "a or b",
                                              "a and b and c",
                                              "(a and b) and c",
                                              "a =~ \"x%\""};
  for (std::size_t i = 0; i != different.size(); ++i) {
    for (std::size_t j = 0; j != different.size(); ++j) {
      const auto a = tree_of(different[i]);
      const auto b = tree_of(different[j]);
      BOOST_REQUIRE((a && b));
      BOOST_TEST(test::same(*a, *b) == (i == j), different[i] << " and " << different[j]);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

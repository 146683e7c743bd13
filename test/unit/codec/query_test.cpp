// Queries that are built: what they say, and that a server reads them so.
#include "testkit/request_handler.hpp"

#include <riemann/message.hpp>
#include <riemann/query.hpp>
#include <riemann/response.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <iterator>
#include <limits>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace riemann;
using testkit::detail::request_handler;
using std::string_literals::operator""s;

const field service{"service"};
const field host{"host"};
const field amount{"metric"};

/// Strings that mean something to the language, to its strings, or to an expression.
const std::vector<std::string> strange{
    "plain",
    "",
    "\"",
    "\\",
    "\\\\",
    "a\\",
    "a\\\"",
    "\" or true or service = \"",
    "x\" and host = \"y",
    "a\nb\tc\rd",
    "a,b",
    "100 %",
    "%",
    ".*",
    "^a$",
    "[a-z]+(b|c)?{2}",
    "\\Qa\\E",
    "\\E.*\\Q",
    "\\u0041",
    "caf\xc3\xa9 \xf0\x9f\x98\x80",
    "nil",
    "a\0b"s,
};

struct asked {
  asked() : handler{ttl_duration{60.0F}} {}

  void add(const event& e)
  {
    std::vector<std::byte> out;
    handler.handle(message{e}.body(), now, out);
  }
  response ask(const query& q)
  {
    std::vector<std::byte> out;
    handler.handle(message::query(q).body(), now, out);
    const auto answer = response::parse({out.begin() + 4, out.end()}).value();
    BOOST_TEST_CONTEXT(q.text() << " gave " << answer.text())
    {
      BOOST_TEST(answer.ok());
    }
    return answer;
  }
  std::vector<std::string> services(const query& q)
  {
    std::vector<std::string> found;
    for (const event& e : ask(q).to_events()) {
      found.push_back(e.service.value_or(""));
    }
    std::ranges::sort(found);
    return found;
  }

  timestamp now = timestamp::from_seconds(1'700'000'100);
  request_handler handler;
};

struct among_strange_ones : asked {
  among_strange_ones()
  {
    for (const std::string& s : strange) {
      add({.host = "h", .service = s, .tags = {s}});
    }
  }
};

using strings = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_SUITE(codec_query)

BOOST_AUTO_TEST_CASE(text_when_parts_are_put_together_then_has_the_parentheses_it_needs)
{
  const query a = field{"a"}.is_set();
  const query b = field{"b"} == 1;
  const query c = tagged("c");
  BOOST_TEST((a && b && c).text() == "a and b = 1 and tagged \"c\"");
  BOOST_TEST((a || (b && c)).text() == "a or b = 1 and tagged \"c\"");
  BOOST_TEST(((a || b) && c).text() == "(a or b = 1) and tagged \"c\"");
  BOOST_TEST((!a && b).text() == "not a and b = 1");
  BOOST_TEST((!(a && b)).text() == "not (a and b = 1)");
  BOOST_TEST((!!a).text() == "not not a");
  BOOST_TEST((query::raw("x or y") && a).text() == "(x or y) and a");
  BOOST_TEST((!query::raw("x")).text() == "not (x)");
  BOOST_TEST(query::all().text() == "true");
}

BOOST_AUTO_TEST_CASE(values_are_written_as_the_language_reads_them)
{
  const auto text = [](const query_value& v) { return v.text(); };
  BOOST_TEST(text(nullptr) == "nil");
  BOOST_TEST(text(true) == "true");
  BOOST_TEST(text(-42) == "-42");
  BOOST_TEST(text(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
  BOOST_TEST(text(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615N");
  BOOST_TEST(text(std::uint64_t{1}) == "1");
  BOOST_TEST(text(42.0) == "42.0");
  BOOST_TEST(text(0.1F + 0.0) == "0.10000000149011612");
  BOOST_TEST(text(1e300) == "1e300");
  BOOST_TEST(text(-1e-7) == "-1e-07");
  BOOST_TEST(text(std::numeric_limits<double>::infinity()) == "Infinity");
  BOOST_TEST(text(-std::numeric_limits<double>::infinity()) == "-Infinity");
  BOOST_TEST(text(std::numeric_limits<double>::quiet_NaN()) == "NaN");
  BOOST_TEST(text("a \"b\" \\ c") == "\"a \\u0022b\\u0022 \\u005c c\"");
}

BOOST_AUTO_TEST_CASE(field_when_the_language_cannot_name_it_then_is_refused)
{
  for (const char* const name :
       {"",       "a b", "a,b",  "1a",   "-1",        "-1e5", "not", "and",       "or",
        "tagged", "nil", "true", "NaN",  "-Infinity", "=",    "<=",  "a\"b",      "a(b",
        "a:",     ":a",  "a::b", "a:/b", ":",         "a/b",  "a%",  "\\newline", "a\nb"}) {
    BOOST_TEST_CONTEXT(name)
    {
      BOOST_CHECK_THROW(field{name}, std::invalid_argument);
    }
  }
  asked server;
  for (const char* const name : {"a", "x-y", "k.v", "a=b", "service=", "-", "a1", "notes",
                                 "\xc3\xbc", "aws:region", "a:1:b", "not:or"}) {
    event e{.service = name};
    e.attributes.push_back({name, "here"});
    server.add(e);
    BOOST_TEST((server.services(field{name} == "here") == strings{name}));
  }
}

BOOST_FIXTURE_TEST_CASE(strings_whatever_is_in_them_are_found_and_nothing_else, among_strange_ones)
{
  for (const std::string& s : strange) {
    const strings just_it{s};
    BOOST_TEST((services(service == s) == just_it));
    BOOST_TEST((services(tagged(s)) == just_it));
    // What comes behind is not taken for a part of the string.
    BOOST_TEST((services(service == s && host == "h") == just_it));
    BOOST_TEST((services(service == s && host == "\\").empty()));
    BOOST_TEST(services(service != s).size() == strange.size() - 1);
  }
}

BOOST_FIXTURE_TEST_CASE(parts_of_strings_whatever_is_in_them_are_found, among_strange_ones)
{
  const auto those = [](auto wanted) {
    strings found;
    std::ranges::copy_if(strange, std::back_inserter(found), wanted);
    std::ranges::sort(found);
    return found;
  };
  for (const std::string& s : strange) {
    BOOST_TEST_CONTEXT(s)
    {
      BOOST_TEST((services(service.starts_with(s)) ==
                  those([&](const std::string& o) { return o.starts_with(s); })));
      BOOST_TEST((services(service.ends_with(s)) ==
                  those([&](const std::string& o) { return o.ends_with(s); })));
      BOOST_TEST((services(service.contains(s)) ==
                  those([&](const std::string& o) { return o.find(s) != std::string::npos; })));
    }
  }
  BOOST_TEST((services(service.like("100%")) == strings{"100 %"}));
  BOOST_TEST(
      (services(service.matches("^[a-z]+$") && service.is_set()) == strings{"nil", "plain"}));
}

namespace {

/// A query, and what it means.
struct meant {
  query text;
  std::function<bool(const event&)> holds;
};

class generator {
public:
  explicit generator(unsigned seed) : random_{seed} {}

  meant any(unsigned depth)
  {
    switch (depth == 0 ? 0 : below(4)) {
    case 1: {
      const meant a = any(depth - 1);
      const meant b = any(depth - 1);
      return {a.text && b.text, [=](const event& e) { return a.holds(e) && b.holds(e); }};
    }
    case 2: {
      const meant a = any(depth - 1);
      const meant b = any(depth - 1);
      return {a.text || b.text, [=](const event& e) { return a.holds(e) || b.holds(e); }};
    }
    case 3: {
      const meant a = any(depth - 1);
      return {!a.text, [=](const event& e) { return !a.holds(e); }};
    }
    default:
      return leaf();
    }
  }

private:
  std::size_t below(std::size_t n) { return random_() % n; }

  meant leaf()
  {
    const std::string s = strange[below(strange.size())];
    const auto n = static_cast<std::int64_t>(below(5));
    switch (below(6)) {
    case 0:
      return {service == s, [=](const event& e) { return e.service == s; }};
    case 1:
      return {service != s, [=](const event& e) { return e.service != s; }};
    case 2:
      return {tagged(s), [=](const event& e) { return std::ranges::count(e.tags, s) != 0; }};
    case 3:
      return {amount < n, [=](const event& e) {
                return e.metric && e.metric->as_double() < static_cast<double>(n);
              }};
    case 4:
      return {amount == nullptr, [](const event& e) { return !e.metric; }};
    default:
      return {service.contains(s),
              [=](const event& e) { return e.service->find(s) != std::string::npos; }};
    }
  }

  std::mt19937 random_;
};

} // namespace

BOOST_AUTO_TEST_CASE(query_whatever_it_is_built_of_means_to_a_server_what_it_says)
{
  asked server;
  std::vector<event> events;
  for (std::size_t i = 0; i != strange.size(); ++i) {
    event e{.service = strange[i], .tags = {strange[(i + 1) % strange.size()]}};
    if (i % 3 != 0) {
      e.metric = static_cast<std::int64_t>(i % 5);
    }
    server.add(e);
    events.push_back(e);
  }
  for (unsigned seed = 0; seed != 2'000; ++seed) {
    const meant q = generator{seed}.any(4);
    strings expected;
    for (const event& e : events) {
      if (q.holds(e)) {
        expected.push_back(*e.service);
      }
    }
    std::ranges::sort(expected);
    BOOST_TEST_CONTEXT("seed " << seed << ": " << q.text.text())
    {
      BOOST_TEST((server.services(q.text) == expected));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

#include "testkit/query.hpp"

#include <riemann/message.hpp>

#include <boost/test/unit_test.hpp>

#include <limits>
#include <string>
#include <variant>

namespace {

using namespace riemann;
using namespace riemann::testkit::detail;

const timestamp arrival = timestamp::from_seconds(1'700'000'000);

stored_event store(const event& e)
{
  const message m{e};
  return stored_event{event_view{riemann::detail::next_field(m.body(), 6)}, arrival};
}

/// The text of the error; empty if there is none.
std::string error_of(const std::string& text, query_options options = {})
{
  const auto parsed = query::parse(text, options);
  const auto* const error = std::get_if<query_error>(&parsed);
  return error ? error->text : std::string{};
}

bool matches_event(const std::string& text, const event& e)
{
  const auto parsed = query::parse(text);
  BOOST_REQUIRE_MESSAGE(std::holds_alternative<query>(parsed), text << ": " << error_of(text));
  return std::get<query>(parsed).matches(store(e));
}

std::string repeated(const std::string& what, int times)
{
  std::string text;
  for (int i = 0; i < times; ++i) {
    text += what;
  }
  return text;
}

} // namespace

BOOST_AUTO_TEST_SUITE(testkit_query)

BOOST_AUTO_TEST_CASE(and_binds_closer_than_or_and_not_closest)
{
  const event e{.service = "s"};
  BOOST_TEST(matches_event("true or false and false", e));
  BOOST_TEST(!matches_event("(true or false) and false", e));
  BOOST_TEST(matches_event("not false or true", e));
  BOOST_TEST(!matches_event("not true and false", e));
  BOOST_TEST(matches_event("not not not nil", e));
}

BOOST_AUTO_TEST_CASE(equality_is_typed_and_order_is_not)
{
  const event whole{.metric = 42};
  BOOST_TEST(matches_event("metric = 42", whole));
  BOOST_TEST(matches_event("metric = 42N", whole));
  BOOST_TEST(!matches_event("metric = 42.0", whole));
  BOOST_TEST(matches_event("metric <= 42.0", whole));
  BOOST_TEST(matches_event("metric = 42.0", event{.metric = 42.0F}));
  BOOST_TEST(!matches_event("service < 42", event{.service = "1"}));
}

BOOST_AUTO_TEST_CASE(integers_beyond_64_bits_compare_by_value)
{
  const event greatest{.metric = std::numeric_limits<std::int64_t>::max()};
  BOOST_TEST(matches_event("metric < 9223372036854775808N", greatest));
  BOOST_TEST(matches_event("metric > -9223372036854775809N", greatest));
  BOOST_TEST(matches_event("metric >= 9223372036854775807N", greatest));
  BOOST_TEST(matches_event("99999999999999999999N = 099999999999999999999N", greatest));
  BOOST_TEST(matches_event("99999999999999999999N < 100000000000000000000N", greatest));
  BOOST_TEST(!error_of("metric = 9223372036854775808").empty());
  BOOST_TEST(!error_of("metric = 1L").empty());
}

BOOST_AUTO_TEST_CASE(not_a_number_is_in_no_order_and_equals_nothing)
{
  const event e{.metric = std::numeric_limits<double>::quiet_NaN()};
  BOOST_TEST(!matches_event("metric = NaN", e));
  BOOST_TEST(matches_event("metric != NaN", e));
  BOOST_TEST(!matches_event("metric < Infinity", e));
  BOOST_TEST(matches_event("1 < 1e999", e));
  BOOST_TEST(matches_event("0.0 = 1e-999", e));
}

BOOST_AUTO_TEST_CASE(absent_fields_are_nil_and_unknown_names_are_attributes)
{
  const event e{.service = "s", .attributes = {attribute{"zone", "eu"}, attribute{"a:b.c", ""}}};
  BOOST_TEST(matches_event("host = nil and host = null and tags = nil", e));
  BOOST_TEST(matches_event("zone = \"eu\" and a:b.c = \"\" and a:b.c", e));
  BOOST_TEST(matches_event("nosuch = nil and not nosuch", e));
  BOOST_TEST(matches_event("time = 1700000000", e));
}

/// Microseconds are floating seconds to a query, and nothing is cut off.
BOOST_AUTO_TEST_CASE(time_before_1970_is_compared_as_it_was_sent)
{
  const auto micros = [](std::int64_t n) { return event{.time = timestamp::from_micros(n)}; };
  BOOST_TEST(matches_event("time < 0 and time > -0.000002 and time = -1e-6", micros(-1)));
  BOOST_TEST(!matches_event("time = 0 or time = 0.0 or time = -1", micros(-1)));
  BOOST_TEST(matches_event("time > -1 and time < -0.99", micros(-999'999)));
  BOOST_TEST(matches_event("time = -1.0 and time >= -1 and time <= -1", micros(-1'000'000)));
  BOOST_TEST(!matches_event("time = -1", micros(-1'000'000)));
  const event whole{.time = timestamp::from_seconds(-1)};
  BOOST_TEST(matches_event("time = -1 and time < 0", whole));
  BOOST_TEST(!matches_event("time = -1.0", whole));
}

BOOST_AUTO_TEST_CASE(like_is_anchored_and_stays_within_a_line)
{
  const event e{.service = "api req 7%", .tags = {"a tag"}, .description = "line\nbreak"};
  BOOST_TEST(matches_event("service =~ \"api%\"", e));
  BOOST_TEST(matches_event("service =~ \"%req%7%\"", e));
  BOOST_TEST(!matches_event("service =~ \"req\"", e));
  BOOST_TEST(!matches_event("service =~ \"a.i%\"", e));
  BOOST_TEST(!matches_event("description =~ \"%\"", e));
  BOOST_TEST(matches_event("description =~ \"line\\n%\"", e));
  BOOST_TEST(matches_event("\"ends\\n\" =~ \"e%s\"", e));
  BOOST_TEST(!matches_event("\"aa\" =~ \"aa%a\"", e));
  BOOST_TEST(!matches_event("metric =~ \"%\"", e));
  BOOST_TEST(matches_event("tagged \"a tag\" and not tagged \"a\"", e));
}

/// By the product of the lengths it would not end.
BOOST_AUTO_TEST_CASE(like_takes_time_by_the_sum_of_lengths)
{
  const event e{.service = std::string(8U << 20, 'a')};
  BOOST_TEST(!matches_event("service =~ \"%" + std::string(4U << 20, 'a') + "b%\"", e));
  BOOST_TEST(matches_event("service =~ \"%" + std::string(4U << 20, 'a') + "%\"", e));
}

BOOST_AUTO_TEST_CASE(numbers_beyond_a_double_are_infinite_or_zero)
{
  const std::string zeros(700, '0');
  const event e{.metric = 1};
  BOOST_TEST(matches_event("metric < 1" + zeros + ".0e-100", e));
  BOOST_TEST(matches_event("metric > -1" + zeros + ".0e-100", e));
  BOOST_TEST(matches_event("metric > 0." + zeros + "1e100", e));
  BOOST_TEST(matches_event("metric < 1e400", e));
  BOOST_TEST(matches_event("metric > 1e-400", e));
  BOOST_TEST(matches_event("metric < 1e99999999999999999999", e));
  BOOST_TEST(matches_event("metric > 1e-99999999999999999999", e));
}

BOOST_AUTO_TEST_CASE(strings_are_read_as_edn)
{
  const event e{};
  BOOST_TEST(matches_event("\"\\u00fc\" = \"\xC3\xBC\"", e));
  BOOST_TEST(matches_event("\"\\ud83d\\ude00\" = \"\xF0\x9F\x98\x80\"", e));
  BOOST_TEST(matches_event("\"\\ud83d\" = \"\xEF\xBF\xBD\"", e));
  BOOST_TEST(matches_event("\"a\\\"b\" = \"a\\\"b\" and \"\\\\d\" != \"d\"", e));
  BOOST_TEST(error_of("host = \"\\d\"").find("\\d") != std::string::npos);
  BOOST_TEST(!error_of("host = \"\\u12g4\"").empty());
  BOOST_TEST(!error_of("host = \"open").empty());
}

BOOST_AUTO_TEST_CASE(blanks_round_operators_are_needed_and_commas_are_blanks)
{
  BOOST_TEST(!error_of("service=\"x\"").empty());
  BOOST_TEST(matches_event("service,=,\"x\"\n", event{.service = "x"}));
  BOOST_TEST(matches_event("-15a = nil and .5 = nil and +1 = nil", event{}));
  BOOST_TEST(!error_of("metric > 0x10").empty());
  BOOST_TEST(!error_of("\\newline = nil").empty());
  BOOST_TEST(error_of("\\newlines = nil").empty());
}

BOOST_AUTO_TEST_CASE(error_says_where_and_what_was_expected)
{
  BOOST_TEST(error_of("") == "malformed query at byte 0 (the end): expected a predicate");
  BOOST_TEST(error_of("metric > \"x\"") == "malformed query at byte 9 (\"x\"): expected a number");
  BOOST_TEST(error_of("host = \"\\\xC3\xA9\"").find("\\\xC3\xA9") != std::string::npos);
  BOOST_TEST(error_of("service = \"x") ==
             "malformed query at byte 10 (\"): the string does not end");
  BOOST_TEST(error_of("(true") ==
             "malformed query at byte 5 (the end): expected 'and', 'or' or ')'");
}

BOOST_AUTO_TEST_CASE(nesting_is_bounded_and_so_are_chains)
{
  BOOST_TEST(error_of(repeated("(", 500) + "true" + repeated(")", 500)).empty());
  BOOST_TEST(error_of(repeated("(", 501) + "true" + repeated(")", 501))
                 .find("nests deeper than 500 levels") != std::string::npos);
  BOOST_TEST(error_of(repeated("not ", 20'000) + "true").find("nests deeper") != std::string::npos);
  BOOST_TEST(error_of("((true))", {.max_depth = 1}).find("1 levels") != std::string::npos);
  BOOST_TEST(matches_event("true" + repeated(" and true", 99'999), event{}));
  BOOST_TEST(matches_event("false" + repeated(" or not nil", 99'999), event{}));
  for (const std::string more : {" and true", " or tagged \"a\"", " and (not nil)"}) {
    BOOST_TEST(error_of("true" + repeated(more, 100'000)).find("more than 100000 comparisons") !=
               std::string::npos);
  }
  BOOST_TEST(error_of("true or true", {.max_terms = 1}).find("more than 1 ") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(regular_expressions_are_bounded_in_number_and_in_size)
{
  const event e{.service = "s"};
  const std::string small = "service ~= \"^x\"";
  BOOST_TEST(!matches_event(small + repeated(" or " + small, 63), e));
  BOOST_TEST(error_of(small + repeated(" or " + small, 64)).find("more than 64 regular") !=
             std::string::npos);
  BOOST_TEST(error_of(small + " or " + small, {.max_expressions = 1}).find("more than 1 ") !=
             std::string::npos);
  // Each of these is as large as one may be.
  const std::string large = R"(service ~= "\\pL{50}")";
  BOOST_TEST(!matches_event(large, e));
  BOOST_TEST(error_of(large + repeated(" or " + large, 20)).find("together are larger") !=
             std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

#include "cli/failure.hpp"
#include "cli/values.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <initializer_list>
#include <limits>
#include <string_view>

using namespace riemann::cli;
using namespace std::chrono_literals;
using riemann::metric;
using riemann::timestamp;

namespace {

/// The sentence of the usage failure that `f` ends in; empty: it does not.
template <class F>
std::string complaint(F&& f)
{
  try {
    f();
  } catch (const failure& error) {
    BOOST_TEST((error.code() == exit_code::usage));
    return error.what();
  }
  return {};
}

metric metric_of(std::string text)
{
  return parse_metric({"--metric", std::move(text)});
}

timestamp time_of(std::string text)
{
  return parse_time({"--time", std::move(text)});
}

std::string host_of(std::string text)
{
  return parse_host({"--host", std::move(text)});
}

} // namespace

BOOST_AUTO_TEST_SUITE(cli_values)

BOOST_AUTO_TEST_CASE(parse_metric_when_integer_then_integer)
{
  BOOST_TEST((metric_of("42") == metric{42}));
  BOOST_TEST((metric_of("-42") == metric{-42}));
  BOOST_TEST((metric_of("+42") == metric{42}));
  BOOST_TEST((metric_of("0042") == metric{42}));
  BOOST_TEST(
      (metric_of("9223372036854775807") == metric{std::numeric_limits<std::int64_t>::max()}));
  BOOST_TEST(
      (metric_of("-9223372036854775808") == metric{std::numeric_limits<std::int64_t>::min()}));
}

BOOST_AUTO_TEST_CASE(parse_metric_when_decimal_then_double)
{
  BOOST_TEST((metric_of("42.0") == metric{42.0}));
  BOOST_TEST((metric_of("-.5") == metric{-0.5}));
  BOOST_TEST((metric_of("5.") == metric{5.0}));
  BOOST_TEST((metric_of("+1.5") == metric{1.5}));
  BOOST_TEST((metric_of("1e3") == metric{1000.0}));
  BOOST_TEST((metric_of("9223372036854775808.0") == metric{9223372036854775808.0}));
  BOOST_TEST(std::isnan(metric_of("NaN").as_double()));
  BOOST_TEST((metric_of("-Infinity") == metric{-HUGE_VAL}));
}

BOOST_AUTO_TEST_CASE(parse_metric_when_wrong_then_says_how)
{
  for (const char* text : {"", "12abc", "abc", "-", "+", ".", "--1", "+-1", "1 ", " 1", "0x10",
                           "1,5", "nan", "inf", "1e", "1_000", "-inf"}) {
    BOOST_TEST_CONTEXT(text)
    {
      const std::string sentence = complaint([&] { metric_of(text); });
      BOOST_TEST(sentence.starts_with("--metric '" + std::string{text} + "' is not a number"));
    }
  }
  for (const char* text :
       {"9223372036854775808", "-9223372036854775809", "100000000000000000000000000"}) {
    const std::string sentence = complaint([&] { metric_of(text); });
    BOOST_TEST(sentence.find("64-bit") != std::string::npos);
    BOOST_TEST(sentence.find(std::string{text} + ".0") != std::string::npos);
  }
  for (const char* text : {"1e999", "-1e999", "1e-999"}) {
    BOOST_TEST(complaint([&] { metric_of(text); }).find("beyond a double") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(parse_time_when_valid_then_exact)
{
  BOOST_TEST((time_of("1700000000") == timestamp::from_seconds(1'700'000'000)));
  BOOST_TEST((time_of("-1") == timestamp::from_seconds(-1)));
  BOOST_TEST((time_of("1700000000.123456") == timestamp::from_micros(1'700'000'000'123'456)));
  BOOST_TEST((time_of("1700000000.1234569") == timestamp::from_micros(1'700'000'000'123'456)));
  BOOST_TEST((time_of("1700000000.5") == timestamp::from_micros(1'700'000'000'500'000)));
  BOOST_TEST((time_of("+1.0") == timestamp::from_micros(1'000'000)));
  BOOST_TEST((time_of("-0.5") == timestamp::from_micros(-500'000)));
  BOOST_TEST((time_of("-1.0000001") == timestamp::from_micros(-1'000'001)));
  BOOST_TEST((time_of("-1.0000000") == timestamp::from_micros(-1'000'000)));
}

BOOST_AUTO_TEST_CASE(parse_time_when_wrong_then_complains)
{
  for (const char* text :
       {"", "now", "1.", ".5", "1e9", "-", "+-1", "--1", "1.-5", "1.5.5", "12:30"}) {
    BOOST_TEST_CONTEXT(text)
    {
      BOOST_TEST(complaint([&] { time_of(text); }).find("is not a time;") != std::string::npos);
    }
  }
  for (const char* text : {"9223372036854775807", "9223372036855", "99999999999999999999"}) {
    BOOST_TEST(complaint([&] { time_of(text); }).find("is beyond any time") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(parse_any_ttl_when_an_event_can_have_it_then_it)
{
  BOOST_TEST(parse_any_ttl({"ttl", "-1.5"}).count() == -1.5F);
  BOOST_TEST(parse_any_ttl({"ttl", "Infinity"}).count() == HUGE_VALF);
  BOOST_TEST(std::isnan(parse_any_ttl({"ttl", "NaN"}).count()));
  for (const char* text : {"", "1e39", "x", "inf"}) {
    BOOST_TEST(!complaint([&] { parse_any_ttl({"ttl", text}); }).empty());
  }
}

BOOST_AUTO_TEST_CASE(parse_ttl_when_number_not_negative_then_seconds)
{
  BOOST_TEST(parse_ttl({"--ttl", "60"}).count() == 60.0F);
  BOOST_TEST(parse_ttl({"--ttl", "0.5"}).count() == 0.5F);
  BOOST_TEST(parse_ttl({"--ttl", "0"}).count() == 0.0F);
  for (const char* text : {"", "-1", "1e39", "x", "inf", "nan"}) {
    BOOST_TEST(!complaint([&] { parse_ttl({"--ttl", text}); }).empty());
  }
}

BOOST_AUTO_TEST_CASE(parse_duration_when_above_zero_then_rounded_up)
{
  const auto duration_of = [](const char* text) { return parse_duration({"--timeout", text}); };
  BOOST_TEST((duration_of("5") == 5s));
  BOOST_TEST((duration_of("0.25") == 250ms));
  BOOST_TEST((duration_of("0.0001") == 1ms));
  BOOST_TEST((duration_of("1e-300") == 1ms));
  BOOST_TEST((duration_of("3155760000") == 24h * 36'525));
  for (const char* text : {"0", "-1", "0.0", "1e10", "1e999", "", "5s", "nan", "inf"}) {
    BOOST_TEST(!complaint([&] { duration_of(text); }).empty());
  }
}

BOOST_AUTO_TEST_CASE(parse_port_when_in_range_then_number)
{
  BOOST_TEST(parse_port({"--port", "65535"}, 1) == 65535);
  BOOST_TEST(parse_port({"--port", "0"}, 0) == 0);
  for (const char* text : {"0", "65536", "-1", "", "abc", "55 55", "5555x", "+5"}) {
    BOOST_TEST(complaint([&] {
                 parse_port({"RIEMANN_PORT", text}, 1);
               }) == "RIEMANN_PORT '" + std::string{text} +
                         "' is not a port; give a number from 1 to 65535");
  }
}

BOOST_AUTO_TEST_CASE(parse_count_when_whole_then_number)
{
  BOOST_TEST(parse_count({"--count", "3"}) == 3U);
  for (const char* text : {"", "-1", "1.5", "many", "99999999999999999999999"}) {
    BOOST_TEST(!complaint([&] { parse_count({"--count", text}); }).empty());
  }
}

BOOST_AUTO_TEST_CASE(parse_host_when_name_or_address_then_without_brackets)
{
  BOOST_TEST(host_of("localhost") == "localhost");
  BOOST_TEST(host_of("127.0.0.1") == "127.0.0.1");
  BOOST_TEST(host_of("::1") == "::1");
  BOOST_TEST(host_of("[::1]") == "::1");
  BOOST_TEST(host_of("fe80::1%1") == "fe80::1%1");
}

BOOST_AUTO_TEST_CASE(parse_host_when_wrong_then_says_how)
{
  const auto complains_of = [](const char* text, std::string_view what) {
    BOOST_TEST_CONTEXT(text)
    {
      BOOST_TEST(complaint([&] { host_of(text); }).find(what) != std::string::npos);
    }
  };
  complains_of("", "names no host");
  complains_of("localhost:5555", "has a port in it");
  complains_of("[::1]:5555", "has a port in it");
  complains_of("1::2::3", "is not an IPv6 address");
  complains_of("[localhost]", "is not an IPv6 address");
  complains_of("[]", "is not an IPv6 address");
  complains_of("[::1", "is not an IPv6 address");
  complains_of("two words", "is not a host's name");
  complains_of("http/", "is not a host's name");
  complains_of("bad\nname", "is not a host's name");
}

BOOST_AUTO_TEST_CASE(parse_address_when_no_address_then_complains)
{
  BOOST_TEST(parse_address({"--address", "0.0.0.0"}) == "0.0.0.0");
  BOOST_TEST(parse_address({"--address", "[::]"}) == "::");
  BOOST_TEST(!complaint([] { parse_address({"--address", "localhost"}); }).empty());
}

BOOST_AUTO_TEST_CASE(parse_attribute_when_called_like_a_field_then_refused)
{
  for (const char* key :
       {"host", "service", "state", "description", "metric", "tags", "ttl", "time"}) {
    const std::string text = std::string{key} + "=x";
    const std::string said = complaint([&] { parse_attribute({"--attribute", text}); });
    BOOST_TEST(said.find("attribute '" + std::string{key} + "' is called like a field") !=
               std::string::npos);
  }
  BOOST_TEST((parse_attribute({"--attribute", "Host=x"}) == riemann::attribute{"Host", "x"}));
  BOOST_TEST((parse_attribute({"--attribute", "time_micros=1"}).key == "time_micros"));
}

BOOST_AUTO_TEST_CASE(parse_attribute_when_key_and_value_then_both)
{
  const auto attribute_of = [](const char* text) { return parse_attribute({"--attribute", text}); };
  BOOST_TEST((attribute_of("a=b") == riemann::attribute{"a", "b"}));
  BOOST_TEST((attribute_of("a=") == riemann::attribute{"a", ""}));
  BOOST_TEST((attribute_of("a=b=c") == riemann::attribute{"a", "b=c"}));
  for (const char* text : {"", "=", "=b", "a"}) {
    BOOST_TEST(complaint([&] { attribute_of(text); }).find("KEY=VALUE") != std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()

#include "cli/json.hpp"

#include <boost/json/parse.hpp>
#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>

using riemann::cli::to_json;

BOOST_AUTO_TEST_SUITE(cli_json)

BOOST_AUTO_TEST_CASE(to_json_when_event_is_full_then_every_key)
{
  riemann::event e{.host = "h", .service = "s", .state = "ok", .metric = 42, .tags = {"a", "b"}};
  e.ttl = riemann::ttl_duration{60};
  e.time = riemann::timestamp::from_micros(1'700'000'000'250'000);
  e.description = "d";
  e.attributes = {{"k", "v"}};
  BOOST_TEST(to_json(e) == R"({"host": "h", "service": "s", "state": "ok", "description": "d", )"
                           R"("metric": 42, "tags": ["a", "b"], "ttl": 60.0, )"
                           R"("time": 1700000000, "time_micros": 1700000000250000, )"
                           R"("attributes": {"k": "v"}})");
}

/// But for the host: read back it would be this machine.
BOOST_AUTO_TEST_CASE(to_json_when_fields_are_absent_then_left_out)
{
  BOOST_TEST(to_json(riemann::event{}) == R"({"host": null})");
  BOOST_TEST(to_json(riemann::event{.host = "", .service = ""}) ==
             R"({"host": "", "service": ""})");
}

BOOST_AUTO_TEST_CASE(to_json_when_metric_then_keeps_its_kind)
{
  const auto metric_of = [](riemann::metric m) {
    const std::string text = to_json(riemann::event{.metric = m});
    const auto at = text.find("metric") + 9;
    return text.substr(at, text.size() - at - 1);
  };
  BOOST_TEST(metric_of(1) == "1");
  BOOST_TEST(metric_of(-1) == "-1");
  BOOST_TEST(metric_of(1.0) == "1.0");
  BOOST_TEST(metric_of(-0.0) == "-0.0");
  BOOST_TEST(metric_of(0.1) == "0.1");
  BOOST_TEST(metric_of(0.1F) == "0.1");
  BOOST_TEST(metric_of(1e300) == "1e+300");
  BOOST_TEST(metric_of(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
  BOOST_TEST(metric_of(std::nan("")) == "\"NaN\"");
  BOOST_TEST(metric_of(HUGE_VAL) == "\"Infinity\"");
  BOOST_TEST(metric_of(-HUGE_VALF) == "\"-Infinity\"");
}

BOOST_AUTO_TEST_CASE(to_json_when_strings_are_strange_then_still_json)
{
  const std::string strange{"\"\\\n\t\0\x1F\x7F\xFF\xED\xA0\x80\xE2\x82\xAC", 14};
  riemann::event e{.host = strange, .tags = {strange}};
  e.attributes.push_back({strange, strange});
  const auto parsed = boost::json::parse(to_json(e)).as_object();
  const std::string_view host = parsed.at("host").as_string();
  BOOST_TEST(host.starts_with("\"\\\n\t"));
  BOOST_TEST(host.ends_with("\xEF\xBF\xBD\xE2\x82\xAC"));
  BOOST_TEST(parsed.at("tags").as_array().size() == 1);
  BOOST_TEST(parsed.at("attributes").as_object().size() == 1);
}

/// A terminal obeys some of those that JSON takes as they are.
BOOST_AUTO_TEST_CASE(to_json_when_strings_hold_control_characters_then_escaped)
{
  const std::string text{"\x1B[1m\x7F\u0080\u009B31m\u009F\u00A0\u0100"};
  const std::string json = to_json(riemann::event{.host = text});
  BOOST_TEST(json == "{\"host\": \"\\u001b[1m\\u007f\\u0080\\u009b31m\\u009f\u00A0\u0100\"}");
  BOOST_TEST(boost::json::parse(json).at("host").as_string() == text);
}

BOOST_AUTO_TEST_CASE(to_json_when_the_direction_would_change_then_escaped)
{
  const std::string text{"\u202E\u2066\u2028\u20AC"};
  const std::string json = to_json(riemann::event{.host = text});
  BOOST_TEST(json == "{\"host\": \"\\u202e\\u2066\\u2028\u20AC\"}");
  BOOST_TEST(boost::json::parse(json).at("host").as_string() == text);
}

BOOST_AUTO_TEST_CASE(to_json_when_there_are_millions_to_escape_then_in_a_moment)
{
  const std::string json = to_json(riemann::event{.host = std::string(4'000'000, '\x7F')});
  BOOST_TEST(json.size() == 6U * 4'000'000U + std::string_view{"{\"host\": \"\"}"}.size());
}

BOOST_AUTO_TEST_CASE(to_json_when_attributes_then_sorted_and_the_last_of_a_key)
{
  riemann::event e;
  e.attributes = {{"z", "1"}, {"a", "2"}, {"z", "3"}, {"n", std::nullopt}};
  BOOST_TEST(to_json(e) == R"({"host": null, "attributes": {"a": "2", "n": null, "z": "3"}})");
}

BOOST_AUTO_TEST_CASE(to_json_when_time_is_in_seconds_then_no_micros)
{
  riemann::event e;
  e.time = riemann::timestamp::from_seconds(-5);
  BOOST_TEST(to_json(e) == R"({"host": null, "time": -5})");
}

BOOST_AUTO_TEST_CASE(to_json_when_events_then_sorted_one_a_line)
{
  using riemann::event;
  std::vector<event> events{{.host = "b", .service = "a"},
                            {.host = "a", .service = "b"},
                            {.host = "a", .service = "a"},
                            {.service = "z"}};
  BOOST_TEST(to_json(events) == "[\n"
                                R"(  {"host": null, "service": "z"},)"
                                "\n"
                                R"(  {"host": "a", "service": "a"},)"
                                "\n"
                                R"(  {"host": "a", "service": "b"},)"
                                "\n"
                                R"(  {"host": "b", "service": "a"})"
                                "\n]");
  BOOST_TEST(to_json(std::vector<event>{}) == "[]");
}

BOOST_AUTO_TEST_SUITE_END()

#include "cli/display_width.hpp"
#include "cli/table.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>
#include <sstream>

using namespace riemann::cli;
using riemann::event;

namespace {

std::vector<std::string> lines_of_table(const std::vector<event>& events, const table_settings& how)
{
  std::istringstream text{to_table(events, how)};
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) {
    lines.push_back(line);
  }
  return lines;
}

} // namespace

BOOST_AUTO_TEST_SUITE(cli_table)

BOOST_AUTO_TEST_CASE(width_when_characters_are_wide_or_combine_then_as_on_a_terminal)
{
  BOOST_TEST(display_width("") == 0U);
  BOOST_TEST(display_width("abc") == 3U);
  BOOST_TEST(display_width("\xE6\x97\xA5\xE6\x9C\xAC") == 4U);
  BOOST_TEST(display_width("e\xCC\x81") == 1U);
  BOOST_TEST(display_width("\xF0\x9F\x98\x80") == 2U);
}

BOOST_AUTO_TEST_CASE(clipped_when_longer_then_ends_in_an_ellipsis_and_fits)
{
  BOOST_TEST(clipped("abc", 3) == "abc");
  BOOST_TEST(clipped("abcd", 3) == "ab\u2026");
  BOOST_TEST(clipped("\xE6\x97\xA5\xE6\x9C\xAC\xE6\x97\xA5", 4) == "\xE6\x97\xA5\u2026");
  BOOST_TEST(clipped("ab", 1) == "\u2026");
  BOOST_TEST(clipped("ab", 0).empty());
}

BOOST_AUTO_TEST_CASE(table_when_columns_are_empty_then_left_out)
{
  const auto lines = lines_of_table(
      {event{.service = "s", .metric = 1}, event{.service = "long", .metric = 0.25}}, {});
  BOOST_TEST(
      (lines == std::vector<std::string>{"SERVICE  METRIC", "s             1", "long       0.25"}));
}

BOOST_AUTO_TEST_CASE(table_when_narrow_then_every_line_fits)
{
  event e{.host = std::string(40, 'h'),
          .service = std::string(40, 's'),
          .state = "critical",
          .metric = 1e300};
  e.description = std::string(200, 'd');
  e.tags = {"a", "b"};
  e.time = riemann::timestamp::from_micros(0);
  for (std::size_t columns = 1; columns <= 200; ++columns) {
    for (const std::string& line : lines_of_table({e}, {.columns = columns})) {
      BOOST_TEST(display_width(line) <= columns);
    }
  }
}

BOOST_AUTO_TEST_CASE(table_when_eighty_columns_then_other_columns_go_before_names_are_unreadable)
{
  const std::string service = "api latency of the checkout in the north";
  event e{
      .host = "web-01.fra.example.net", .service = service, .state = "critical", .metric = 0.25};
  e.ttl = riemann::ttl_duration{60};
  e.time = riemann::timestamp::from_seconds(0);
  const auto lines = lines_of_table({e}, {.columns = 80});
  BOOST_TEST(lines[0] ==
             "HOST" + std::string(20, ' ') + "SERVICE" + std::string(33, ' ') + "STATE     METRIC");
  BOOST_TEST(lines[1] ==
             "web-01.fra.example.net  " + service.substr(0, 37) + "\u2026  critical    0.25");
  e.description = "more than a fifth of a second for the tenth time";
  e.tags = {"production", "frankfurt"};
  e.attributes = {{"rack", "17"}, {"row", "4"}};
  const auto full = lines_of_table({e}, {.columns = 80});
  BOOST_TEST(full[0].find("TTL") == std::string::npos, full[0]);
  BOOST_TEST(full[0].find("TIME") == std::string::npos, full[0]);
  BOOST_TEST(full[0].find("METRIC  DESCRIPTION") != std::string::npos, full[0]);
  BOOST_TEST(full[1].find("  " + service.substr(0, 23)) != std::string::npos, full[1]);
}

BOOST_AUTO_TEST_CASE(table_when_forty_columns_then_service_state_and_metric_are_readable_still)
{
  event e{.host = "web-01.fra.example.net",
          .service = "api latency of the checkout",
          .state = "critical",
          .metric = 12.5};
  e.description = "slow";
  e.ttl = riemann::ttl_duration{60};
  BOOST_TEST((lines_of_table({e}, {.columns = 40}) ==
              std::vector<std::string>{"HOST      SERVICE       STATE     METRIC",
                                       "web-01.\u2026  api latency\u2026  critical    12.5"}));
}

BOOST_AUTO_TEST_CASE(table_when_there_is_no_limit_then_nothing_is_clipped)
{
  event e{.host = std::string(100, 'h'), .service = std::string(200, 's')};
  e.description = std::string(300, 'd');
  e.time = riemann::timestamp::from_seconds(0);
  const auto lines = lines_of_table({e}, {.columns = 0});
  BOOST_TEST(lines[1] == *e.host + "  " + *e.service + "  1970-01-01 00:00:00  " + *e.description);
}

BOOST_AUTO_TEST_CASE(table_when_there_is_only_a_host_then_it_is_there_however_narrow)
{
  const auto lines = lines_of_table({event{.host = "hostname"}}, {.columns = 3});
  BOOST_TEST((lines == std::vector<std::string>{"HO\u2026", "ho\u2026"}));
}

BOOST_AUTO_TEST_CASE(table_when_metrics_are_long_then_six_digits_and_integers_whole)
{
  const auto trimmed = [](const riemann::metric& m) {
    const std::string text = lines_of_table({event{.metric = m}}, {})[1];
    return text.substr(text.find_first_not_of(' '));
  };
  BOOST_TEST(trimmed(0.1 + 0.2) == "0.3");
  BOOST_TEST(trimmed(1.0 / 3) == "0.333333");
  BOOST_TEST(trimmed(-12.3456789) == "-12.3457");
  BOOST_TEST(trimmed(0.1F) == "0.1");
  BOOST_TEST(trimmed(42.0) == "42");
  BOOST_TEST(trimmed(999'999.4) == "999999");
  BOOST_TEST(trimmed(999'999.5) == "1000000");
  BOOST_TEST(trimmed(12'345'678.9) == "12345679");
  BOOST_TEST(trimmed(1e15) == "1e+15");
  BOOST_TEST(trimmed(1.23456789e-5) == "1.23457e-05");
  BOOST_TEST(trimmed(std::int64_t{9'223'372'036'854'775'807}) == "9223372036854775807");
  BOOST_TEST(trimmed(-std::numeric_limits<double>::infinity()) == "-Infinity");
  BOOST_TEST(trimmed(std::nan("")) == "NaN");
}

BOOST_AUTO_TEST_CASE(table_when_short_of_rows_then_the_last_tells_how_many_are_left)
{
  const std::vector<event> events(10, event{.service = "s"});
  const auto lines = lines_of_table(events, {.rows = 5});
  BOOST_TEST(lines.size() == 5U);
  BOOST_TEST(lines.back() == "and 7 more");
  BOOST_TEST(lines_of_table(events, {.rows = 11}).size() == 11U);
}

BOOST_AUTO_TEST_CASE(table_when_one_text_is_long_then_other_lines_are_not)
{
  std::vector<event> events(2'000, event{.host = "h", .service = "s"});
  events.front().host = std::string(1'000'000, 'x');
  const std::string text = to_table(events, {.columns = 0});
  BOOST_TEST(text.find(*events.front().host + "  s") != std::string::npos);
  BOOST_TEST(text.size() < 3'000'000U);
}

BOOST_AUTO_TEST_CASE(table_when_texts_hold_control_characters_then_one_line_without_them)
{
  const auto lines = lines_of_table({event{.service = "a\n\x1b[31mb"}}, {});
  BOOST_TEST(lines.size() == 2U);
  BOOST_TEST(lines[1].find('\x1b') == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

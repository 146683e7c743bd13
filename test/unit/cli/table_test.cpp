#include "cli/display_width.hpp"
#include "cli/table.hpp"

#include <boost/test/unit_test.hpp>

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

BOOST_AUTO_TEST_CASE(table_when_short_of_rows_then_the_last_tells_how_many_are_left)
{
  const std::vector<event> events(10, event{.service = "s"});
  const auto lines = lines_of_table(events, {.rows = 5});
  BOOST_TEST(lines.size() == 5U);
  BOOST_TEST(lines.back() == "and 7 more");
  BOOST_TEST(lines_of_table(events, {.rows = 11}).size() == 11U);
}

BOOST_AUTO_TEST_CASE(table_when_texts_hold_control_characters_then_one_line_without_them)
{
  const auto lines = lines_of_table({event{.service = "a\n\x1b[31mb"}}, {});
  BOOST_TEST(lines.size() == 2U);
  BOOST_TEST(lines[1].find('\x1b') == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

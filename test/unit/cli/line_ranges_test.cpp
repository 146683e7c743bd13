#include "cli/line_ranges.hpp"

#include <boost/test/unit_test.hpp>

using riemann::cli::line_ranges;

BOOST_AUTO_TEST_SUITE(cli_line_ranges)

BOOST_AUTO_TEST_CASE(ranges_when_lines_follow_each_other_then_one)
{
  line_ranges ranges;
  BOOST_TEST(ranges.text().empty());
  ranges.add(15);
  BOOST_TEST(ranges.text() == "15");
  for (std::uint64_t line = 17; line <= 40; ++line) {
    ranges.add(line);
  }
  ranges.add(42);
  BOOST_TEST(ranges.text() == "15, 17-40, 42");
  ranges.clear();
  ranges.add(43);
  BOOST_TEST(ranges.text() == "43");
}

BOOST_AUTO_TEST_CASE(ranges_when_there_are_very_many_then_the_first_few_and_the_last)
{
  line_ranges ranges;
  std::string expected;
  for (std::uint64_t line = 1; line < 2 * line_ranges::most; line += 2) {
    ranges.add(line);
    expected += (line == 1 ? "" : ", ") + std::to_string(line);
  }
  BOOST_TEST(ranges.text() == expected);
  for (std::uint64_t line = 101; line <= 1'000'001; line += 2) {
    ranges.add(line);
  }
  ranges.add(1'000'002);
  const auto before_last = expected.rfind(", ");
  BOOST_TEST(ranges.text() == expected.substr(0, before_last) + ", ..., 1000001-1000002");
  ranges.clear();
  ranges.add(1);
  ranges.add(3);
  BOOST_TEST(ranges.text() == "1, 3");
}

BOOST_AUTO_TEST_SUITE_END()

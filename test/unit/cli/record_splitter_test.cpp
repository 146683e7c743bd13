#include "cli/record_splitter.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using riemann::cli::record_splitter;

namespace {

struct found {
  std::string text;
  std::uint64_t line;
  bool too_long;
  std::uint64_t lines = 1;

  friend bool operator==(const found&, const found&) = default;
};

std::vector<found> split(std::string_view input, std::size_t piece, bool quotes = false)
{
  record_splitter splitter;
  std::vector<found> all;
  const auto keep = [&](const riemann::cli::record& r) {
    all.push_back({std::string{r.text}, r.line, r.too_long, r.lines});
  };
  if (quotes) {
    splitter.heed_quotes();
  }
  for (std::size_t at = 0; at < input.size(); at += piece) {
    splitter.feed(input.substr(at, piece));
    while (const auto r = splitter.next()) {
      keep(*r);
    }
  }
  if (const auto r = splitter.finish()) {
    keep(*r);
  }
  return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(cli_record_splitter)

BOOST_AUTO_TEST_CASE(record_when_taken_back_then_cut_anew)
{
  record_splitter splitter;
  splitter.feed("\na,\"b\nc\"\nd");
  BOOST_TEST(splitter.next()->text.empty());
  BOOST_TEST(splitter.next()->text == "a,\"b");
  splitter.heed_quotes();
  splitter.take_back();
  const auto whole = splitter.next();
  BOOST_TEST(whole->text == "a,\"b\nc\"");
  BOOST_TEST((whole->line == 2U && whole->lines == 2U));
  BOOST_TEST(!splitter.next());
  BOOST_TEST(splitter.finish()->text == "d");
  splitter.take_back();
  const auto last = splitter.finish();
  BOOST_TEST((last->text == "d" && last->line == 4U));
  BOOST_TEST(!splitter.finish());
}

BOOST_AUTO_TEST_CASE(lines_when_fed_in_pieces_of_any_size_then_the_same)
{
  const std::vector<found> expected{{"one", 1, false},
                                    {"", 2, false},
                                    {"two\rtwo", 3, false},
                                    {"\"", 4, false},
                                    {"end", 5, false}};
  for (std::size_t piece = 1; piece <= 24; ++piece) {
    BOOST_TEST((split("one\r\n\ntwo\rtwo\n\"\nend", piece) == expected), "pieces of " << piece);
  }
  BOOST_TEST(split("", 1).empty());
  BOOST_TEST((split("x\n", 1) == std::vector<found>{{"x", 1, false}}));
}

BOOST_AUTO_TEST_CASE(records_when_csv_then_quotes_hold_line_ends_and_are_counted)
{
  const std::vector<found> expected{{"a,\"b\r\n\"\"c\n\"", 1, false, 3},
                                    {"d\"e,f", 4, false},
                                    {"\"\"", 5, false},
                                    {"g,\"open\n", 6, false}};
  for (std::size_t piece = 1; piece <= 30; ++piece) {
    const auto got = split("a,\"b\r\n\"\"c\n\"\r\nd\"e,f\n\"\"\ng,\"open\n", piece, true);
    BOOST_TEST((got == expected), "pieces of " << piece);
  }
}

BOOST_AUTO_TEST_CASE(record_when_too_long_then_said_so_and_the_next_is_whole)
{
  const std::string longest(record_splitter::longest, 'x');
  for (const std::size_t piece : {std::size_t{1} << 16, std::size_t{1} << 22}) {
    const auto all =
        split("a\n" + longest + "\n" + longest + "y\n" + longest + longest + "\nb\n", piece);
    BOOST_REQUIRE(all.size() == 5);
    BOOST_TEST((all[1].text == longest && !all[1].too_long));
    BOOST_TEST((all[2] == found{"", 3, true}));
    BOOST_TEST((all[3] == found{"", 4, true}));
    BOOST_TEST((all[4] == found{"b", 5, false}));
    const auto last = split(longest + longest, piece);
    BOOST_TEST((last == std::vector<found>{{"", 1, true}}));
  }
}

BOOST_AUTO_TEST_CASE(lines_when_a_record_takes_several_then_all_are_counted)
{
  const auto lines_of = [](std::string_view input) {
    std::uint64_t sum = 0;
    for (const found& one : split(input, 7, true)) {
      sum += one.lines;
    }
    return sum;
  };
  BOOST_TEST(lines_of("a\n\"b\nc\n\",d\ne") == 5U);
  BOOST_TEST(lines_of("\"a\nb") == 2U);
  BOOST_TEST(lines_of("\"a\nb\n") == 2U);
  const std::string line = std::string(1'000, 'x') + "\n";
  std::string text = "\"";
  for (int i = 0; i != 2'000; ++i) {
    text += line;
  }
  BOOST_TEST(lines_of(text) == 2'000U);
}

BOOST_AUTO_TEST_CASE(record_when_csv_and_a_quote_stays_open_too_long_then_goes_on_at_a_line)
{
  const auto all =
      split("\"" + std::string(record_splitter::longest + 10, 'x') + "\nb\n", 1 << 16, true);
  BOOST_TEST((all == std::vector<found>{{"", 1, true}, {"b", 2, false}}));
}

BOOST_AUTO_TEST_SUITE_END()

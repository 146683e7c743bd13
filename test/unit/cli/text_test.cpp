#include "cli/text.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>

using namespace riemann::cli;

BOOST_AUTO_TEST_SUITE(cli_text)

BOOST_AUTO_TEST_CASE(valid_utf8_when_valid_then_unchanged)
{
  const std::string text = "a\xC3\xBC\xE2\x82\xAC\xF0\x9F\x98\x80z";
  BOOST_TEST(valid_utf8(text) == text);
  BOOST_TEST(valid_utf8("") == "");
  const std::string edges = "\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEF\xBF\xBF\xF0\x90\x80\x80"
                            "\xF4\x8F\xBF\xBF";
  BOOST_TEST(valid_utf8(edges) == edges);
}

BOOST_AUTO_TEST_CASE(valid_utf8_when_invalid_then_one_replacement_for_each_maximal_part)
{
  const std::string bad = "\xEF\xBF\xBD";
  BOOST_TEST(valid_utf8("a\xFFz") == "a" + bad + "z");
  BOOST_TEST(valid_utf8("\x80\x80") == bad + bad);
  BOOST_TEST(valid_utf8("\xC0\xAF") == bad + bad);                     // overlong
  BOOST_TEST(valid_utf8("\xE0\x80\x80") == bad + bad + bad);           // overlong
  BOOST_TEST(valid_utf8("\xED\xA0\x80") == bad + bad + bad);           // surrogate
  BOOST_TEST(valid_utf8("\xF4\x90\x80\x80") == bad + bad + bad + bad); // above U+10FFFF
  BOOST_TEST(valid_utf8("\xE2\x82z") == bad + "z");                    // cut short
  BOOST_TEST(valid_utf8("\xF0\x9F\x98") == bad);                       // cut short at the end
  BOOST_TEST(valid_utf8("\xC3") == bad);
}

BOOST_AUTO_TEST_CASE(one_line_when_control_characters_then_blanks)
{
  BOOST_TEST(one_line("a\nb\tc\x1B[31md\x7F") == "a b c [31md ");
  // Those of eight bits, which some terminals obey; U+00A0 is none.
  BOOST_TEST(one_line("a\xC2\x9B[31mb\xC2\x80\xC2\x9F\xC2\xA0\xC2") ==
             "a [31mb  \xC2\xA0\xEF\xBF\xBD");
  BOOST_TEST(one_line("\xC3\xBC\xFF") == "\xC3\xBC\xEF\xBF\xBD");
}

BOOST_AUTO_TEST_CASE(one_line_when_the_direction_or_the_line_would_change_then_blanks)
{
  BOOST_TEST(one_line("a\u202Eb\u202Ac\u2066d\u2069e\u2028f\u2029g") == "a b c d e f g");
  const std::string harmless = "\u2027\u202F\u2065\u206A\u20AC";
  BOOST_TEST(one_line(harmless) == harmless);
}

/// Each by itself moved all behind it: hours for an answer of megabytes.
BOOST_AUTO_TEST_CASE(one_line_when_there_are_millions_of_them_then_in_a_moment)
{
  std::string text;
  for (int i = 0; i != 4'000'000; ++i) {
    text += "\u0080";
  }
  BOOST_TEST(one_line(text) == std::string(4'000'000, ' '));
}

BOOST_AUTO_TEST_CASE(shortened_when_longer_then_its_beginning_and_its_end)
{
  BOOST_TEST(shortened("abc", 3) == "abc");
  BOOST_TEST(shortened(std::string(50, 'a') + std::string(50, 'z'), 27) ==
             "aaaaaaaaaa [...] zzzzzzzzzz");
}

BOOST_AUTO_TEST_CASE(host_and_port_when_ipv6_then_in_brackets)
{
  BOOST_TEST(host_and_port("localhost", 5555) == "localhost:5555");
  BOOST_TEST(host_and_port("127.0.0.1", 1) == "127.0.0.1:1");
  BOOST_TEST(host_and_port("::1", 65535) == "[::1]:65535");
}

BOOST_AUTO_TEST_CASE(fixed_when_any_double_then_so_many_digits)
{
  BOOST_TEST(fixed(12.345, 1) == "12.3");
  BOOST_TEST(fixed(0, 0) == "0");
  BOOST_TEST(fixed(std::numeric_limits<double>::max(), 3).size() == 313);
  BOOST_TEST(fixed(std::numeric_limits<double>::infinity(), 1) == "inf");
}

BOOST_AUTO_TEST_SUITE_END()

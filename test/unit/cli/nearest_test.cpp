#include "cli/nearest.hpp"
#include "cli/wrap.hpp"

#include <boost/test/unit_test.hpp>

using namespace riemann::cli;

BOOST_AUTO_TEST_SUITE(cli_nearest)

BOOST_AUTO_TEST_CASE(distance_when_letters_differ_then_the_fewest_edits)
{
  BOOST_TEST(edit_distance("", "abc") == 3U);
  BOOST_TEST(edit_distance("host", "host") == 0U);
  BOOST_TEST(edit_distance("hots", "host") == 1U);
  BOOST_TEST(edit_distance("hst", "host") == 1U);
  BOOST_TEST(edit_distance("kitten", "sitting") == 3U);
}

BOOST_AUTO_TEST_CASE(nearest_when_none_is_near_then_none)
{
  const std::vector<std::string> names{"send", "query", "serve"};
  BOOST_TEST(nearest("snd", names) == "send");
  BOOST_TEST(nearest("serv", names) == "serve");
  BOOST_TEST(nearest("bogus", names).empty());
  BOOST_TEST(nearest("", names).empty());
  BOOST_TEST(suggestion("qurey", names) == " (did you mean query?)");
}

BOOST_AUTO_TEST_CASE(wrapped_when_longer_than_a_line_then_indented_below)
{
  BOOST_TEST(wrapped("one two three", 12, 4) == "one two\n    three");
  BOOST_TEST(wrapped("incomprehensibilities x", 10, 4) == "incomprehensibilities\n    x");
}

BOOST_AUTO_TEST_SUITE_END()

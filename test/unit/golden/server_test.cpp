// The testkit server is asked what a real Riemann was asked, and does the same.

#include "conduct.hpp"
#include "server_replay.hpp"

#include <riemann/testkit/server.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <iostream>
#include <string>

namespace {

using namespace riemann;
using namespace riemann::golden;
using enum difference::extent;

/// Plays all that is for the core: it differs where that is told of, and nowhere else.
std::string play_all(replay_options options, std::initializer_list<difference::extent> told)
{
  server_replay server{options};
  std::size_t replayed = 0;
  std::size_t agreed = 0;
  for (const auto& t : transcripts()) {
    if (stage_for_server(t) != stage::core) {
      continue;
    }
    ++replayed;
    const auto otherwise = server.play(t);
    const bool known =
        std::ranges::any_of(told, [&](difference::extent where) { return differs(t, where); });
    BOOST_TEST(otherwise.empty() == !known, t.name << ": " << otherwise);
    agreed += otherwise.empty() == !known ? 1U : 0U;
  }
  return std::to_string(agreed) + " of " + std::to_string(replayed);
}

} // namespace

BOOST_AUTO_TEST_SUITE(golden_server)

BOOST_AUTO_TEST_CASE(requests_of_the_records_are_answered_as_a_real_server_answered_them)
{
  // For summaries; Boost.Test's own messages are not shown unless asked for.
  std::cout << "golden: records, the server: " << play_all({}, {always}) << "\n";
}

BOOST_AUTO_TEST_CASE(requests_that_come_byte_by_byte_are_answered_the_same)
{
  play_all({.piece = 1}, {always});
}

BOOST_AUTO_TEST_CASE(limits_that_are_the_servers_own_make_the_differences_that_are_told_of)
{
  play_all({.max_message_size = testkit::server_options{}.max_message_size}, {always, by_default});
}

BOOST_AUTO_TEST_SUITE_END()

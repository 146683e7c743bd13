#include "client/attempts.hpp"

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>

namespace riemann::test {

namespace {

using namespace std::chrono_literals;

statistics failed(boost::system::error_code why, std::chrono::steady_clock::time_point at)
{
  statistics books;
  books.connects_failed = 1;
  books.last_failure = why;
  books.last_failure_at = at;
  return books;
}

} // namespace

BOOST_AUTO_TEST_SUITE(attempts)

BOOST_AUTO_TEST_CASE(last_failure_when_several_failed_then_the_latest_whichever_is_added_first)
{
  const std::chrono::steady_clock::time_point now{1h};
  const auto early = failed(boost::asio::error::connection_refused, now);
  const auto late = failed(boost::asio::error::timed_out, now + 1s);
  for (const bool late_first : {false, true}) {
    statistics all;
    clients::add_connections(all, statistics{});
    clients::add_connections(all, late_first ? late : early);
    clients::add_connections(all, late_first ? early : late);
    clients::add_connections(all, statistics{});
    BOOST_TEST(all.last_failure == boost::asio::error::timed_out);
    BOOST_TEST((all.last_failure_at == now + 1s));
    BOOST_TEST(all.connects_failed == 2U);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test

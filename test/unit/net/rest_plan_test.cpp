#include "net/rest_plan.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>

namespace {

using namespace std::chrono_literals;
using riemann::core::never;
using riemann::core::time_point;
using riemann::net::rest_plan;

const time_point now{1h};

BOOST_AUTO_TEST_SUITE(net_rest_plan)

BOOST_AUTO_TEST_CASE(nothing_done_then_nothing_to_give_back)
{
  rest_plan p;
  p.quiet(true, true, now);
  BOOST_TEST((p.due() == never));
  p.quiet(false, true, now);
  BOOST_TEST((p.due() == never));
}

BOOST_AUTO_TEST_CASE(busy_time_then_due_after_a_second_of_quiet)
{
  rest_plan p;
  BOOST_TEST(!p.work());
  p.busy();
  BOOST_TEST((p.due() == never));
  p.quiet(true, true, now);
  BOOST_TEST((p.due() == now + rest_plan::after));
  // Time that passes is no work.
  p.quiet(true, true, now + 500ms);
  BOOST_TEST((p.due() == now + rest_plan::after));
}

BOOST_AUTO_TEST_CASE(busy_again_then_the_quiet_begins_anew)
{
  rest_plan p;
  static_cast<void>(p.work());
  p.quiet(true, true, now);
  static_cast<void>(p.work());
  p.busy();
  BOOST_TEST((p.due() == never));
  p.quiet(true, true, now + 10s);
  BOOST_TEST((p.due() == now + 10s + rest_plan::after));
}

BOOST_AUTO_TEST_CASE(resting_then_the_next_work_says_so_once)
{
  rest_plan p;
  static_cast<void>(p.work());
  p.quiet(true, true, now);
  p.rest();
  BOOST_TEST((p.due() == never));
  BOOST_TEST(p.work());
  BOOST_TEST(!p.work());
}

BOOST_AUTO_TEST_CASE(connection_gone_then_due_at_once)
{
  rest_plan p;
  static_cast<void>(p.work());
  p.quiet(true, true, now);
  p.quiet(false, true, now + 1ms);
  BOOST_TEST((p.due() == now + 1ms));
}

BOOST_AUTO_TEST_CASE(where_nothing_is_read_then_no_timer_while_it_is_connected)
{
  rest_plan p;
  static_cast<void>(p.work());
  p.quiet(true, false, now);
  BOOST_TEST((p.due() == never));
  p.quiet(false, false, now);
  BOOST_TEST((p.due() == now));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

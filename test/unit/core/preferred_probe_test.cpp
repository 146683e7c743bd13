#include "core/preferred_probe.hpp"

#include <boost/test/unit_test.hpp>

#include <chrono>

namespace {

using namespace std::chrono_literals;
using namespace riemann;
using core::never;
using core::preferred_probe;
using core::time_point;

const time_point now{1h};

preferred_probe made()
{
  session_options options;
  options.preferred_interval = 60s;
  options.connect_timeout = 5s;
  return preferred_probe{options};
}

BOOST_AUTO_TEST_SUITE(core_preferred_probe)

BOOST_AUTO_TEST_CASE(on_the_preferred_server_then_nothing_is_ever_due)
{
  auto p = made();
  p.on_time(now + 24h);
  BOOST_TEST((p.due() == never && !p.take_start() && !p.take_stop() && !p.leaving()));
}

BOOST_AUTO_TEST_CASE(interval_over_then_asked_once)
{
  auto p = made();
  p.begin(now);
  BOOST_TEST((p.due() == now + 60s));
  p.on_time(now + 60s - 1ns);
  BOOST_TEST(!p.take_start());
  p.on_time(now + 60s);
  BOOST_TEST(p.take_start());
  BOOST_TEST(!p.take_start());
  BOOST_TEST((p.due() == now + 65s));
}

BOOST_AUTO_TEST_CASE(well_then_left_for_it_and_asked_no_more)
{
  auto p = made();
  p.begin(now);
  p.on_time(now + 60s);
  BOOST_TEST(p.take_start());
  p.on_result(true, now + 61s);
  BOOST_TEST((p.leaving() && p.due() == never));
  p.stop();
  BOOST_TEST((!p.leaving() && !p.take_stop()));
}

BOOST_AUTO_TEST_CASE(hanging_then_stopped_and_asked_again_an_interval_later)
{
  auto p = made();
  p.begin(now);
  p.on_time(now + 60s);
  BOOST_TEST(p.take_start());
  p.on_time(now + 65s);
  BOOST_TEST((p.take_stop() && !p.leaving() && p.due() == now + 125s));
  // What it says afterwards is of the one before.
  p.on_result(true, now + 66s);
  BOOST_TEST(!p.leaving());
}

BOOST_AUTO_TEST_CASE(never_begun_then_there_is_nothing_to_stop)
{
  auto p = made();
  p.begin(now);
  p.on_time(now + 60s);
  p.stop();
  BOOST_TEST((!p.take_start() && !p.take_stop()));
}

BOOST_AUTO_TEST_CASE(connection_gone_while_asking_then_stopped)
{
  auto p = made();
  p.begin(now);
  p.on_time(now + 60s);
  BOOST_TEST(p.take_start());
  p.stop();
  BOOST_TEST((p.take_stop() && p.due() == never));
  BOOST_TEST(!p.take_stop());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

#include <riemann/thresholds.hpp>

#include <boost/test/unit_test.hpp>

#include <limits>
#include <stdexcept>
#include <string>

namespace riemann::test {

namespace {

/// What is said against them; empty: nothing.
std::string complaint(const thresholds& limits)
{
  try {
    limits.validate();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return {};
}

bool says(const thresholds& limits, const std::string& what)
{
  return complaint(limits).find(what) != std::string::npos;
}

std::string judged(const thresholds& limits, double value, severity before = severity::ok)
{
  return to_string(limits.judge(value, before));
}

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

} // namespace

BOOST_AUTO_TEST_SUITE(thresholds_test)

BOOST_AUTO_TEST_CASE(judge_when_above_is_bad_then_limits_belong_to_the_worse)
{
  const thresholds limits{.warning = 10, .critical = 20};
  BOOST_TEST(judged(limits, 9.9) == "ok");
  BOOST_TEST(judged(limits, 10) == "warning");
  BOOST_TEST(judged(limits, 19.9) == "warning");
  BOOST_TEST(judged(limits, 20) == "critical");
  BOOST_TEST(judged(limits, -1e300) == "ok");
  BOOST_TEST(judged(limits, std::numeric_limits<double>::infinity()) == "critical");
}

BOOST_AUTO_TEST_CASE(judge_when_below_is_bad_then_the_other_way_round)
{
  const thresholds limits{.warning = 20, .critical = 10, .side = bad_side::below};
  BOOST_TEST(judged(limits, 20.1) == "ok");
  BOOST_TEST(judged(limits, 20) == "warning");
  BOOST_TEST(judged(limits, 10) == "critical");
  BOOST_TEST(judged(limits, -5) == "critical");
}

BOOST_AUTO_TEST_CASE(judge_when_a_limit_is_left_out_then_it_is_never_reached)
{
  BOOST_TEST(judged({}, 1e300) == "ok");
  BOOST_TEST(judged({.warning = 1}, 1e300) == "warning");
  BOOST_TEST(judged({.critical = 1}, 0.9) == "ok");
  BOOST_TEST(judged({.critical = 1}, 1) == "critical");
  BOOST_TEST(judged({.warning = 1, .critical = 1}, 1) == "critical");
  BOOST_TEST(judged({.warning = 1, .critical = 2}, nan) == "ok");
}

BOOST_AUTO_TEST_CASE(judge_when_hysteresis_then_better_only_once_far_enough_back)
{
  const thresholds limits{.warning = 10, .critical = 20, .hysteresis = 2};
  BOOST_TEST(judged(limits, 9, severity::ok) == "ok");
  BOOST_TEST(judged(limits, 9, severity::warning) == "warning");
  BOOST_TEST(judged(limits, 8, severity::warning) == "warning");
  BOOST_TEST(judged(limits, 7.9, severity::warning) == "ok");
  BOOST_TEST(judged(limits, 19, severity::warning) == "warning");
  BOOST_TEST(judged(limits, 19, severity::critical) == "critical");
  BOOST_TEST(judged(limits, 17, severity::critical) == "warning");
  BOOST_TEST(judged(limits, 8, severity::critical) == "warning");
  BOOST_TEST(judged(limits, 7, severity::critical) == "ok");
  BOOST_TEST(judged(limits, 20, severity::warning) == "critical");
  const thresholds below{.warning = 20, .critical = 10, .side = bad_side::below, .hysteresis = 2};
  BOOST_TEST(judged(below, 21, severity::warning) == "warning");
  BOOST_TEST(judged(below, 22.1, severity::warning) == "ok");
}

BOOST_AUTO_TEST_CASE(validate_when_bad_then_says_which_and_why)
{
  BOOST_TEST(complaint({}) == "");
  BOOST_TEST(complaint({.warning = 1, .critical = 1, .hysteresis = 5}) == "");
  BOOST_TEST(complaint({.warning = 2, .critical = 1, .side = bad_side::below}) == "");
  BOOST_TEST(says({.warning = 2, .critical = 1}, "critical is 1, but must be at least warning, 2"));
  BOOST_TEST(says({.warning = 1, .critical = 2, .side = bad_side::below},
                  "critical is 2, but must be at most warning, 1"));
  BOOST_TEST(says({.warning = nan}, "warning is NaN"));
  BOOST_TEST(says({.critical = nan}, "critical is NaN"));
  BOOST_TEST(says({.warning = 1, .hysteresis = -1}, "hysteresis is -1"));
  BOOST_TEST(says({.warning = 1, .hysteresis = nan}, "hysteresis is nan"));
  BOOST_TEST(says({.warning = 1, .side = static_cast<bad_side>(7)}, "side is 7"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test

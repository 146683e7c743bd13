#include "cli/failure.hpp"
#include "cli/figure_limits.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace riemann::cli;
using riemann::bad_side;
using riemann::thresholds;

namespace {

figure_limit parsed(const std::string& text)
{
  return parse_threshold({"--threshold", text});
}

std::string complaint(const std::string& text)
{
  try {
    parsed(text);
  } catch (const failure& error) {
    BOOST_TEST((error.code() == exit_code::usage));
    return error.what();
  }
  return {};
}

std::string judged(const figure_limits& limits, std::string_view figure, double value)
{
  return to_string(limits.judge(figure, value));
}

} // namespace

BOOST_AUTO_TEST_SUITE(cli_figure_limits)

BOOST_AUTO_TEST_CASE(threshold_when_well_formed_then_read)
{
  BOOST_TEST((parsed("cpu=0.9:0.95") == figure_limit{"cpu", {.warning = 0.9, .critical = 0.95}}));
  BOOST_TEST((parsed("load 5=2:") == figure_limit{"load 5", {.warning = 2}}));
  BOOST_TEST((parsed("swap=:1") == figure_limit{"swap", {.critical = 1}}));
  BOOST_TEST((parsed("memory=off") == figure_limit{"memory", {}}));
  BOOST_TEST((parsed("disk /a=b=1:1") == figure_limit{"disk /a=b", {.warning = 1, .critical = 1}}));
  BOOST_TEST((parsed("temperature *=-5:1e2").limits == thresholds{.warning = -5, .critical = 100}));
}

BOOST_AUTO_TEST_CASE(threshold_when_the_greater_first_or_a_sign_then_below_is_bad)
{
  BOOST_TEST((parsed("cpu idle=0.2:0.1").limits ==
              thresholds{.warning = 0.2, .critical = 0.1, .side = bad_side::below}));
  BOOST_TEST((parsed("cpu idle=<0.2:0.1").limits == parsed("cpu idle=0.2:0.1").limits));
  BOOST_TEST(
      (parsed("cpu idle=<0.2:").limits == thresholds{.warning = 0.2, .side = bad_side::below}));
  BOOST_TEST(
      (parsed("cpu idle=<:0.1").limits == thresholds{.critical = 0.1, .side = bad_side::below}));
}

BOOST_AUTO_TEST_CASE(threshold_when_malformed_then_says_what_and_a_remedy)
{
  const auto says = [](const std::string& text, const std::string& what) {
    const std::string sentence = complaint(text);
    BOOST_TEST(sentence.find("--threshold '" + text + "' ") == 0U, sentence);
    BOOST_TEST(sentence.find(what) != std::string::npos, sentence);
  };
  for (const char* text : {"", "cpu", "=1:2", "cpu=1"}) {
    says(text, "FIGURE=WARNING:CRITICAL; give a threshold such as cpu=0.9:0.95");
  }
  for (const char* text :
       {"cpu=a:1", "cpu=1:b", "cpu=1:2:3", "cpu=nan:1", "cpu=1:inf", "cpu=1 :2", "cpu=<<1:2"}) {
    says(text, "for a number; give one such as 0.9");
  }
  says("cpu=:", "has no number");
  says("cpu=<1:2", "turn them round");
  for (const char* text : {"cpus=1:2", "cpu idel=1:2", "*=1:2", "io vda=1:2", "weather *=1:2"}) {
    says(text, "names no figure of the agent's");
  }
  says("io=1:2", "stands for figures of several kinds; name some, such as 'io * busy'");
  says("network=1:2", "such as 'network * errors'");
}

BOOST_AUTO_TEST_CASE(judge_when_defaults_then_as_help_says)
{
  const figure_limits limits;
  BOOST_TEST(judged(limits, "cpu", 0.9) == "warning");
  BOOST_TEST(judged(limits, "cpu idle", 1) == "ok");
  BOOST_TEST(judged(limits, "load", 8) == "critical");
  BOOST_TEST(judged(limits, "load 1", 100) == "ok");
  BOOST_TEST(judged(limits, "memory", 0.85) == "warning");
  BOOST_TEST(judged(limits, "memory available", 1e12) == "ok");
  BOOST_TEST(judged(limits, "disk /home inodes", 0.95) == "critical");
  BOOST_TEST(judged(limits, "diskette", 0.95) == "ok");
  BOOST_TEST(judged(limits, "temperature acpitz 1", 84.9) == "ok");
  BOOST_TEST(judged(limits, "temperature acpitz 1", 95) == "critical");
}

BOOST_AUTO_TEST_CASE(judge_when_patterns_then_the_last_that_fits)
{
  figure_limits limits;
  for (const char* text : {"network * errors=1:10", "network eth0 *=5:5", "network eth0 rx *=7:7",
                           "disk=0.5:0.6", "disk /home=0.1:0.2"}) {
    limits.add(parsed(text));
  }
  BOOST_TEST(judged(limits, "network wlan0 tx errors", 1) == "warning");
  BOOST_TEST(judged(limits, "network wlan0 tx drops", 100) == "ok");
  BOOST_TEST(judged(limits, "network eth0 tx errors", 4) == "ok");
  BOOST_TEST(judged(limits, "network eth0 tx errors", 5) == "critical");
  BOOST_TEST(judged(limits, "network eth0 rx errors", 6) == "ok");
  BOOST_TEST(judged(limits, "disk /", 0.5) == "warning");
  BOOST_TEST(judged(limits, "disk /home", 0.2) == "critical");
  BOOST_TEST(judged(limits, "disk /home2", 0.2) == "ok");
}

BOOST_AUTO_TEST_SUITE_END()

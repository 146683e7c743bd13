#include <riemann/connection_log.hpp>

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace riemann::test {

namespace {

using namespace std::chrono_literals;

/// A log, and time in the test's hands.
struct log_of {
  explicit log_of(log_options options = {})
      : log{[this](log_level l, std::string_view line) {
              lines.push_back(std::string{to_string(l)} + ": " + std::string{line});
            },
            options, [this] { return now; }}
  {}

  void failed() { log({connection_state::failed, "a:1", error, "cannot connect to a:1", {}, 0}); }
  void lost() { log({connection_state::lost, "a:1", error, "", {}, 0}); }
  void connecting() { log({connection_state::connecting, "a:1", {}, "", {}, 0}); }
  void open() { log({connection_state::open, "a:1", {}, "", {}, 0}); }
  void backing_off(std::chrono::milliseconds left = 1s)
  {
    log({connection_state::backing_off, "a:1", {}, "", now + left, 1});
  }

  boost::system::error_code error = boost::asio::error::connection_refused;
  std::chrono::steady_clock::time_point now{1h};
  std::vector<std::string> lines{};
  connection_log log;
};

} // namespace

BOOST_AUTO_TEST_SUITE(connection_log_test)

BOOST_AUTO_TEST_CASE(outage_when_it_begins_lasts_and_ends_then_a_line_each)
{
  log_of l;
  l.open();
  l.lost();
  for (int i = 0; i != 900; ++i) {
    l.backing_off(100ms);
    l.now += 100ms; // for a minute and a half
    l.connecting();
    l.failed();
  }
  l.open();
  const std::vector<std::string> expected{
      "info: connected to a:1", "warning: lost the connection to a:1: Connection refused",
      "error: cannot connect to a:1 (no server for 60.0 s, 601 failures); 599 more since the last "
      "line",
      "info: connected to a:1 again after 90.0 s"};
  BOOST_TEST(l.lines == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(hours_when_nobody_wanted_a_connection_then_are_no_outage)
{
  const std::vector<std::string> expected{
      "info: connected to a:1", "warning: lost the connection to a:1: Connection refused",
      "warning: cannot connect to a:1", "info: connected to a:1 again after 1.0 s"};
  for (const bool gave_up_between_tries : {false, true}) {
    log_of l;
    l.open();
    l.lost();
    if (gave_up_between_tries) {
      l.backing_off();
    }
    l.now += 3h;
    l.connecting();
    l.failed();
    l.backing_off();
    l.now += 1s;
    l.connecting();
    l.open();
    BOOST_TEST(l.lines == expected, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(connection_when_it_comes_and_goes_all_the_time_then_no_flood)
{
  log_of l;
  for (int i = 0; i != 1'000; ++i) {
    l.open();
    l.lost();
    l.now += 10ms;
  }
  BOOST_TEST(l.lines.size() == 3U); // connected, lost, connected again
}

BOOST_AUTO_TEST_CASE(every_try_when_asked_for_then_a_line_each)
{
  log_of l{{.least = log_level::debug}};
  l.failed();
  l.backing_off();
  l.failed();
  BOOST_TEST(l.lines.size() == 3U);
  BOOST_TEST(l.lines[1] == "debug: the next try is in 1.0 s");
}

BOOST_AUTO_TEST_CASE(next_try_when_it_was_due_before_the_clock_is_read_then_in_no_time)
{
  log_of l{{.least = log_level::debug}};
  l.backing_off(-250ms);
  l.backing_off(0ms);
  l.backing_off(250ms);
  const std::vector<std::string> expected{"debug: the next try is in 0.0 s",
                                          "debug: the next try is in 0.0 s",
                                          "debug: the next try is in 0.2 s"};
  BOOST_TEST(l.lines == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(copies_when_told_by_two_threads_then_write_one_line_after_the_other)
{
  std::atomic<int> writing{0};
  std::atomic<int> overlaps{0};
  int lines = 0; // not atomic: the log takes care of that
  const connection_log log{[&](log_level, std::string_view) {
                             overlaps += ++writing == 1 ? 0 : 1;
                             ++lines;
                             std::this_thread::yield();
                             --writing;
                           },
                           {.least = log_level::debug}};
  constexpr int times = 2'000;
  const auto tell = [copy = log] {
    for (int i = 0; i != times; ++i) {
      copy({connection_state::failed, "a:1", {}, "cannot connect to a:1", {}, 0});
    }
  };
  {
    const std::jthread one{tell};
    const std::jthread two{tell};
  }
  BOOST_TEST(overlaps == 0);
  BOOST_TEST(lines == 2 * times);
}

BOOST_AUTO_TEST_CASE(log_when_its_options_are_invalid_then_refused_by_name)
{
  const log_sink sink = [](log_level, std::string_view) {};
  BOOST_CHECK_THROW(connection_log{log_sink{}}, std::invalid_argument);
  BOOST_CHECK_EXCEPTION(
      connection_log(sink, {.interval = 0ms}), std::invalid_argument,
      [](const auto& e) { return std::string{e.what()}.find("interval") != std::string::npos; });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test

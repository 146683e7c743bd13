#include "cli/bench_table.hpp"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace riemann::cli;
using namespace std::chrono_literals;

namespace {

/// Of two connections.
bench_figures figures()
{
  riemann::statistics one;
  one.events = {.submitted = 1'000'000, .acked = 999'000, .rejected = 900, .unknown = 100};
  one.messages = {.submitted = 1'000, .acked = 999, .rejected = 1};
  one.bytes_written = std::uint64_t{3} << 20;
  one.round_trips.add(250us);
  riemann::statistics other;
  other.events = {.submitted = 10, .sent = 5, .not_sent = 5};
  other.messages = {.submitted = 3, .queued = 1, .in_flight = 2};
  other.bytes_read = std::uint64_t{1} << 19;
  other.round_trips.add(3s);
  bench_figures all;
  all += one;
  all += other;
  return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(cli_bench_table)

BOOST_AUTO_TEST_CASE(table_when_two_connections_then_the_sums_of_both)
{
  const bench_settings settings{
      .server = {.window = 1'000}, .batch = 1, .connections = 2, .threads = 1};
  BOOST_TEST(bench_table(settings, figures(), 2s, 1s) ==
             "load      2 connections, 1 thread, window 1,000, 1 event a message\n"
             "rate      499,503 events/s: 999,005 in 2.00 s\n"
             "events    acked 999,000  sent 5  rejected 900  not_sent 5  unknown 100\n"
             "messages  acked 999  sent 0  rejected 1  not_sent 0  unknown 0\n"
             "latency   p50 256 us  p95 3.00 s  p99 3.00 s  max 3.00 s\n"
             "bytes     3.0 MiB written, 0.5 MiB read\n"
             "CPU       1.00 s, 50 % of a core, 1000 ns an event");
}

BOOST_AUTO_TEST_CASE(table_when_nothing_was_done_then_no_division_by_it)
{
  const std::string text = bench_table({}, {}, 0s, 0s);
  BOOST_TEST(text.find("rate      0 events/s: 0 in 0.00 s\n") != std::string::npos);
  BOOST_TEST(text.find("latency   nothing was answered\n") != std::string::npos);
  BOOST_TEST(text.ends_with("CPU       0.00 s"));
}

BOOST_AUTO_TEST_CASE(progress_when_shown_then_the_rate_of_the_last_second)
{
  BOOST_TEST(bench_progress({}, figures(), 1'234'567, 1s) ==
             "1,234,567 events/s  999,005 delivered  1,005 failed  3 messages outstanding");
}

BOOST_AUTO_TEST_CASE(table_when_there_is_no_server_then_nothing_is_called_acked)
{
  const bench_settings settings{.server = {.transport = transport_kind::none}};
  const std::string text = bench_table(settings, figures(), 2s, 1s);
  BOOST_TEST(text.find("acked") == std::string::npos, text);
  BOOST_TEST(text.find("\nevents    encoded 999,000  sent 5") != std::string::npos, text);
  BOOST_TEST(bench_progress(settings, figures(), 1, 1s).find(" 999,005 encoded ") !=
             std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

// What is reported: names, kinds, and the events each kind makes.
#include "client/report_registry.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cmath>
#include <limits>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace riemann::test {

namespace {

using namespace clients;
using namespace std::chrono_literals;

/// A registry, and what it reports at times that pass as told.
struct with_registry {
  std::vector<event> report(std::chrono::milliseconds later = 1s)
  {
    now += later;
    report_writer to{options};
    for (const auto& entry : registry.entries()) {
      entry->report(to, now);
    }
    return to.take();
  }
  /// The metrics by their services.
  std::map<std::string, double> figures(std::chrono::milliseconds later = 1s)
  {
    std::map<std::string, double> all;
    for (const event& e : report(later)) {
      all[e.service.value()] = e.metric.value().as_double();
    }
    return all;
  }
  template <class Entry>
  std::string refusal(const std::string& name, const thresholds& limits = {})
  {
    try {
      registry.add<Entry>(name, limits, now);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return {};
  }

  report_registry registry{};
  reporter_options options{.interval = 5s};
  core::time_point now{1h};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(report_registry_test, with_registry)

BOOST_AUTO_TEST_CASE(gauge_when_set_then_reported_until_set_anew)
{
  const gauge length = registry.add<gauge_entry>("length", {}, now);
  BOOST_TEST(report().empty());
  length.set(3);
  BOOST_TEST(figures()["length"] == 3.0);
  BOOST_TEST(figures()["length"] == 3.0);
  length.add(-1.5);
  BOOST_TEST(figures()["length"] == 1.5);
  length.set(std::numeric_limits<double>::quiet_NaN());
  BOOST_TEST(report().empty());
  length.add(2);
  BOOST_TEST(length.value() == 2.0);
}

BOOST_AUTO_TEST_CASE(counter_when_added_to_then_the_total_as_an_integer)
{
  const counter requests = registry.add<counter_entry>("requests", {}, now);
  BOOST_TEST((report().at(0).metric == metric{0}));
  requests.add();
  requests.add(4);
  BOOST_TEST((report().at(0).metric == metric{5}));
  BOOST_TEST((report().at(0).metric == metric{5}));
  BOOST_TEST(requests.value() == 5U);
}

BOOST_AUTO_TEST_CASE(meter_when_marked_then_the_rate_of_the_time_since_the_last_report)
{
  const meter requests = registry.add<meter_entry>("rate", {}, now);
  requests.mark(10);
  BOOST_TEST(figures(4s)["rate"] == 2.5);
  BOOST_TEST(figures(4s)["rate"] == 0.0);
  requests.mark();
  BOOST_TEST(figures(500ms)["rate"] == 2.0);
  requests.mark(3);
  BOOST_TEST(figures(0s).empty());
  BOOST_TEST(figures(1s)["rate"] == 3.0);
}

BOOST_AUTO_TEST_CASE(timer_when_recorded_then_count_quantiles_and_largest_of_the_interval)
{
  const timer latency = registry.add<timer_entry>("latency", {}, now);
  auto idle = figures();
  BOOST_TEST(idle.size() == 1U);
  BOOST_TEST(idle["latency count"] == 0.0);
  for (int i = 1; i <= 100; ++i) {
    latency.record(std::chrono::milliseconds{i});
  }
  auto busy = figures();
  BOOST_TEST(busy["latency count"] == 100.0);
  const auto within_a_quarter = [&](const std::string& name, double least) {
    const double value = busy["latency " + name];
    BOOST_TEST((value >= least && value <= least * 1.26), name << " is " << value);
  };
  within_a_quarter("p50", 0.050);
  within_a_quarter("p95", 0.095);
  BOOST_TEST(busy["latency p99"] == 0.1);
  BOOST_TEST(busy["latency max"] == 0.1);
  BOOST_TEST(figures().size() == 1U);
}

BOOST_AUTO_TEST_CASE(timer_when_time_is_taken_then_the_end_of_the_scope_records)
{
  const timer latency = registry.add<timer_entry>("latency", {}, now);
  {
    const auto timed = latency.time();
    BOOST_TEST(figures()["latency count"] == 0.0);
  }
  latency.record(-1s);
  BOOST_TEST(figures()["latency count"] == 2.0);
}

BOOST_AUTO_TEST_CASE(histogram_when_taken_then_it_begins_anew)
{
  detail::atomic_histogram times;
  times.add(100ms);
  duration_histogram expected;
  expected.add(100ms);
  BOOST_TEST((times.take() == expected));
  BOOST_TEST((times.take() == duration_histogram{}));
}

BOOST_AUTO_TEST_CASE(callback_when_asked_then_its_figure_in_its_kind)
{
  int calls = 0;
  registry.add_callback("whole", {}, [&] { return ++calls; });
  registry.add_callback("none", {}, [] { return std::optional<metric>{}; });
  registry.add_callback("unknown", {}, [] { return std::nan(""); });
  const auto events = report();
  BOOST_TEST_REQUIRE(events.size() == 1U);
  BOOST_TEST((events[0].metric == metric{1}));
  BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE(states_when_thresholds_then_judged_and_without_them_absent)
{
  const gauge free = registry.add<gauge_entry>("free", {}, now);
  const gauge used =
      registry.add<gauge_entry>("used", {.warning = 10, .critical = 20, .hysteresis = 5}, now);
  free.set(1);
  const auto state = [&](double value) {
    used.set(value);
    const auto events = report();
    BOOST_TEST(!events.at(0).state.has_value());
    return events.at(1).state.value();
  };
  BOOST_TEST(state(9) == "ok");
  BOOST_TEST(state(20) == "critical");
  BOOST_TEST(state(16) == "critical");
  BOOST_TEST(state(12) == "warning");
  BOOST_TEST(state(6) == "warning");
  BOOST_TEST(state(4) == "ok");
}

BOOST_AUTO_TEST_CASE(timer_when_thresholds_then_the_99th_percentile_has_the_state)
{
  const timer latency = registry.add<timer_entry>("t", {.warning = 0.5}, now);
  latency.record(1s);
  for (const event& e : report()) {
    BOOST_TEST(e.state.has_value() == (e.service == "t p99"));
    BOOST_TEST(e.state.value_or("warning") == "warning");
  }
}

BOOST_AUTO_TEST_CASE(events_when_options_then_what_they_have_in_common)
{
  options = {.interval = 5s,
             .prefix = "shop",
             .host = "h",
             .tags = {"prod"},
             .attributes = {{"env", "eu"}}};
  registry.add<counter_entry>("orders", {}, now);
  registry.add_source([](std::vector<event>& to) {
    to.push_back({.service = "plain"});
    to.push_back({.host = "own", .service = "own", .tags = {"a"}, .ttl = ttl_duration{1}});
    to.push_back({.state = "nameless"});
  });
  const auto events = report();
  BOOST_TEST_REQUIRE(events.size() == 4U);
  for (const event& e : events) {
    BOOST_TEST(e.tags.back() == "prod");
    BOOST_TEST(e.attributes.at(0).key == "env");
    BOOST_TEST(!e.time);
  }
  BOOST_TEST(*events[0].service == "shop orders");
  BOOST_TEST(*events[0].host == "h");
  BOOST_TEST(events[0].ttl->count() == 10.0F);
  BOOST_TEST(*events[1].service == "shop plain");
  BOOST_TEST(*events[2].host == "own");
  BOOST_TEST(events[2].ttl->count() == 1.0F);
  BOOST_TEST(events[2].tags.size() == 2U);
  BOOST_TEST(!events[3].service);
}

BOOST_AUTO_TEST_CASE(source_when_it_throws_then_nothing_of_it)
{
  registry.add_source([](std::vector<event>& to) {
    to.push_back({.service = "half"});
    throw std::runtime_error{"broken"};
  });
  report_writer to{options};
  BOOST_CHECK_THROW(registry.entries().at(0)->report(to, now), std::runtime_error);
  BOOST_TEST(to.take().empty());
}

BOOST_AUTO_TEST_CASE(add_when_the_same_again_then_the_same_is_given)
{
  const thresholds limits{.warning = 1};
  const counter first = registry.add<counter_entry>("n", limits, now);
  registry.add<counter_entry>("n", limits, now).add(3);
  BOOST_TEST(first.value() == 3U);
  BOOST_TEST(report().size() == 1U);
}

BOOST_AUTO_TEST_CASE(add_when_bad_then_refused_by_name)
{
  const auto holds = [](const std::string& text, const std::string& part) {
    BOOST_TEST(text.find(part) != std::string::npos, "'" << text << "' lacks '" << part << "'");
  };
  registry.add<gauge_entry>("a", {}, now);
  registry.add<timer_entry>("t", {}, now);
  registry.add<gauge_entry>("u p99", {}, now);
  holds(refusal<gauge_entry>(""), "the name of a gauge is empty");
  holds(refusal<counter_entry>("a"), "\"a\" is a gauge already, and cannot be a counter");
  holds(refusal<timer_entry>("a"), "\"a\" is a gauge already, and cannot be a timer");
  holds(refusal<gauge_entry>("a", {.warning = 1}), "\"a\" has other thresholds already");
  holds(refusal<gauge_entry>("b", {.warning = 2, .critical = 1}), "(thresholds of \"b\")");
  holds(refusal<meter_entry>("t p50"), "\"t p50\" is a service of a timer already, \"t\"");
  holds(refusal<timer_entry>("u"), "\"u p99\" is a service of a gauge already, \"u p99\"");
  const auto one = [] { return 1; };
  BOOST_CHECK_THROW(registry.add_callback("a", {}, one), std::invalid_argument);
  BOOST_CHECK_THROW(registry.add_callback("", {}, one), std::invalid_argument);
  BOOST_CHECK_THROW(registry.add_callback("c", {}, {}), std::invalid_argument);
  BOOST_CHECK_THROW(registry.add_source({}), std::invalid_argument);
  registry.add_callback("c", {}, one);
  BOOST_CHECK_THROW(registry.add_callback("c", {}, one), std::invalid_argument);
  BOOST_TEST(registry.entries().size() == 4U);
}

BOOST_AUTO_TEST_CASE(remove_when_there_then_forgotten_and_its_name_is_free)
{
  const timer latency = registry.add<timer_entry>("t", {}, now);
  BOOST_TEST(!registry.remove("t p50"));
  BOOST_TEST(registry.remove("t"));
  BOOST_TEST(!registry.remove("t"));
  latency.record(1s);
  BOOST_TEST(report().empty());
  BOOST_TEST(refusal<gauge_entry>("t p50") == "");
  BOOST_TEST(refusal<counter_entry>("t") == "");
}

BOOST_AUTO_TEST_CASE(instruments_when_many_threads_record_then_nothing_is_lost)
{
  const counter count = registry.add<counter_entry>("count", {}, now);
  const gauge level = registry.add<gauge_entry>("level", {}, now);
  const meter rate = registry.add<meter_entry>("rate", {}, now);
  const timer times = registry.add<timer_entry>("times", {}, now);
  constexpr int threads = 4;
  constexpr int each = 20'000;
  std::atomic<int> running{threads};
  double marked = 0;
  double timed = 0;
  const auto add_up = [&] {
    auto all = figures();
    marked += all["rate"];
    timed += all["times count"];
  };
  std::vector<std::jthread> all;
  for (int t = 0; t != threads; ++t) {
    all.emplace_back([&, t] {
      for (int i = 0; i != each; ++i) {
        count.add();
        level.add(1);
        rate.mark();
        times.record(std::chrono::microseconds{i % 1'000 + t});
      }
      --running;
    });
  }
  while (running != 0) {
    add_up();
  }
  all.clear();
  add_up();
  BOOST_TEST(count.value() == static_cast<std::uint64_t>(threads * each));
  BOOST_TEST(level.value() == threads * each);
  BOOST_TEST(marked == threads * each);
  BOOST_TEST(timed == threads * each);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test

// A reporter over real transports to the test server, and its lifetime.
#include "tcp_fixture.hpp"

#include <riemann/any_transport.hpp>
#include <riemann/blank_transport.hpp>
#include <riemann/reporter.hpp>
#include <riemann/udp_transport.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <atomic>
#include <latch>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::test;
using namespace std::chrono_literals;

/// Reports when it is stopped alone.
reporter_options rarely()
{
  return {.interval = 1h};
}

/// Reports as often as can be.
reporter_options often()
{
  // However slow the machine, each answer is waited for.
  return {.interval = 1ms, .first_delay = 0ms, .deadline = patience};
}

/// Tells when it is destroyed.
struct owned {
  explicit owned(std::atomic<int>& gone) : gone_{gone} {}
  owned(const owned&) = delete;
  owned& operator=(const owned&) = delete;
  ~owned() { ++gone_; }

  std::atomic<int>& gone_;
};

struct with_index : with_server {
  [[nodiscard]] event indexed(const std::string& service)
  {
    const auto all = server->index();
    const auto found = std::ranges::find(all, service, [](const event& e) { return *e.service; });
    BOOST_TEST_REQUIRE((found != all.end()), service << " is not in the index");
    return *found;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(reporter_over_tcp, with_index)

BOOST_AUTO_TEST_CASE(reporter_when_stopped_then_the_server_has_what_was_recorded)
{
  reporter_options options = rarely();
  options.prefix = "shop";
  options.host = "h";
  options.tags = {"prod"};
  options.attributes = {{"env", "eu"}};
  reporter r{transport, options};
  r.add_gauge("queue", {.warning = 10, .critical = 100}).set(11);
  r.add_gauge("asked", [] { return 7; });
  r.add_counter("orders").add(3);
  r.add_timer("latency").record(50ms);
  r.start();
  result stopped;
  r.async_stop(patience, record{stopped});
  BOOST_TEST(stopped.calls == 0);
  run_until(context, [&] { return stopped.done(); });
  BOOST_TEST(stopped.error == error_code{});
  BOOST_TEST((r.statistics() == reporter_statistics{.reports = 1, .delivered = 1}));
  BOOST_TEST(server->counters().messages == 1U);
  BOOST_TEST(server->counters().events == 8U);
  const event queue = indexed("shop queue");
  BOOST_TEST(*queue.state == "warning");
  BOOST_TEST(*queue.host == "h");
  BOOST_TEST((queue.tags == tag_list{"prod"}));
  BOOST_TEST(queue.ttl->count() == 7'200.0F);
  BOOST_TEST(queue.attributes.at(0).key == "env");
  BOOST_TEST((indexed("shop asked").metric == metric{7}));
  BOOST_TEST((indexed("shop orders").metric == metric{3}));
  BOOST_TEST((indexed("shop latency count").metric == metric{1}));
  BOOST_TEST(indexed("shop latency p99").metric->as_double() == 0.05);
}

BOOST_AUTO_TEST_CASE(reports_when_the_interval_passes_then_again_and_again)
{
  reporter r{transport, often()};
  const meter rate = r.add_meter("rate");
  r.start();
  rate.mark();
  run_until(context, [&] { return r.statistics().delivered >= 3; });
  result stopped;
  r.async_stop(patience, record{stopped});
  run_until(context, [&] { return stopped.done(); });
  BOOST_TEST(server->counters().messages == r.statistics().reports);
  BOOST_TEST(r.statistics().failed == 0U);
}

BOOST_AUTO_TEST_CASE(report_when_rejected_then_counted_and_the_next_goes_on)
{
  server->inject(testkit::reject{"index full"});
  reporter_options options = often();
  std::vector<std::string> told;
  options.on_report = [&](const report_result& ended) {
    if (ended.error == errc::rejected) {
      told.emplace_back(ended.answer.text());
    }
  };
  reporter r{transport, options};
  r.add_counter("n");
  r.start();
  run_until(context, [&] { return r.statistics().delivered >= 1; });
  BOOST_TEST(r.statistics().failed == 1U);
  BOOST_TEST((told == std::vector<std::string>{"index full"}));
}

BOOST_AUTO_TEST_CASE(async_stop_completes_when_the_last_report_has_ended)
{
  reporter r{transport, rarely()};
  const counter n = r.add_counter("n");
  r.start();
  n.add(5);
  run(context, r.async_stop(patience, asio::use_awaitable));
  BOOST_TEST((indexed("n").metric == metric{5}));
  run(context, r.async_stop(patience, asio::use_awaitable)); // it was stopped already
  BOOST_TEST(server->counters().messages == 1U);
}

BOOST_AUTO_TEST_CASE(async_stop_handler_signature_of_an_error_alone_and_any_token)
{
  reporter r{transport, rarely()};
  error_code seen = asio::error::eof;
  r.async_stop(patience, [&](error_code e) { seen = e; });
  auto future = r.async_stop(patience, asio::use_future);
  auto lazy = r.async_stop(patience);
  result third;
  std::move(lazy)(record{third});
  run_until(context, [&] { return third.done(); });
  get(future);
  BOOST_TEST(seen == error_code{});
  BOOST_TEST(third.error == error_code{});
}

BOOST_AUTO_TEST_CASE(async_stop_outcomes_and_errors_of_the_last_report_or_the_deadline)
{
  server->inject(testkit::reject{"no"});
  reporter r{transport, rarely()};
  r.add_counter("n");
  r.start();
  result rejected;
  r.async_stop(patience, record{rejected});
  run_until(context, [&] { return rejected.done(); });
  BOOST_TEST(rejected.error == errc::rejected);

  server->inject(testkit::no_answer{});
  r.start();
  result late;
  r.async_stop(1ms, record{late});
  run_until(context, [&] { return late.done(); });
  BOOST_TEST(late.error == errc::drain_timeout);
}

BOOST_AUTO_TEST_CASE(async_stop_cancellation_partial_or_terminal_stops_waiting_total_does_not)
{
  server->inject(testkit::no_answer{});
  reporter r{transport, rarely()};
  r.add_counter("n");
  r.start();
  asio::cancellation_signal total;
  asio::cancellation_signal partial;
  result goes_on;
  result cancelled;
  r.async_stop(patience, asio::bind_cancellation_slot(total.slot(), record{goes_on}));
  r.async_stop(patience, asio::bind_cancellation_slot(partial.slot(), record{cancelled}));
  total.emit(asio::cancellation_type::total);
  partial.emit(asio::cancellation_type::partial);
  run_until(context, [&] { return cancelled.done(); });
  BOOST_TEST(cancelled.error == asio::error::operation_aborted);
  BOOST_TEST(goes_on.calls == 0);
  total.emit(asio::cancellation_type::terminal);
  run_until(context, [&] { return goes_on.done(); });
  BOOST_TEST(goes_on.error == asio::error::operation_aborted);
}

BOOST_AUTO_TEST_CASE(async_stop_threads_any_and_the_handler_on_its_executor)
{
  asio::thread_pool elsewhere{1};
  reporter r{transport, often()};
  const counter n = r.add_counter("n");
  const timer t = r.add_timer("t");
  r.start();
  {
    const context_threads threads{context, 2};
    std::vector<std::jthread> all;
    std::atomic<int> stopped{0};
    std::latch recorded{4};
    for (int i = 0; i != 4; ++i) {
      all.emplace_back([&, i] {
        for (int k = 0; k != 1'000; ++k) {
          n.add();
          t.record(std::chrono::microseconds{k});
          r.add_counter("of " + std::to_string(i)).add();
          (void)r.statistics();
        }
        recorded.arrive_and_wait();
        r.async_stop(patience, asio::bind_executor(elsewhere, [&](error_code) {
                       if (elsewhere.get_executor().running_in_this_thread()) {
                         ++stopped;
                       }
                     }));
      });
    }
    all.clear();
    elsewhere.join();
    BOOST_TEST(stopped == 4);
    transport.cancel(); // or its connection keeps the context running
  }
  BOOST_TEST((indexed("n").metric == metric{4'000}));
  BOOST_TEST((indexed("of 3").metric == metric{1'000}));
}

BOOST_AUTO_TEST_CASE(async_stop_lifetime_when_started_after_the_reporter_is_gone_then_aborted)
{
  std::optional<reporter> r;
  r.emplace(transport, rarely());
  auto lazy = r->async_stop(patience, asio::deferred);
  r.reset();
  result late;
  std::move(lazy)(record{late});
  BOOST_TEST(late.calls == 0);
  run_until(context, [&] { return late.done(); });
  BOOST_TEST(late.error == asio::error::operation_aborted);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(reporter_lifetime, with_index)

BOOST_AUTO_TEST_CASE(reporter_when_destroyed_then_stops_are_aborted_and_the_context_runs_dry)
{
  server->inject(testkit::no_answer{});
  std::atomic<int> gone{0};
  std::optional<reporter> r;
  r.emplace(transport, rarely());
  r->add_gauge("g", [held = std::make_shared<owned>(gone)] { return 1; });
  r->start();
  result stopped;
  r->async_stop(patience, record{stopped});
  run_until(context, [&] { return transport.statistics().messages.in_flight == 1; });
  const gauge orphan = r->add_gauge("later");
  r.reset();
  orphan.set(3);
  BOOST_TEST(gone == 1);
  BOOST_TEST(stopped.calls == 0);
  run_until(context, [&] { return stopped.done(); });
  BOOST_TEST(stopped.error == asio::error::operation_aborted);
  transport.cancel();
  run(context);
}

BOOST_AUTO_TEST_CASE(transport_when_destroyed_first_then_reports_fail_and_a_stop_ends)
{
  std::optional<tcp_transport> short_lived;
  short_lived.emplace(context, options_for(server->tcp_endpoint()));
  reporter r{*short_lived, often()};
  r.add_counter("n");
  r.start();
  run_until(context, [&] { return r.statistics().delivered >= 1; });
  short_lived.reset();
  run_until(context, [&] { return r.statistics().failed >= 2; });
  result stopped;
  r.async_stop(patience, record{stopped});
  run(context);
  BOOST_TEST(stopped.error == errc::cancelled);
}

BOOST_AUTO_TEST_CASE(reporter_when_it_owns_its_transport_or_is_moved_then_goes_on)
{
  reporter first{any_transport{std::move(transport)}, rarely()};
  first.add_counter("n").add(2);
  reporter second{std::move(first)};
  second.start();
  result stopped;
  second.async_stop(patience, record{stopped});
  run_until(context, [&] { return stopped.done(); });
  BOOST_TEST((indexed("n").metric == metric{2}));
  blank_transport blank{context};
  second = reporter{blank, rarely()};
  second.add_counter("other");
  second.start();
  second.async_stop(patience, record{stopped});
  run(context);
  BOOST_TEST(blank.events().size() == 1U);
}

BOOST_AUTO_TEST_CASE(reporter_when_invalid_then_the_constructor_throws)
{
  reporter_options options;
  options.interval = 0s;
  BOOST_CHECK_THROW((reporter{transport, options}), std::invalid_argument);
  reporter r{transport};
  r.add_gauge("g");
  BOOST_CHECK_THROW(r.add_meter("g"), std::invalid_argument);
  BOOST_CHECK_THROW(r.add_gauge("", [] { return 1; }), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(report_when_too_long_for_a_datagram_then_in_several)
{
  const auto to = server->udp_endpoint();
  udp_transport udp{
      context, {.host = to.address().to_string(), .port = to.port(), .max_datagram_size = 200}};
  reporter r{udp, rarely()};
  for (int i = 0; i != 20; ++i) {
    r.add_counter("a counter with a rather long name " + std::to_string(i));
  }
  r.start();
  result stopped;
  r.async_stop(patience, record{stopped});
  run_until(context, [&] { return stopped.done(); });
  BOOST_TEST(stopped.error == error_code{});
  BOOST_TEST(r.statistics().splits >= 7U);
  run_until(context, [&] {
    asio::post(context, [] {});
    return server->counters().events == 20;
  });
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(reporter_and_context)

BOOST_AUTO_TEST_CASE(context_when_destroyed_first_then_handlers_and_callbacks_are_destroyed)
{
  std::atomic<int> gone{0};
  std::optional<asio::io_context> context{std::in_place};
  tcp_transport transport{*context, {.host = "127.0.0.1", .port = 9}};
  reporter_options options = rarely();
  options.on_report = [held = std::make_shared<owned>(gone)](const report_result&) {};
  reporter r{transport, options};
  options.on_report = {};
  const gauge kept = r.add_gauge("kept");
  r.add_gauge("g", [held = std::make_shared<owned>(gone)] { return 1; });
  r.add_source([held = std::make_shared<owned>(gone)](std::vector<event>&) {});
  r.start();
  bool called = false;
  r.async_stop(patience, [&, held = std::make_shared<owned>(gone)](error_code) { called = true; });
  context.reset();
  BOOST_TEST(gone == 4);
  BOOST_TEST(!called);
  kept.set(1);
}

BOOST_AUTO_TEST_CASE(reporter_when_a_handler_owns_it_then_goes_with_the_context)
{
  std::atomic<int> gone{0};
  {
    asio::io_context context;
    blank_transport transport{context};
    auto r = std::make_shared<reporter>(transport, rarely());
    r->add_source([held = std::make_shared<owned>(gone)](std::vector<event>&) {});
    r->start();
    r->async_stop(patience, [r](error_code) {});
    r.reset();
  }
  BOOST_TEST(gone == 1);
}

BOOST_AUTO_TEST_SUITE_END()

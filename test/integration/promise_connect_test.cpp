// What the comments of async_connect and async_disconnect promise, heading by
// heading, on every transport.

#include "subjects.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <type_traits>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::test;
using namespace std::chrono_literals;
using asio::cancellation_type;

constexpr std::array types{cancellation_type::total, cancellation_type::partial,
                           cancellation_type::terminal};

/// Starts one from a strand, and sees that its handler runs there, later.
template <class Operation>
void check_executor(stage& s, Operation operation)
{
  const auto strand = asio::make_strand(s.context);
  bool inside = false;
  bool called = false;
  asio::post(strand, [&] {
    inside = true;
    operation(asio::bind_executor(strand, [&](error_code) {
      BOOST_TEST(strand.running_in_this_thread());
      BOOST_TEST(!inside);
      called = true;
    }));
    inside = false;
  });
  run_until(s.context, [&] { return called; });
}

} // namespace

BOOST_AUTO_TEST_SUITE(promise_connect)

TRANSPORT_TEST_CASE(async_connect_completes_when_sends_can_go)
{
  result first;
  result second;
  s.transport.async_connect(record{first});
  s.wait_for(first);
  s.transport.async_connect(record{second});
  s.wait_for(second);
  BOOST_TEST(first.error == error_code{});
  BOOST_TEST(second.error == error_code{});
  s.transport.cancel();
  run(s.context);
  BOOST_TEST(first.calls + second.calls == 2);
}

TRANSPORT_TEST_CASE(async_connect_handler_signature_is_error)
{
  bool called = false;
  s.transport.async_connect([&](auto error) {
    static_assert(std::is_same_v<decltype(error), error_code>);
    called = true;
  });
  run_until(s.context, [&] { return called; });
}

TRANSPORT_TEST_CASE(async_connect_outcomes_and_errors_are_aborted_by_cancel)
{
  result connected;
  s.transport.async_connect(record{connected});
  s.transport.cancel();
  run(s.context);
  const error_code aborted = asio::error::operation_aborted;
  BOOST_TEST(connected.error == (s.unless_instant(aborted)));
}

OWING_TRANSPORT_TEST_CASE(async_connect_outcomes_and_errors_are_disconnected_in_a_drain)
{
  result sent;
  result gone;
  result connected;
  s.send_held(record{sent});
  s.transport.async_disconnect(20s, record{gone});
  s.transport.async_connect(record{connected});
  s.wait_for(connected);
  BOOST_TEST(connected.error == errc::disconnected);
  BOOST_TEST(!gone.done());
  s.transport.cancel();
  run(s.context);
  BOOST_TEST(sent.error == errc::abandoned);
  BOOST_TEST(gone.error == asio::error::operation_aborted);
}

TRANSPORT_TEST_CASE(async_connect_outcomes_and_errors_are_none_after_a_disconnect)
{
  result gone;
  result connected;
  result sent;
  s.transport.async_disconnect(20s, record{gone});
  run(s.context);
  // It opens the transport again.
  s.transport.async_connect(record{connected});
  s.transport.async_send(one_event(), record{sent});
  s.wait_for(sent);
  BOOST_TEST(gone.error == error_code{});
  BOOST_TEST(connected.error == error_code{});
  BOOST_TEST(sent.error == error_code{});
}

TRANSPORT_TEST_CASE(async_connect_cancellation_of_any_type_stops_waiting)
{
  for (const auto type : types) {
    stage each{s.make};
    asio::cancellation_signal signal;
    result connected;
    each.transport.async_connect(asio::bind_cancellation_slot(signal.slot(), record{connected}));
    signal.emit(type);
    run(each.context);
    const error_code aborted = asio::error::operation_aborted;
    BOOST_TEST(connected.error == (each.unless_instant(aborted)));
    BOOST_TEST(connected.calls == 1);
  }
}

TRANSPORT_TEST_CASE(async_connect_threads_run_the_handler_on_its_executor)
{
  check_executor(s, [&](auto handler) { s.transport.async_connect(handler); });
  check_executor(s, [&](auto handler) { s.transport.async_connect(handler); });
}

TRANSPORT_TEST_CASE(async_connect_threads_may_call_at_once)
{
  std::atomic<int> ended{0};
  {
    const context_threads running{s.context, 2};
    std::vector<std::jthread> threads;
    for (int t = 0; t != 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i != 50; ++i) {
          s.transport.async_connect([&](error_code) { ++ended; });
          if (i % 10 == 0) {
            s.transport.cancel();
          }
        }
      });
    }
    threads.clear();
    s.transport.async_disconnect(20s, asio::detached);
  }
  BOOST_TEST(ended == 200);
}

TRANSPORT_TEST_CASE(async_connect_lifetime_of_the_transport_may_end_first)
{
  asio::io_context context;
  result connected;
  {
    const auto brief = s.behind->make(context.get_executor());
    basic_transport& transport = brief->get();
    transport.async_connect(record{connected});
  }
  run(context);
  const error_code aborted = asio::error::operation_aborted;
  BOOST_TEST(connected.error == (s.unless_instant(aborted)));
  BOOST_TEST(connected.calls == 1);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(promise_disconnect)

TRANSPORT_TEST_CASE(async_disconnect_completes_when_everything_handed_over_is_through)
{
  std::vector<result> sent(100);
  result gone;
  for (result& r : sent) {
    s.transport.async_send(one_event(), record{r});
  }
  s.transport.async_disconnect(20s, record{gone});
  run(s.context); // and so it keeps the context from running no longer
  BOOST_TEST(gone.error == error_code{});
  for (const result& r : sent) {
    BOOST_TEST(r.error == error_code{});
  }
  s.wait_for_events(100);
  s.check_ended(100);
}

TRANSPORT_TEST_CASE(async_disconnect_completes_when_there_is_nothing_to_do)
{
  std::vector<result> gone(3);
  s.transport.async_disconnect(20s, record{gone[0]});
  s.transport.async_disconnect(0s, record{gone[1]});
  run(s.context);
  s.transport.async_disconnect(20s, record{gone[2]});
  run(s.context);
  for (const result& r : gone) {
    BOOST_TEST(r.error == error_code{});
    BOOST_TEST(r.calls == 1);
  }
}

TRANSPORT_TEST_CASE(async_disconnect_handler_signature_is_error)
{
  bool called = false;
  s.transport.async_disconnect(20s, [&](auto error) {
    static_assert(std::is_same_v<decltype(error), error_code>);
    called = true;
  });
  run_until(s.context, [&] { return called; });
}

TRANSPORT_TEST_CASE(async_disconnect_outcomes_and_errors_say_what_was_left_behind)
{
  result sent;
  result gone;
  result late;
  s.transport.async_send(one_event(), record{sent});
  s.transport.async_disconnect(0s, record{gone});
  s.transport.async_send(one_event(), record{late});
  run(s.context);
  if (s.behind->instant) {
    BOOST_TEST(sent.error == error_code{});
    BOOST_TEST(gone.error == error_code{});
  } else {
    BOOST_TEST(sent.error == errc::disconnected);
    BOOST_TEST(gone.error == errc::drain_timeout);
  }
  BOOST_TEST(late.error == errc::disconnected);
}

OWING_TRANSPORT_TEST_CASE(async_disconnect_outcomes_and_errors_are_timeout_when_answers_lack)
{
  result sent;
  result gone;
  s.send_held(record{sent});
  s.transport.async_disconnect(20ms, record{gone});
  run(s.context);
  BOOST_TEST(gone.error == errc::drain_timeout);
  BOOST_TEST(sent.error == errc::drain_timeout);
  BOOST_TEST((sent.error == outcome::unknown));
}

OWING_TRANSPORT_TEST_CASE(async_disconnect_cancellation_of_a_drain_under_way_ends_it)
{
  for (const auto type : {cancellation_type::partial, cancellation_type::terminal}) {
    stage each{s.make};
    asio::cancellation_signal signal;
    result sent;
    result gone;
    each.send_held(record{sent});
    each.transport.async_disconnect(20s, asio::bind_cancellation_slot(signal.slot(), record{gone}));
    each.context.poll();
    BOOST_TEST(!gone.done());
    signal.emit(type);
    run(each.context);
    BOOST_TEST(gone.error == asio::error::operation_aborted);
    BOOST_TEST(sent.error == errc::drain_timeout);
  }
}

TRANSPORT_TEST_CASE(async_disconnect_cancellation_but_total_is_as_if_time_was_up)
{
  for (const auto type : types) {
    stage each{s.make};
    asio::cancellation_signal signal;
    result sent;
    result gone;
    each.transport.async_send(one_event(), record{sent});
    each.transport.async_disconnect(20s, asio::bind_cancellation_slot(signal.slot(), record{gone}));
    signal.emit(type);
    run(each.context);
    const bool goes_on = each.behind->instant || type == cancellation_type::total;
    const error_code aborted = asio::error::operation_aborted;
    BOOST_TEST(gone.error == (goes_on ? error_code{} : aborted));
    BOOST_TEST(sent.error == (goes_on ? error_code{} : make_error_code(errc::disconnected)));
  }
}

TRANSPORT_TEST_CASE(async_disconnect_threads_run_the_handler_on_its_executor)
{
  check_executor(s, [&](auto handler) { s.transport.async_disconnect(20s, handler); });
  check_executor(s, [&](auto handler) { s.transport.async_disconnect(20s, handler); });
}

TRANSPORT_TEST_CASE(async_disconnect_lifetime_of_the_transport_may_end_first)
{
  asio::io_context context;
  result sent;
  result gone;
  {
    const auto brief = s.behind->make(context.get_executor());
    basic_transport& transport = brief->get();
    transport.async_send(one_event(), record{sent});
    transport.async_disconnect(20s, record{gone});
  }
  run(context);
  const error_code aborted = asio::error::operation_aborted;
  BOOST_TEST(gone.error == (s.unless_instant(aborted)));
  BOOST_TEST(gone.calls == 1);
  BOOST_TEST(sent.calls == 1);
}

BOOST_AUTO_TEST_SUITE_END()

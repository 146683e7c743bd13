// Cancellation of one operation, of all, and the orderly end: async_disconnect.

#include "tcp_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::test;
using namespace std::chrono_literals;
using asio::cancellation_type;

/// What takes back a message that was not written; the last two abandon one that was.
constexpr std::array types{cancellation_type::total, cancellation_type::partial,
                           cancellation_type::terminal};
constexpr std::array strong_types{cancellation_type::partial, cancellation_type::terminal};

/// `ok = false`: tells one answer from the others.
constexpr std::string_view refusal{"\0\0\0\6\x10\0\x1a\2no", 10};

struct cancelling : with_peer {
  /// The recorder of `r`, listening to `signal`.
  auto on(asio::cancellation_signal& signal, result& r)
  {
    return asio::bind_cancellation_slot(signal.slot(), record{r});
  }
  void wait_until_written(std::uint64_t messages)
  {
    wait_for([=](const statistics& s) { return s.messages.in_flight == messages; });
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(tcp_cancel, cancelling)

BOOST_AUTO_TEST_CASE(queued_send_is_taken_back_and_its_neighbours_are_sent)
{
  for (const auto type : types) {
    play({serve});
    asio::cancellation_signal signal;
    std::vector<result> sent(3);
    send(sent[0]);
    transport->async_send(one_event(), on(signal, sent[1]));
    send(sent[2]);
    signal.emit(type);
    BOOST_TEST(!sent[1].done());
    wait_for(sent[2]);
    BOOST_TEST(sent[0].error == error_code{});
    BOOST_TEST(sent[1].error == errc::cancelled);
    BOOST_TEST((sent[1].error == outcome::not_sent));
    BOOST_TEST((sent[1].error == boost::system::errc::operation_canceled));
    BOOST_TEST(sent[2].error == error_code{});
    check_goes_on(1);
  }
}

BOOST_AUTO_TEST_CASE(written_send_is_abandoned_and_the_next_answer_finds_its_own_request)
{
  for (const auto type : strong_types) {
    gate answer;
    play({[&](connection& c) {
      c.read_frames(2);
      answer.wait();
      c.ack(1);
      c.write(refusal);
      c.serve();
    }});
    asio::cancellation_signal signal;
    result given_up;
    result next;
    transport->async_send(one_event(), on(signal, given_up));
    send(next);
    wait_until_written(2);
    signal.emit(type);
    wait_for(given_up);
    BOOST_TEST(given_up.error == errc::abandoned);
    BOOST_TEST((given_up.error == outcome::unknown));
    BOOST_TEST((given_up.error == boost::system::errc::operation_canceled));
    BOOST_TEST(transport->statistics().tombstones == 1U);
    answer.open();
    wait_for(next);
    BOOST_TEST(next.error == errc::rejected);
    check_goes_on(1);
  }
}

BOOST_AUTO_TEST_CASE(written_query_that_is_given_up_still_holds_back_what_is_behind_it)
{
  gate answer;
  play({[&](connection& c) {
    c.read_frames(1);
    answer.wait();
    c.ack(1);
    c.read_frames(1);
    c.write(refusal);
    c.serve();
  }});
  asio::cancellation_signal signal;
  result asked;
  result behind;
  transport->async_send(message::query("true"), on(signal, asked));
  send(behind);
  wait_until_written(1);
  signal.emit(cancellation_type::partial);
  wait_for(asked);
  BOOST_TEST(asked.error == errc::abandoned);
  BOOST_TEST(transport->statistics().messages.queued == 1U);
  answer.open();
  wait_for(behind);
  BOOST_TEST(behind.error == errc::rejected);
  check_goes_on(1);
}

BOOST_AUTO_TEST_CASE(connect_that_is_cancelled_stops_trying)
{
  const deaf_listener listener{context};
  for (const auto type : types) {
    transport.emplace(context, options_for(listener.endpoint()));
    asio::cancellation_signal signal;
    result connected;
    transport->async_connect(on(signal, connected));
    context.restart();
    context.poll();
    signal.emit(type);
    wait_for(connected);
    BOOST_TEST(connected.error == asio::error::operation_aborted);
    run(context);
  }
}

BOOST_AUTO_TEST_CASE(connect_that_is_cancelled_before_it_has_begun_never_begins)
{
  const deaf_listener listener{context};
  transport.emplace(context, options_for(listener.endpoint()));
  std::vector<result> connected(3);
  transport->async_connect(record{connected[0]});
  transport->cancel();
  run(context); // at once, not when the kernel has tired of it
  asio::cancellation_signal signal;
  transport->async_connect(on(signal, connected[1]));
  signal.emit(cancellation_type::total);
  run(context);
  transport->async_connect(record{connected[2]});
  transport.reset();
  run(context);
  for (const result& r : connected) {
    BOOST_TEST(r.error == asio::error::operation_aborted);
  }
}

BOOST_AUTO_TEST_CASE(connect_that_is_cancelled_goes_on_for_another_and_for_a_send)
{
  play({serve});
  asio::cancellation_signal signal;
  result given_up;
  result connected;
  result sent;
  transport->async_connect(on(signal, given_up));
  transport->async_connect(record{connected});
  send(sent);
  signal.emit(cancellation_type::terminal);
  wait_for(sent);
  BOOST_TEST(given_up.error == asio::error::operation_aborted);
  BOOST_TEST(connected.error == error_code{});
  BOOST_TEST(sent.error == error_code{});
  check_goes_on(1);
}

BOOST_AUTO_TEST_CASE(send_that_is_cancelled_while_connecting_stops_the_connect)
{
  const deaf_listener listener{context};
  transport.emplace(context, options_for(listener.endpoint()));
  asio::cancellation_signal signal;
  result sent;
  transport->async_send(one_event(), on(signal, sent));
  context.restart();
  context.poll();
  signal.emit(cancellation_type::total);
  run(context);
  BOOST_TEST(sent.error == errc::cancelled);
  check_books(*transport);
}

BOOST_AUTO_TEST_CASE(total_cancellation_leaves_alone_what_has_had_an_effect)
{
  gate answer;
  play({[&](connection& c) {
    c.read_frames(1);
    answer.wait();
    c.ack(1);
    c.read_to_end();
  }});
  asio::cancellation_signal of_send;
  asio::cancellation_signal of_disconnect;
  result sent;
  result gone;
  transport->async_send(one_event(), on(of_send, sent));
  wait_until_written(1);
  transport->async_disconnect(20s, on(of_disconnect, gone));
  of_send.emit(cancellation_type::total);
  of_disconnect.emit(cancellation_type::total);
  result refused; // told once both signals have been
  send(refused);
  wait_for(refused);
  BOOST_TEST(!sent.done());
  BOOST_TEST(!gone.done());
  answer.open();
  run(context);
  BOOST_TEST(sent.error == error_code{});
  BOOST_TEST(gone.error == error_code{});
}

BOOST_AUTO_TEST_CASE(disconnect_that_is_cancelled_leaves_the_drain_to_those_who_wait_too)
{
  gate answer;
  play({[&](connection& c) {
    c.read_frames(1);
    answer.wait();
    c.ack(1);
    c.read_to_end();
  }});
  asio::cancellation_signal signal;
  result sent;
  std::vector<result> gone(2);
  send(sent);
  wait_until_written(1);
  transport->async_disconnect(20s, on(signal, gone[0]));
  transport->async_disconnect(20s, record{gone[1]});
  signal.emit(cancellation_type::terminal);
  wait_for(gone[0]);
  BOOST_TEST(gone[0].error == asio::error::operation_aborted);
  BOOST_TEST(!gone[1].done());
  answer.open();
  run(context);
  BOOST_TEST(sent.error == error_code{});
  BOOST_TEST(gone[1].error == error_code{});
}

BOOST_AUTO_TEST_CASE(connect_during_a_drain_is_refused_and_disturbs_no_other)
{
  play({serve});
  result connected;
  result sent;
  result gone;
  result late;
  transport->async_connect(record{connected});
  send(sent);
  transport->async_disconnect(20s, record{gone});
  transport->async_connect(record{late});
  run(context);
  BOOST_TEST(connected.error == error_code{});
  BOOST_TEST(sent.error == error_code{});
  BOOST_TEST(gone.error == error_code{});
  BOOST_TEST(late.error == errc::disconnected);
}

BOOST_AUTO_TEST_CASE(disconnect_that_is_cancelled_closes_at_once)
{
  for (const auto type : strong_types) {
    play({ignore});
    asio::cancellation_signal signal;
    result sent;
    result gone;
    send(sent);
    wait_until_written(1);
    transport->async_disconnect(20s, on(signal, gone));
    signal.emit(type);
    run(context);
    BOOST_TEST(gone.error == asio::error::operation_aborted);
    BOOST_TEST(gone.calls == 1);
    BOOST_TEST(sent.error == errc::drain_timeout);
    check_books(*transport);
  }
}

BOOST_AUTO_TEST_CASE(signal_after_completion_or_from_within_the_handler_does_nothing)
{
  play({serve});
  asio::cancellation_signal signal;
  int calls = 0;
  transport->async_send(one_event(),
                        asio::bind_cancellation_slot(signal.slot(), [&](error_code e, response) {
                          BOOST_TEST(e == error_code{});
                          ++calls;
                          signal.emit(cancellation_type::terminal);
                        }));
  run_until(context, [&] { return calls != 0; });
  BOOST_TEST(!signal.slot().has_handler());
  signal.emit(cancellation_type::terminal);
  check_goes_on(1);
  BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE(coroutine_that_waits_for_a_send_or_a_timer_gives_the_send_up)
{
  using namespace asio::experimental::awaitable_operators;
  play({ignore});
  run(context, [](tcp_transport& t) -> asio::awaitable<void> {
    asio::steady_timer timer{co_await asio::this_coro::executor, 20ms};
    const auto first = co_await (t.async_send(one_event(), asio::use_awaitable) ||
                                 timer.async_wait(asio::use_awaitable));
    BOOST_TEST(first.index() == 1U);
  }(*transport));
  BOOST_TEST(transport->statistics().messages.live() == 0U);
}

BOOST_AUTO_TEST_CASE(signals_from_other_threads_end_each_send_once)
{
  play({serve});
  constexpr int count = 1'000;
  std::vector<result> sent(count);
  std::deque<asio::cancellation_signal> signals(count);
  const auto strand = asio::make_strand(context);
  {
    const context_threads threads{context, 2};
    for (int i = 0; i != count; ++i) {
      asio::dispatch(strand, [&, i] {
        transport->async_send(one_event(),
                              asio::bind_cancellation_slot(
                                  signals[i].slot(), asio::bind_executor(strand, record{sent[i]})));
      });
      if (i % 2 == 0) {
        asio::dispatch(strand, [&, i] { signals[i].emit(cancellation_type::terminal); });
      }
    }
    asio::dispatch(strand, [&] { transport->async_disconnect(20s, asio::detached); });
  }
  BOOST_TEST(std::ranges::all_of(sent, [](const result& r) { return r.calls == 1; }));
  check_books(*transport);
}

BOOST_AUTO_TEST_CASE(cancel_ends_what_is_written_and_queued_and_the_transport_goes_on)
{
  session_options narrow;
  narrow.max_in_flight = 1;
  play({ignore, serve}, narrow);
  std::vector<result> sent(3);
  for (result& r : sent) {
    send(r);
  }
  wait_until_written(1);
  transport->cancel();
  run(context);
  BOOST_TEST(sent[0].error == errc::abandoned);
  BOOST_TEST(sent[1].error == errc::cancelled);
  BOOST_TEST(sent[2].error == errc::cancelled);
  BOOST_TEST(transport->statistics().connections_lost == 0U);
  check_goes_on(2);
}

BOOST_AUTO_TEST_CASE(cancel_ends_connects_and_disconnects)
{
  const deaf_listener listener{context};
  transport.emplace(context, options_for(listener.endpoint()));
  std::vector<result> connected(2);
  transport->async_connect(record{connected[0]});
  transport->async_connect(record{connected[1]});
  context.restart();
  context.poll();
  transport->cancel();
  run(context);
  for (const result& r : connected) {
    BOOST_TEST(r.error == asio::error::operation_aborted);
    BOOST_TEST(r.calls == 1);
  }
  play({ignore});
  result sent;
  result gone;
  send(sent);
  wait_until_written(1);
  transport->async_disconnect(20s, record{gone});
  transport->cancel();
  run(context);
  BOOST_TEST(gone.error == asio::error::operation_aborted);
  BOOST_TEST(sent.error == errc::abandoned);
  check_books(*transport);
}

BOOST_AUTO_TEST_CASE(cancel_spares_what_is_called_after_it)
{
  play({serve});
  result before;
  result after;
  result connected;
  send(before);
  transport->cancel();
  transport->async_connect(record{connected});
  send(after);
  wait_for(after);
  BOOST_TEST(before.error == errc::cancelled);
  BOOST_TEST(after.error == error_code{});
  BOOST_TEST(connected.error == error_code{});
  check_goes_on(1);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(tcp_disconnect, cancelling)

BOOST_AUTO_TEST_CASE(disconnect_drains_a_thousand_sends_and_lets_the_context_end)
{
  play({serve});
  std::vector<result> sent(1'000);
  for (result& r : sent) {
    send(r);
  }
  result gone;
  transport->async_disconnect(20s, record{gone});
  run(context);
  BOOST_TEST(gone.error == error_code{});
  BOOST_TEST(gone.calls == 1);
  BOOST_TEST(std::ranges::all_of(sent, [](const result& r) { return r.calls == 1 && !r.error; }));
  BOOST_TEST(transport->statistics().connections_lost == 0U);
  BOOST_TEST(transport->address().error() == asio::error::not_connected);
  check_books(*transport);
}

BOOST_AUTO_TEST_CASE(disconnect_without_a_connection_completes)
{
  play({});
  std::vector<result> gone(2);
  transport->async_disconnect(20s, record{gone[0]});
  BOOST_TEST(!gone[0].done());
  run(context);
  transport->async_disconnect(20s, record{gone[1]});
  run(context);
  for (const result& r : gone) {
    BOOST_TEST(r.error == error_code{});
    BOOST_TEST(r.calls == 1);
  }
}

BOOST_AUTO_TEST_CASE(disconnect_waits_for_the_answers_of_what_was_given_up)
{
  gate answer;
  play({[&](connection& c) {
    c.read_frames(1);
    answer.wait();
    c.ack(1);
    c.read_to_end();
  }});
  asio::cancellation_signal signal;
  result sent;
  result gone;
  transport->async_send(one_event(), on(signal, sent));
  wait_until_written(1);
  signal.emit(cancellation_type::terminal);
  transport->async_disconnect(20s, record{gone});
  wait_for(sent);
  BOOST_TEST(!gone.done());
  answer.open();
  run(context);
  BOOST_TEST(gone.error == error_code{});
}

BOOST_AUTO_TEST_CASE(deadline_that_passes_ends_what_is_written_and_what_is_queued)
{
  for (const auto deadline : {30ms, 0ms}) {
    session_options narrow;
    narrow.max_in_flight = 1;
    play({ignore}, narrow);
    std::vector<result> sent(2);
    send(sent[0]);
    send(sent[1]);
    wait_until_written(1);
    result gone;
    transport->async_disconnect(deadline, record{gone});
    run(context);
    BOOST_TEST(gone.error == errc::drain_timeout);
    BOOST_TEST(sent[0].error == errc::drain_timeout);
    BOOST_TEST((sent[0].error == outcome::unknown));
    BOOST_TEST(sent[1].error == errc::disconnected);
    BOOST_TEST((sent[1].error == outcome::not_sent));
    check_books(*transport);
  }
}

BOOST_AUTO_TEST_CASE(disconnect_while_connecting_ends_the_connect)
{
  const deaf_listener listener{context};
  transport.emplace(context, options_for(listener.endpoint()));
  result connected;
  result gone;
  transport->async_connect(record{connected});
  context.restart();
  context.poll();
  transport->async_disconnect(20s, record{gone});
  run(context);
  BOOST_TEST(connected.error == asio::error::operation_aborted);
  BOOST_TEST(gone.error == error_code{});
}

BOOST_AUTO_TEST_CASE(disconnect_while_connecting_for_a_send_waits_until_its_deadline)
{
  const deaf_listener listener{context};
  transport.emplace(context, options_for(listener.endpoint()));
  result sent;
  result gone;
  send(sent);
  transport->async_disconnect(30ms, record{gone});
  run(context);
  BOOST_TEST(sent.error == errc::disconnected);
  BOOST_TEST(gone.error == errc::drain_timeout);
  check_books(*transport);
}

BOOST_AUTO_TEST_CASE(connect_that_fails_while_draining_is_what_the_disconnect_says)
{
  transport.emplace(context, options_for({asio::ip::address_v4::loopback(), closed_port(context)}));
  result sent;
  result gone;
  send(sent);
  transport->async_disconnect(20s, record{gone});
  run(context);
  BOOST_TEST(sent.error == errc::connect_failed);
  BOOST_TEST(gone.error == asio::error::connection_refused);
}

BOOST_AUTO_TEST_CASE(connection_lost_while_draining_is_what_the_disconnect_says)
{
  play({[](connection& c) { c.read_frames(1); }});
  result sent;
  result gone;
  send(sent);
  transport->async_disconnect(20s, record{gone});
  run(context);
  BOOST_TEST(sent.error == errc::connection_lost);
  BOOST_TEST(gone.error == errc::connection_lost);
}

BOOST_AUTO_TEST_CASE(disconnects_at_once_share_one_end)
{
  play({serve});
  result sent;
  std::vector<result> gone(2);
  send(sent);
  transport->async_disconnect(20s, record{gone[0]});
  transport->async_disconnect(19s, record{gone[1]});
  run(context);
  BOOST_TEST(sent.error == error_code{});
  for (const result& r : gone) {
    BOOST_TEST(r.error == error_code{});
    BOOST_TEST(r.calls == 1);
  }
}

BOOST_AUTO_TEST_CASE(sends_and_connects_while_draining_and_sends_after_it_are_refused)
{
  gate answer;
  play({[&](connection& c) {
          c.read_frames(1);
          answer.wait();
          c.ack(1);
          c.read_to_end();
        },
        serve});
  result before;
  std::vector<result> refused(3);
  result connected;
  result gone;
  send(before);
  transport->async_disconnect(20s, record{gone});
  send(refused[0]);
  wait_for(refused[0]);
  send(refused[1]);
  transport->async_connect(record{connected});
  wait_for(connected);
  BOOST_TEST(!gone.done());
  answer.open();
  run(context);
  send(refused[2]);
  run(context);
  BOOST_TEST(before.error == error_code{});
  BOOST_TEST(gone.error == error_code{});
  BOOST_TEST(connected.error == errc::disconnected);
  for (const result& r : refused) {
    BOOST_TEST(r.error == errc::disconnected);
    BOOST_TEST((r.error == outcome::not_sent));
    BOOST_TEST(r.calls == 1);
  }
  check_books(*transport);
}

BOOST_AUTO_TEST_CASE(connect_after_a_disconnect_opens_the_transport_for_the_very_next_send)
{
  play({serve, serve});
  std::vector<result> sent(2);
  std::vector<result> gone(2);
  result connected;
  send(sent[0]);
  transport->async_disconnect(20s, record{gone[0]});
  run(context);
  transport->async_connect(record{connected});
  send(sent[1]);
  transport->async_disconnect(20s, record{gone[1]});
  run(context);
  BOOST_TEST(connected.error == error_code{});
  BOOST_TEST(sent[1].error == error_code{});
  BOOST_TEST(gone[1].error == error_code{});
  BOOST_TEST(transport->statistics().connections_opened == 2U);
  check_books(*transport);
}

BOOST_AUTO_TEST_CASE(disconnect_behind_a_connect_waits_for_its_own_drain)
{
  play({serve, serve});
  result sent;
  result connected;
  std::vector<result> gone(2);
  check_goes_on(1);
  bool drained = false;
  transport->async_disconnect(20s, record{gone[0]});
  transport->async_connect(record{connected});
  send(sent);
  transport->async_disconnect(20s, [&](error_code e) {
    record{gone[1]}(e);
    drained = sent.done();
  });
  run(context);
  BOOST_TEST(sent.error == error_code{});
  BOOST_TEST(connected.error == error_code{});
  BOOST_TEST(gone[0].error == error_code{});
  BOOST_TEST(gone[1].error == error_code{});
  BOOST_TEST(drained);
}

BOOST_AUTO_TEST_SUITE_END()

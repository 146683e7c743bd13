// Single events sent in batches: what shares a message, and how each event fares.
#include "batch_fixture.hpp"

#include <riemann/as_result.hpp>
#include <riemann/udp_transport.hpp>
#include <riemann/with_text.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/spawn.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <exception>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13
// It takes the memory of Asio's coroutines for another's, once it inlines half of it.
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

namespace {

using namespace riemann;
using namespace riemann::test;
using namespace std::chrono_literals;
using coroutine = asio::awaitable<void>;
using sizes = std::vector<std::uint32_t>;

struct of_ten : with_blank {
  of_ten() : with_blank{{.max_events = 10, .max_outstanding = 2}} {}
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(batch, of_ten)

BOOST_AUTO_TEST_CASE(events_when_handed_over_together_then_share_messages_in_their_order)
{
  std::vector<result> awaited(10);
  for (int i = 0; i != 20; ++i) {
    if (i % 2 == 0) {
      BOOST_TEST(client->post({.service = "s", .metric = i}));
    } else {
      client->async_send({.service = "s", .metric = i}, record{awaited[i / 2]});
    }
  }
  const event kept{.service = "s", .metric = 20};
  BOOST_TEST(client->post(kept));
  BOOST_TEST(client->statistics().events.queued == 21U);
  run(context);
  BOOST_TEST(batch_sizes() == (sizes{10, 10, 1}));
  int expected = 0;
  for (const event& e : transport.events()) {
    BOOST_TEST((e.metric == metric{expected++}));
  }
  for (const result& r : awaited) {
    BOOST_TEST(r.calls == 1);
    BOOST_TEST(r.error == error_code{});
    BOOST_TEST(r.answer.ok());
  }
  BOOST_TEST(client->statistics().events.acked == 21U);
  BOOST_TEST(client->statistics().batches == 3U);
  check_books(client->statistics());
}

BOOST_AUTO_TEST_CASE(batch_when_rejected_then_all_who_wait_are_told_and_posts_are_lost)
{
  transport.reject_next("no room");
  result r;
  client->post({.service = "a"});
  client->async_send({.service = "b"}, record{r});
  client->post({.service = "c"});
  BOOST_TEST(losses.all.empty());
  run(context);
  BOOST_TEST(r.error == errc::rejected);
  BOOST_TEST(r.answer.text() == "no room");
  BOOST_REQUIRE_EQUAL(losses.all.size(), 1U);
  BOOST_TEST(losses.all[0].events == 2U);
  BOOST_TEST(losses.all[0].error == errc::rejected);
  BOOST_TEST(losses.all[0].reason == "no room");
  const auto books = client->statistics();
  BOOST_TEST(books.events.rejected == 3U);
  BOOST_TEST(books.causes[errc::rejected] == 3U);
  BOOST_TEST(books.lost == 2U);
}

BOOST_AUTO_TEST_CASE(options_when_invalid_then_the_constructor_names_them)
{
  BOOST_CHECK_EXCEPTION(batch_client(transport, {.when_full = overload_policy::wait}),
                        std::invalid_argument, [](const std::invalid_argument& e) {
                          return std::string{e.what()}.find("when_full") != std::string::npos;
                        });
  BOOST_CHECK_THROW(batch_client(transport, {.max_events = 0}), std::invalid_argument);
  blank_transport kept{context};
  BOOST_CHECK_THROW(batch_client(std::move(kept), {.max_bytes = 0}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(queue_when_full_then_post_says_so_and_sends_are_overloaded)
{
  batch_client small{transport, {.max_events = 2, .max_queued_events = 2}};
  result r;
  BOOST_TEST(small.post({.service = "a"}));
  BOOST_TEST(small.post({.service = "b"}));
  BOOST_TEST(!small.post({.service = "c"}));
  small.async_send({.service = "d"}, record{r});
  BOOST_TEST(r.calls == 0);
  run(context);
  BOOST_TEST(r.error == errc::overloaded);
  BOOST_TEST(small.statistics().causes[errc::overloaded] == 2U);
  BOOST_TEST(small.statistics().lost == 0U);
  check_books(small.statistics());
}

BOOST_AUTO_TEST_CASE(events_when_they_made_way_then_are_dropped_and_told)
{
  batch_client small{transport,
                     {.max_events = 2,
                      .max_queued_events = 2,
                      .when_full = overload_policy::drop_oldest,
                      .on_loss = losses.listener()}};
  result r;
  small.async_send({.metric = 1}, record{r});
  for (int i = 2; i != 6; ++i) {
    BOOST_TEST(small.post({.metric = i}));
  }
  BOOST_TEST(losses.all.empty()); // told by a post, added up
  run(context);
  BOOST_TEST(r.error == errc::dropped);
  BOOST_REQUIRE_EQUAL(losses.all.size(), 1U);
  BOOST_TEST(losses.all[0].events == 2U);
  const auto events = transport.events();
  BOOST_REQUIRE_EQUAL(events.size(), 2U);
  BOOST_TEST((events[0].metric == metric{4}));
}

BOOST_AUTO_TEST_CASE(batch_when_too_long_for_the_transport_then_goes_in_parts)
{
  blank_transport narrow{context, {.max_message_size = 60}};
  batch_client split{narrow, {.on_loss = losses.listener()}};
  std::vector<result> awaited(8);
  for (result& r : awaited) {
    split.async_send({.service = "twenty bytes"}, record{r});
  }
  result large;
  split.async_send({.service = "db size", .description = std::string(100, 'x')}, record{large});
  run(context);
  for (const result& r : awaited) {
    BOOST_TEST(r.error == error_code{});
  }
  BOOST_TEST(large.error == errc::message_too_large);
  BOOST_TEST(large.answer.text().starts_with("the event of service \"db size\" takes"));
  BOOST_TEST(narrow.events().size() == 8U);
  BOOST_TEST(split.statistics().splits > 0U);
  check_books(split.statistics());
}

BOOST_AUTO_TEST_CASE(loss_when_its_listener_throws_then_run_throws_and_the_next_is_told)
{
  int calls = 0;
  batch_client thrower{transport, {.max_events = 1, .max_outstanding = 1, .on_loss = [&](auto&) {
                                     ++calls;
                                     throw std::runtime_error{"mine"};
                                   }}};
  transport.fail_next(errc::expired);
  transport.fail_next(errc::connection_lost);
  thrower.post({.service = "a"});
  thrower.post({.service = "b"});
  int thrown = 0;
  for (int i = 0; i != 3; ++i) {
    try {
      run(context);
    } catch (const std::runtime_error&) {
      ++thrown;
    }
  }
  BOOST_TEST(calls == 2);
  BOOST_TEST(thrown == 2);
}

BOOST_AUTO_TEST_CASE(handler_when_it_throws_then_the_others_are_called_all_the_same)
{
  result before;
  result behind;
  client->async_send({.service = "a"}, record{before});
  client->async_send({.service = "b"},
                     [](error_code, const response&) { throw std::runtime_error{"mine"}; });
  client->async_send({.service = "c"}, record{behind});
  BOOST_CHECK_THROW(run(context), std::runtime_error);
  run(context);
  BOOST_TEST(before.calls == 1);
  BOOST_TEST(behind.calls == 1);
}

BOOST_AUTO_TEST_CASE(handler_when_it_sends_again_then_that_is_sent_too)
{
  int left = 1'000;
  std::function<void()> send = [&] {
    client->async_send({.service = "s"}, [&](error_code error, const response&) {
      BOOST_TEST(error == error_code{});
      if (--left > 0) {
        send();
      }
    });
  };
  for (int i = 0; i != 30; ++i) {
    send();
  }
  run(context);
  BOOST_TEST(left <= 0);
  check_books(client->statistics());
}

// --- tokens

BOOST_AUTO_TEST_CASE(async_send_when_given_a_future_then_returns_or_throws)
{
  const context_threads threads{context, 1};
  BOOST_TEST(get(client->async_send({.service = "a"}, asio::use_future)).ok());
  transport.reject_next("no");
  auto failed = client->async_send({.service = "a"}, asio::use_future);
  BOOST_CHECK_THROW(get(failed), boost::system::system_error);
  transport.reject_next("no room");
  auto with_words = client->async_send({.service = "a"}, with_text(asio::use_future));
  BOOST_CHECK_THROW(get(with_words), server_error);
  get(client->async_flush(asio::use_future));
  get(client->async_close(patience, asio::use_future));
}

BOOST_AUTO_TEST_CASE(async_send_when_awaited_then_returns_what_it_came_to)
{
  run(context, [](of_ten& t) -> coroutine {
    const response first = co_await t.client->async_send({.service = "a"});
    BOOST_TEST(first.ok());
    const response second = co_await t.client->async_send({.service = "b"}, asio::use_awaitable);
    BOOST_TEST(second.ok());
    co_await t.client->async_flush();
    co_await t.client->async_close(patience);
  }(*this));
}

BOOST_AUTO_TEST_CASE(async_send_when_awaited_with_an_adapter_then_returns_the_error)
{
  run(context, [](of_ten& t) -> coroutine {
    const event kept{.service = "c"};
    t.transport.reject_next("no room");
    auto [error, answer] = co_await t.client->async_send(kept, asio::as_tuple(asio::deferred));
    BOOST_TEST(error == errc::rejected);
    BOOST_TEST(answer.text() == "no room");
    t.transport.reject_next("no room");
    const auto r = co_await t.client->async_send(kept, as_result());
    BOOST_TEST(r.error().text() == "no room");
  }(*this));
}

BOOST_AUTO_TEST_CASE(async_send_when_awaited_and_rejected_then_throws)
{
  run(context, [](of_ten& t) -> coroutine {
    const event kept{.service = "c"};
    bool thrown = false;
    t.transport.reject_next("no room");
    try {
      co_await t.client->async_send(kept, asio::use_awaitable);
    } catch (const boost::system::system_error& e) {
      thrown = e.code() == errc::rejected;
    }
    BOOST_TEST(thrown);
  }(*this));
}

// What is kept of an operation keeps the event, too, whatever stands around its token.
BOOST_AUTO_TEST_CASE(async_send_when_started_after_the_event_is_gone_then_sends_it)
{
  auto gone = std::make_unique<event>();
  gone->service = "kept";
  auto plain = client->async_send(*gone, asio::deferred);
  auto bound = client->async_send(*gone, asio::bind_executor(context, asio::deferred));
  auto later = client->async_send(*gone, asio::use_awaitable);
  auto copied = plain;
  gone.reset();
  result first;
  result second;
  result third;
  plain(record{first});
  std::move(copied)(record{second});
  std::move(bound)(record{third});
  run(context, [](of_ten& t, asio::awaitable<response> kept) -> coroutine {
    BOOST_TEST((co_await std::move(kept)).ok());
    co_await t.client->async_close(patience);
  }(*this, std::move(later)));
  for (const result* const r : {&first, &second, &third}) {
    BOOST_TEST(r->error == error_code{});
  }
  std::size_t sent = 0;
  for (const message& m : transport.messages()) {
    for (const event& e : m.to_events()) {
      BOOST_TEST(e.service.value() == "kept");
      ++sent;
    }
  }
  BOOST_TEST(sent == 4U);
}

BOOST_AUTO_TEST_CASE(async_send_when_lazy_then_starts_when_it_is_told)
{
  auto lazy = client->async_send({.service = "a"}, asio::deferred);
  BOOST_TEST(client->statistics().events.submitted == 0U);
  result r;
  lazy(record{r});
  std::move(lazy)(record{r});
  run(context);
  BOOST_TEST(r.calls == 2);
  BOOST_TEST(transport.events().size() == 2U);
}

BOOST_AUTO_TEST_CASE(async_send_when_detached_or_yielded_to_then_goes)
{
  client->async_send({.service = "a"}, asio::detached);
  bool ended = false;
  asio::spawn(
      context,
      [&](const asio::yield_context& yield) {
        BOOST_TEST(client->async_send({.service = "b"}, yield).ok());
        client->async_flush(yield);
        error_code error;
        transport.reject_next("no");
        client->async_send({.service = "c"}, yield[error]);
        BOOST_TEST(error == errc::rejected);
        client->async_close(patience, yield);
      },
      [&](const std::exception_ptr& e) {
        ended = true;
        BOOST_TEST(!e);
      });
  run(context);
  BOOST_TEST(ended);
  BOOST_TEST(transport.events().size() == 3U);
}

BOOST_AUTO_TEST_CASE(handlers_when_bound_to_executors_then_run_there)
{
  const auto strand = asio::make_strand(context);
  int on_strand = 0;
  const auto here = [&](auto...) { on_strand += strand.running_in_this_thread() ? 1 : 0; };
  client->async_send({.service = "a"}, asio::bind_executor(strand, here));
  client->async_flush(asio::bind_executor(strand, here));
  client->async_close(patience, asio::bind_executor(strand, here));
  client->async_send({.service = "b"}, asio::bind_executor(strand, here)); // refused
  run(context);
  BOOST_TEST(on_strand == 4);
}

// --- flush and close

BOOST_AUTO_TEST_CASE(async_flush_completes_when_all_handed_over_before_has_ended)
{
  result flushed;
  int ended = 0;
  client->post({.service = "a"});
  client->async_send({.service = "b"}, [&](error_code, const response&) { ++ended; });
  client->async_flush(record{flushed});
  BOOST_TEST(flushed.calls == 0);
  run_until(context, [&] { return flushed.done(); });
  BOOST_TEST(transport.events().size() == 2U);
  BOOST_TEST(client->statistics().events.acked == 2U);
  result nothing_left;
  client->async_flush(record{nothing_left});
  BOOST_TEST(nothing_left.calls == 0);
  run(context);
  BOOST_TEST(nothing_left.calls == 1);
  BOOST_TEST(ended == 1);
}

BOOST_AUTO_TEST_CASE(async_flush_handler_signature_is_of_an_error_alone)
{
  std::optional<error_code> told;
  client->async_flush([&](error_code e) { told = e; });
  run(context);
  BOOST_REQUIRE(told);
  BOOST_TEST(*told == error_code{});
}

BOOST_AUTO_TEST_CASE(async_flush_outcomes_and_errors_are_those_of_the_first_to_fail)
{
  batch_client one_by_one{transport, {.max_events = 1, .on_loss = losses.listener()}};
  transport.fail_next(errc::connection_lost);
  transport.fail_next(errc::expired);
  for (int i = 0; i != 3; ++i) {
    one_by_one.post({.metric = i});
  }
  result first;
  one_by_one.async_flush(record{first});
  run(context);
  BOOST_TEST(first.error == errc::connection_lost);
  result second;
  one_by_one.post({.metric = 4});
  one_by_one.async_flush(record{second});
  run(context);
  BOOST_TEST(second.error == error_code{});
}

BOOST_AUTO_TEST_CASE(async_flush_cancellation_of_any_type_stops_waiting_and_events_go_on)
{
  for (const auto type : {asio::cancellation_type::total, asio::cancellation_type::partial,
                          asio::cancellation_type::terminal}) {
    asio::cancellation_signal signal;
    result r;
    transport.clear();
    client->post({.service = "a"});
    client->async_flush(asio::bind_cancellation_slot(signal.slot(), record{r}));
    signal.emit(type);
    BOOST_TEST(r.calls == 0);
    run(context);
    BOOST_TEST(r.calls == 1);
    BOOST_TEST(r.error == asio::error::operation_aborted);
    BOOST_TEST(transport.events().size() == 1U);
    signal.emit(type); // too late
  }
}

BOOST_AUTO_TEST_CASE(async_flush_threads_may_be_any)
{
  const context_threads threads{context, 2};
  std::vector<std::jthread> callers;
  for (int i = 0; i != 4; ++i) {
    callers.emplace_back([&] {
      for (int n = 0; n != 50; ++n) {
        client->post({.service = "a"});
        get(client->async_flush(asio::use_future));
      }
    });
  }
  callers.clear();
  BOOST_TEST(client->statistics().events.acked == 200U);
}

BOOST_AUTO_TEST_CASE(async_flush_lifetime_may_end_with_the_batch_clients)
{
  result r;
  result later;
  client->post({.service = "a"});
  client->async_flush(record{r});
  auto lazy = client->async_flush(asio::deferred);
  client.reset();
  std::move(lazy)(record{later});
  run(context);
  BOOST_TEST(r.error == asio::error::operation_aborted);
  BOOST_TEST(later.error == asio::error::operation_aborted);
  BOOST_TEST(losses.events() == 1U);
}

BOOST_AUTO_TEST_CASE(async_close_handler_signature_is_of_an_error_alone)
{
  std::optional<error_code> told;
  client->async_close(patience, [&](error_code e) { told = e; });
  run(context);
  BOOST_REQUIRE(told);
  BOOST_TEST(*told == error_code{});
}

BOOST_AUTO_TEST_CASE(async_close_completes_when_all_has_ended_and_refuses_the_rest)
{
  result awaited;
  result closed;
  result again;
  client->post({.service = "a"});
  // A deadline that nobody needs any more does not keep the context running.
  client->async_close(std::chrono::hours{1}, record{closed});
  BOOST_TEST(!client->post({.service = "b"}));
  client->async_send({.service = "c"}, record{awaited});
  client->async_close(std::chrono::hours{1}, record{again});
  BOOST_TEST(closed.calls == 0);
  run(context);
  BOOST_TEST(closed.error == error_code{});
  BOOST_TEST(again.calls == 1);
  BOOST_TEST(awaited.error == errc::disconnected);
  BOOST_TEST(transport.events().size() == 1U);
  BOOST_TEST(client->statistics().causes[errc::disconnected] == 2U);
  BOOST_TEST(losses.all.empty());
}

BOOST_AUTO_TEST_CASE(async_close_threads_may_be_any)
{
  const context_threads threads{context, 2};
  std::vector<std::jthread> callers;
  std::atomic<int> closed{0};
  for (int i = 0; i != 4; ++i) {
    callers.emplace_back([&] {
      client->post({.service = "a"});
      get(client->async_close(patience, asio::use_future));
      ++closed;
    });
  }
  callers.clear();
  BOOST_TEST(closed == 4);
  check_books(client->statistics());
}

BOOST_AUTO_TEST_CASE(async_close_lifetime_may_end_with_the_batch_clients)
{
  result r;
  client->post({.service = "a"});
  client->async_close(patience, record{r});
  client.reset();
  run(context);
  BOOST_TEST(r.error == asio::error::operation_aborted);
  BOOST_TEST(losses.events() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(batch_with_a_peer, with_batch_peer)

BOOST_AUTO_TEST_CASE(events_when_an_answer_is_outstanding_then_are_gathered)
{
  gate answer;
  play({[&](connection& c) {
         c.read_frames(1);
         answer.wait();
         c.ack(1);
         c.serve();
       }},
       {.linger = std::chrono::seconds{30}});
  result first;
  std::vector<result> behind(100);
  send(first);
  wait_until_written();
  for (result& r : behind) {
    send(r);
  }
  BOOST_TEST(client->statistics().events.queued == 100U);
  answer.open();
  wait_for(behind.back());
  BOOST_TEST(first.done());
  BOOST_TEST(client->statistics().batches == 2U);
  BOOST_TEST(transport->statistics().messages.acked == 2U);
  check_books(client->statistics());
}

BOOST_AUTO_TEST_CASE(events_when_they_have_lingered_then_go_though_no_answer_came)
{
  gate read;
  play({[&](connection& c) {
         c.read_frames(2);
         read.open();
         c.ack(2);
         c.read_to_end();
       }},
       {.linger = 1ms});
  result first;
  result second;
  send(first);
  wait_until_written();
  send(second);
  wait_for(second);
  read.wait();
  BOOST_TEST(second.error == error_code{});
}

BOOST_AUTO_TEST_CASE(events_when_the_connection_is_lost_then_those_handed_over_are_unknown)
{
  play({[](connection& c) { c.read_frames(1); }, serve}, {.linger = std::chrono::seconds{30}});
  result first;
  result second;
  client->post({.service = "posted"});
  send(first);
  wait_until_written();
  send(second);
  wait_for(first);
  wait_for(second);
  run_until(context, [&] { return losses.events() == 1; });
  BOOST_TEST(first.error == errc::connection_lost);
  BOOST_TEST(second.error == error_code{});
  BOOST_TEST((losses.all[0].error == outcome::unknown));
  BOOST_TEST(client->statistics().events.unknown == 2U);
}

BOOST_AUTO_TEST_CASE(events_when_nobody_listens_then_are_not_sent)
{
  session_options once;
  once.max_connect_tries = 1;
  tcp_transport nowhere{
      context, options_for({asio::ip::address_v4::loopback(), closed_port(context)}, once)};
  batch_client lost{nowhere, {.on_loss = losses.listener()}};
  result r;
  lost.post({.service = "a"});
  lost.async_send({.service = "b"}, record{r});
  run(context);
  BOOST_TEST(r.error == errc::connect_failed);
  BOOST_REQUIRE_EQUAL(losses.all.size(), 1U);
  BOOST_TEST((losses.all[0].error == outcome::not_sent));
  BOOST_TEST(!losses.all[0].reason.empty());
  check_books(lost.statistics());
}

BOOST_AUTO_TEST_CASE(waiter_when_cancelled_while_gathered_then_its_event_is_not_sent)
{
  for (const auto type : {asio::cancellation_type::total, asio::cancellation_type::partial,
                          asio::cancellation_type::terminal}) {
    gate answer;
    std::string body;
    play({[&](connection& c) {
           c.read_frames(1);
           answer.wait();
           c.ack(1);
           body = c.read_frames(1)[0];
           c.ack(1);
           c.read_to_end();
         }},
         {.linger = std::chrono::seconds{30}});
    asio::cancellation_signal signal;
    result first;
    result cancelled;
    result other;
    send(first);
    wait_until_written();
    client->async_send({.service = "gone"},
                       asio::bind_cancellation_slot(signal.slot(), record{cancelled}));
    client->async_send({.service = "other"}, record{other});
    signal.emit(type);
    BOOST_TEST(cancelled.calls == 0);
    wait_for(cancelled);
    BOOST_TEST(cancelled.error == errc::cancelled);
    answer.open();
    wait_for(other);
    BOOST_TEST(other.error == error_code{});
    BOOST_TEST(body.find("gone") == std::string::npos);
    BOOST_TEST(body.find("other") != std::string::npos);
    BOOST_TEST(client->statistics().events.not_sent == 1U);
    client.reset();
    transport.reset();
  }
}

BOOST_AUTO_TEST_CASE(waiter_when_cancelled_after_handing_over_then_abandoned_but_not_by_total)
{
  gate answer;
  play({[&](connection& c) {
    c.read_frames(1);
    answer.wait();
    c.ack(1);
    c.serve();
  }});
  asio::cancellation_signal signal;
  result cancelled;
  result other;
  client->async_send({.service = "a"},
                     asio::bind_cancellation_slot(signal.slot(), record{cancelled}));
  send(other);
  wait_until_written();
  signal.emit(asio::cancellation_type::total);
  context.poll();
  BOOST_TEST(cancelled.calls == 0);
  signal.emit(asio::cancellation_type::partial);
  wait_for(cancelled);
  BOOST_TEST(cancelled.error == errc::abandoned);
  BOOST_TEST(other.calls == 0);
  answer.open();
  wait_for(other);
  BOOST_TEST(other.error == error_code{});
  BOOST_TEST(client->statistics().events.unknown == 1U);
  BOOST_TEST(client->statistics().events.acked == 1U);
  BOOST_TEST(losses.all.empty());
}

BOOST_AUTO_TEST_CASE(async_close_outcomes_and_errors_are_of_its_deadline_where_that_passes)
{
  play({ignore}, {.linger = std::chrono::seconds{30}});
  result handed_over;
  result gathered;
  result closed;
  client->post({.service = "posted"});
  send(handed_over);
  wait_until_written();
  send(gathered);
  client->async_close(std::chrono::steady_clock::duration::zero(), record{closed});
  wait_for(closed);
  wait_for(handed_over);
  wait_for(gathered);
  BOOST_TEST(handed_over.error == errc::drain_timeout);
  BOOST_TEST(gathered.error == errc::disconnected);
  BOOST_TEST(closed.error == errc::disconnected);
  run_until(context, [&] { return losses.events() == 1; });
  BOOST_TEST(losses.all[0].error == errc::drain_timeout);
  check_books(client->statistics());
}

BOOST_AUTO_TEST_CASE(async_close_cancellation_stops_waiting_but_not_if_it_is_total)
{
  play({ignore});
  asio::cancellation_signal signal;
  result sent;
  result closed;
  send(sent);
  wait_until_written();
  client->async_close(patience, asio::bind_cancellation_slot(signal.slot(), record{closed}));
  signal.emit(asio::cancellation_type::total);
  context.poll();
  BOOST_TEST(closed.calls == 0);
  signal.emit(asio::cancellation_type::terminal);
  wait_for(closed);
  BOOST_TEST(closed.error == asio::error::operation_aborted);
  BOOST_TEST(sent.calls == 0);
  BOOST_TEST(!client->post({.service = "b"}));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(batch_with_a_server)

BOOST_FIXTURE_TEST_CASE(events_when_posted_by_many_threads_then_all_arrive, with_context)
{
  constexpr int posters = 4;
  constexpr int each = 20'000;
  running_server server;
  tcp_transport transport{context, options_for(server->tcp_endpoint())};
  batch_client client{transport};
  const context_threads threads{context, 2};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<bool> over{false};
  std::jthread reader{[&] {
    while (!over) {
      BOOST_REQUIRE(client.statistics().events.balanced());
    }
  }};
  {
    std::vector<std::jthread> callers;
    for (int i = 0; i != posters; ++i) {
      callers.emplace_back([&, i] {
        for (int n = 0; n != each; ++n) {
          refused += client.post({.service = i == 0 ? "a" : "b", .metric = n}) ? 0 : 1;
          if (n % 100 == 0) {
            get(client.async_send({.service = "c"}, asio::use_future));
          }
        }
      });
    }
  }
  get(client.async_close(patience, asio::use_future));
  over = true;
  reader.join();
  const auto books = client.statistics();
  BOOST_TEST(refused == 0U);
  BOOST_TEST(books.events.acked == std::uint64_t{posters} * (each + each / 100));
  BOOST_TEST(books.lost == 0U);
  BOOST_TEST(books.batches < books.events.acked);
  check_books(books);
  get(transport.async_disconnect(patience, asio::use_future));
}

BOOST_FIXTURE_TEST_CASE(events_when_sent_over_udp_then_count_as_sent, with_context)
{
  running_server server;
  udp_transport transport{context, {.host = "127.0.0.1", .port = server->port()}};
  batch_client client{transport};
  // Longer together than a datagram may be.
  for (int i = 0; i != 1'000; ++i) {
    client.post({.service = "over udp", .description = std::string(40, 'x')});
  }
  result flushed;
  client.async_flush(record{flushed});
  run_until(context, [&] { return flushed.done(); });
  BOOST_TEST(flushed.error == error_code{});
  BOOST_TEST(client.statistics().events.sent == 1'000U);
  BOOST_TEST(client.statistics().events.acked == 0U);
  BOOST_TEST(client.statistics().splits > 0U);
  check_books(client.statistics());
}

BOOST_AUTO_TEST_SUITE_END()

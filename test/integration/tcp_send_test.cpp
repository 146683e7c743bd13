// What a transport sends, and what comes back, over a server that behaves.

#include "tcp_fixture.hpp"

#include <riemann/proto.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <deque>
#include <exception>
#include <future>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <string>
#include <sys/socket.h>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::test;
using namespace std::chrono_literals;

using coroutine = asio::awaitable<void>;

void check_found(const response& answer)
{
  BOOST_TEST(answer.ok());
  BOOST_TEST(answer.event_count() == 1U);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(tcp_send, with_server)

BOOST_AUTO_TEST_CASE(event_sent_by_callback_is_acked_and_indexed)
{
  result sent;
  user.async_send({.host = "h", .service = "s", .metric = 7, .tags = {"t"}}, record{sent});
  BOOST_TEST(!sent.done());
  run_until(context, [&] { return sent.done(); });
  BOOST_TEST(sent.error == error_code{});
  BOOST_TEST(sent.answer.ok());
  BOOST_TEST(sent.answer.bytes().empty());
  BOOST_REQUIRE_EQUAL(server->index().size(), 1U);
  BOOST_TEST((server->index().front().metric == metric{7}));
  BOOST_TEST(transport.statistics().messages.acked == 1U);
  BOOST_TEST(transport.statistics().events.acked == 1U);
  check_books(transport);
}

BOOST_AUTO_TEST_CASE(several_events_are_one_message_and_one_answer)
{
  result sent;
  user.async_send({{.service = "a"}, {.service = "b"}, {.service = "c"}}, record{sent});
  run_until(context, [&] { return sent.done(); });
  BOOST_TEST(sent.error == error_code{});
  BOOST_TEST(server->counters().messages == 1U);
  BOOST_TEST(server->index().size() == 3U);
  BOOST_TEST(transport.statistics().messages.acked == 1U);
  BOOST_TEST(transport.statistics().events.acked == 3U);
  check_books(transport);
}

BOOST_AUTO_TEST_CASE(message_made_before_from_a_view_or_from_protobuf_arrives)
{
  const event kept{.service = "kept"};
  proto::Msg foreign;
  foreign.add_events()->set_service("foreign");
  std::vector<result> sent(4);
  const message before{kept};
  transport.async_send(before, record{sent[0]});
  transport.async_send(message{foreign}, record{sent[1]});
  user.async_query("service = \"kept\"", record{sent[2]});
  run_until(context, [&] { return sent[2].done(); });
  BOOST_REQUIRE_EQUAL(sent[2].answer.event_count(), 1U);
  for (const event_view e : sent[2].answer.events()) {
    event changed = e.to_event();
    changed.service = "changed";
    user.async_send(changed, record{sent[3]});
    transport.async_send(message::from(e), asio::detached);
  }
  run_until(context, [&] { return sent[3].done(); });
  for (const result& r : sent) {
    BOOST_TEST(r.error == error_code{});
    BOOST_TEST(r.calls == 1);
  }
  BOOST_TEST(server->index().size() == 3U);
}

BOOST_AUTO_TEST_CASE(empty_message_is_a_ping)
{
  result pinged;
  transport.async_send(message{}, record{pinged});
  run_until(context, [&] { return pinged.done(); });
  BOOST_TEST(pinged.error == error_code{});
  BOOST_TEST(transport.statistics().events.submitted == 0U);
  check_books(transport);
}

BOOST_AUTO_TEST_CASE(events_and_a_query_go_in_one_message)
{
  message both{{.service = "both"}};
  both.set_query("service = \"both\"");
  result sent;
  transport.async_send(both, record{sent});
  run_until(context, [&] { return sent.done(); });
  check_found(sent.answer);
}

BOOST_AUTO_TEST_CASE(every_kind_of_token_brings_the_answer)
{
  const context_threads threads{context, 1};
  const std::string query = "service = \"s\"";
  get(user.async_send({.service = "s"}, asio::use_future));
  check_found(get(user.async_query(query, asio::use_future)));
  get(transport.async_connect(asio::use_future));

  auto coroutines = [&]() -> coroutine {
    const std::string again = "again";
    check_found(co_await user.async_query(query));
    check_found(co_await user.async_query(query, asio::deferred));
    check_found(co_await user.async_query(query, asio::use_awaitable));
    const auto [error, answer] = co_await user.async_query(query, asio::as_tuple(asio::deferred));
    BOOST_TEST(error == error_code{});
    check_found(answer);
    co_await transport.async_connect();
    co_await user.async_send({.service = again, .tags = {"x", "y"}});
    const event whole{.service = "whole"};
    co_await user.async_send(whole, {.deadline = 20s});
  };
  get(asio::co_spawn(context, coroutines, asio::use_future));

  std::promise<void> yielded;
  asio::spawn(
      context,
      [&](asio::yield_context yield) {
        check_found(user.async_query(query, yield));
        error_code error;
        check_found(user.async_query(query, yield[error]));
        BOOST_TEST(error == error_code{});
        user.async_query("(", yield[error]);
        BOOST_TEST(error == errc::rejected);
      },
      [&](const std::exception_ptr& e) { e ? yielded.set_exception(e) : yielded.set_value(); });
  get(yielded.get_future());

  user.async_send({.service = "detached"}, asio::detached);
  get(transport.async_disconnect(20s, asio::use_future));
  BOOST_TEST(server->index().size() == 4U);
  check_books(transport);
}

BOOST_AUTO_TEST_CASE(rejection_brings_the_servers_text_and_the_connection_stays)
{
  result rejected;
  result after;
  user.async_query("service =", record{rejected});
  user.async_send({.service = "s"}, record{after});
  run_until(context, [&] { return after.done(); });
  BOOST_TEST(rejected.error == errc::rejected);
  BOOST_TEST((rejected.error == outcome::rejected));
  BOOST_TEST(!rejected.answer.ok());
  BOOST_TEST(!rejected.answer.text().empty());
  BOOST_TEST(after.error == error_code{});
  BOOST_TEST(transport.statistics().connections_opened == 1U);
  BOOST_TEST(transport.statistics().messages.rejected == 1U);
  check_books(transport);
}

BOOST_AUTO_TEST_CASE(rejection_throws_by_tokens_that_throw)
{
  const context_threads threads{context, 1};
  BOOST_CHECK_EXCEPTION(get(user.async_query("(", asio::use_future)), boost::system::system_error,
                        [](const auto& e) { return e.code() == errc::rejected; });
  auto coroutines = [&]() -> coroutine {
    bool thrown = false;
    try {
      co_await user.async_query("(");
    } catch (const boost::system::system_error& e) {
      thrown = e.code() == errc::rejected;
    }
    BOOST_TEST(thrown);
  };
  get(asio::co_spawn(context, coroutines, asio::use_future));
  transport.cancel();
}

BOOST_AUTO_TEST_CASE(ten_thousand_sends_and_queries_complete_in_order)
{
  constexpr int count = 10'000;
  std::vector<int> order;
  int wrong = 0;
  for (int i = 0; i != count; ++i) {
    if (i % 10 != 9) {
      user.async_send({.service = "n", .metric = i}, [&, i](error_code e, response) {
        order.push_back(i);
        wrong += e ? 1 : 0;
      });
      continue;
    }
    // It sees the event before it, and none behind it.
    user.async_query("service = \"n\"", [&, i](error_code e, const response& answer) {
      order.push_back(i);
      const auto found = answer.to_events();
      wrong += e || found.size() != 1 || found[0].metric != metric{i - 1} ? 1 : 0;
    });
  }
  run_until(context, [&] { return order.size() == count; });
  BOOST_TEST(wrong == 0);
  BOOST_TEST(std::ranges::is_sorted(order));
  BOOST_TEST(transport.statistics().connections_opened == 1U);
  check_books(transport);
}

BOOST_AUTO_TEST_CASE(window_is_never_exceeded_whatever_is_cancelled)
{
  session_options narrow;
  narrow.max_in_flight = 7;
  tcp_transport window{context, options_for(server->tcp_endpoint(), narrow)};
  constexpr int count = 2'000;
  int done = 0;
  std::deque<asio::cancellation_signal> signals;
  for (int i = 0; i != count; ++i) {
    window.async_send(one_event(),
                      asio::bind_cancellation_slot(signals.emplace_back().slot(),
                                                   [&](error_code, response) { ++done; }));
  }
  std::uint64_t widest = 0;
  std::size_t next = 0;
  run_until(context, [&] {
    const auto books = window.statistics();
    BOOST_REQUIRE(books.messages.balanced() && books.events.balanced());
    widest = std::max(widest, books.messages.in_flight + books.messages.staged + books.tombstones);
    if (books.messages.in_flight + books.messages.staged != 0 && next < signals.size()) {
      signals[next].emit(asio::cancellation_type::partial);
      next += 3;
    }
    return done == count;
  });
  BOOST_TEST(widest == narrow.max_in_flight);
  BOOST_TEST(window.statistics().connections_opened == 1U);
  check_books(window);
}

BOOST_AUTO_TEST_CASE(five_mebibytes_go_there_and_back)
{
  const std::string long_text(std::size_t{5} << 20, 'x');
  result sent;
  result found;
  result after;
  user.async_send({.service = "long", .description = long_text}, record{sent});
  user.async_query("service = \"long\"", record{found});
  user.async_send({.service = "short"}, record{after});
  run_until(context, [&] { return after.done(); });
  BOOST_TEST(sent.error == error_code{});
  BOOST_TEST(found.error == error_code{});
  BOOST_REQUIRE_EQUAL(found.answer.event_count(), 1U);
  BOOST_TEST((found.answer.to_events()[0].description == long_text));
  BOOST_TEST(after.error == error_code{});
  BOOST_TEST(transport.statistics().bytes_written > long_text.size());
  BOOST_TEST(transport.statistics().bytes_read > long_text.size());
  check_books(transport);
}

BOOST_AUTO_TEST_CASE(server_on_ipv6_is_reached_by_its_address)
{
  if (!has_ipv6()) {
    return;
  }
  running_server there{{.address = "::1"}};
  tcp_transport sixth{context, options_for(there->tcp_endpoint())};
  result sent;
  sixth.async_send(one_event(), record{sent});
  run_until(context, [&] { return sent.done(); });
  BOOST_TEST(sent.error == error_code{});
  BOOST_TEST(sixth.address().value().address().is_v6());
}

BOOST_AUTO_TEST_CASE(name_is_resolved)
{
  auto options = options_for(server->tcp_endpoint());
  options.host = "localhost";
  tcp_transport named{context, options};
  result sent;
  named.async_send(one_event(), record{sent});
  run_until(context, [&] { return sent.done(); });
  BOOST_TEST(sent.error == error_code{});
}

BOOST_AUTO_TEST_CASE(connection_is_opened_by_the_first_send_and_no_sooner)
{
  BOOST_TEST(transport.address().error() == asio::error::not_connected);
  BOOST_TEST(transport.socket().error() == asio::error::not_connected);
  run(context);
  BOOST_TEST(server->counters().connections == 0U);
  result sent;
  transport.async_send(one_event(), record{sent});
  run_until(context, [&] { return sent.done(); });
  BOOST_TEST(server->counters().connections == 1U);
  BOOST_TEST(transport.address().value() == server->tcp_endpoint());
  BOOST_TEST(transport.socket().value() >= 0);
}

BOOST_AUTO_TEST_CASE(connects_at_once_share_one_connection_and_later_ones_find_it_open)
{
  std::vector<result> connected(3);
  transport.async_connect(record{connected[0]});
  transport.async_connect(record{connected[1]});
  run_until(context, [&] { return connected[0].done() && connected[1].done(); });
  transport.async_connect(record{connected[2]});
  run_until(context, [&] { return connected[2].done(); });
  for (const result& r : connected) {
    BOOST_TEST(r.error == error_code{});
    BOOST_TEST(r.calls == 1);
  }
  BOOST_TEST(transport.statistics().connections_opened == 1U);
}

BOOST_AUTO_TEST_CASE(socket_options_are_set_as_told)
{
  const auto value_of = [&](bool on, auto level, auto name) {
    auto options = options_for(server->tcp_endpoint());
    options.no_delay = on;
    options.keep_alive = on;
    tcp_transport other{context, options};
    result connected;
    other.async_connect(record{connected});
    run_until(context, [&] { return connected.done(); });
    int value = -1;
    socklen_t size = sizeof(value);
    ::getsockopt(other.socket().value(), level, name, &value, &size);
    return value != 0;
  };
  for (const bool on : {false, true}) {
    BOOST_TEST(value_of(on, IPPROTO_TCP, TCP_NODELAY) == on);
    BOOST_TEST(value_of(on, SOL_SOCKET, SO_KEEPALIVE) == on);
  }
}

BOOST_AUTO_TEST_SUITE_END()

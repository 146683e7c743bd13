// Blocking calls: what they come to, and that they never hang.

#include "tls_fixture.hpp"

#include <riemann/sync_client.hpp>
#include <riemann/udp_transport.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <thread>
#include <type_traits>
#include <unistd.h>
#include <utility>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::test;
using namespace std::chrono_literals;

static_assert(std::is_nothrow_move_constructible_v<sync_client>);
static_assert(std::is_nothrow_move_assignable_v<sync_client>);
static_assert(!std::is_copy_constructible_v<sync_client>);

error_code error_of(const send_result& r)
{
  return r ? error_code{} : r.error().code;
}
error_code error_of(const sync_client::done_result& r)
{
  return r ? error_code{} : r.error().code;
}

void wait_until(const sync_client& client, bool (*reached)(const statistics&))
{
  const auto limit = std::chrono::steady_clock::now() + patience;
  while (!reached(client.statistics())) {
    BOOST_TEST_REQUIRE((std::chrono::steady_clock::now() < limit));
    std::this_thread::yield();
  }
}

bool one_in_flight(const statistics& books)
{
  return books.messages.in_flight == 1;
}

struct blocking {
  explicit blocking(testkit::server_options options = {}) : server{std::move(options)} {}

  watchdog dog{};
  running_server server;
  tcp_options to_server = options_for(server->tcp_endpoint());
};

/// Nobody gets through to it.
struct with_deaf_peer : with_context {
  deaf_listener peer{context};
  tcp_options to_peer = options_for(peer.endpoint());
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(sync_calls, blocking)

BOOST_AUTO_TEST_CASE(send_when_answered_then_returns_the_answer)
{
  sync_client client{to_server};
  event kept;
  kept.service = "kept";
  const auto written = client.send({.service = "written down", .metric = 1});
  BOOST_TEST(error_of(written) == error_code{});
  BOOST_TEST(written->ok());
  BOOST_TEST(error_of(client.send(kept)) == error_code{});
  BOOST_TEST(error_of(client.send({{.service = "a"}, {.service = "b"}})) == error_code{});
  BOOST_TEST(error_of(client.send(kept, {.deadline = 20s})) == error_code{});
  BOOST_TEST(server->counters().events == 5U);
  BOOST_TEST(client.statistics().connections_opened == 1U);
}

BOOST_AUTO_TEST_CASE(query_when_answered_then_returns_the_events)
{
  sync_client client{to_server};
  client.send_or_throw({.service = "found"});
  const auto found = client.query("service = \"found\"");
  BOOST_TEST_REQUIRE(error_of(found) == error_code{});
  BOOST_TEST(found->event_count() == 1U);
  BOOST_TEST(client.query_or_throw("false").event_count() == 0U);
}

BOOST_AUTO_TEST_CASE(failure_when_asked_for_then_is_thrown_with_its_text)
{
  sync_client client{to_server};
  server->inject(testkit::reject{"no room"});
  const auto rejected = client.send({.service = "s"});
  BOOST_TEST(error_of(rejected) == errc::rejected);
  BOOST_TEST(rejected.error().text() == "no room");

  server->inject(testkit::reject{"none at all"});
  BOOST_CHECK_EXCEPTION(client.send_or_throw({.service = "s"}), server_error, [](const auto& e) {
    return std::string_view{e.what()}.starts_with("none at all");
  });
  BOOST_CHECK_THROW(client.query_or_throw("((("), server_error);
  static_cast<void>(client.disconnect());
  BOOST_CHECK_EXCEPTION(client.send_or_throw({.service = "s"}), boost::system::system_error,
                        [](const auto& e) { return e.code() == errc::disconnected; });
}

BOOST_AUTO_TEST_CASE(server_when_it_does_not_answer_then_the_call_ends_at_its_deadline)
{
  sync_client client{to_server, {.call_timeout = 400ms}};
  BOOST_TEST(error_of(client.connect()) == error_code{});
  server->inject(testkit::coalesce{2});
  BOOST_TEST(error_of(client.send({.service = "s"}, {.deadline = 200ms})) ==
             errc::deadline_exceeded);
  BOOST_TEST(error_of(client.send({.service = "s"})) == errc::deadline_exceeded);
  // The connection is good, and what it owed is not taken for the answer to this.
  BOOST_TEST(error_of(client.send({.service = "s"}, {.deadline = 20s})) == error_code{});
  BOOST_TEST(client.statistics().connections_opened == 1U);
  BOOST_TEST(error_of(client.send({.service = "s"}, {.deadline = 0s})) == errc::expired);
}

BOOST_AUTO_TEST_CASE(server_when_absent_then_calls_end_and_say_so)
{
  asio::io_context context;
  sync_client client{tcp_options{.host = "127.0.0.1", .port = closed_port(context)},
                     {.call_timeout = 50ms}};
  const auto sent = client.send({.service = "s"});
  BOOST_TEST((error_of(sent) == outcome::not_sent));
  BOOST_TEST(client.connect().has_error());
  BOOST_CHECK_THROW(client.connect_or_throw(), boost::system::system_error);
}

BOOST_AUTO_TEST_CASE(connect_when_there_is_a_server_then_opens_the_connection)
{
  sync_client client{to_server};
  BOOST_TEST(client.statistics().connections_opened == 0U);
  BOOST_TEST(error_of(client.connect()) == error_code{});
  BOOST_TEST(client.statistics().connections_opened == 1U);
  client.connect_or_throw();
  BOOST_TEST(client.statistics().connections_opened == 1U);
}

BOOST_AUTO_TEST_CASE(disconnect_when_done_then_sends_are_refused_until_connect)
{
  sync_client client{to_server};
  BOOST_TEST(error_of(client.disconnect()) == error_code{});
  BOOST_TEST(error_of(client.send({.service = "s"})) == errc::disconnected);
  BOOST_TEST(error_of(client.connect()) == error_code{});
  BOOST_TEST(error_of(client.send({.service = "s"})) == error_code{});
  BOOST_TEST(error_of(client.disconnect(20s)) == error_code{});
  check_books(client.statistics());
}

BOOST_AUTO_TEST_CASE(cancel_when_called_then_ends_the_calls_of_other_threads)
{
  sync_client client{to_server};
  server->inject(testkit::coalesce{1});
  error_code ended;
  std::jthread caller{[&] { ended = error_of(client.send({.service = "s"})); }};
  wait_until(client, one_in_flight);
  client.cancel();
  caller.join();
  BOOST_TEST(ended == errc::abandoned);
  BOOST_TEST(error_of(client.send({.service = "s"})) == error_code{});
}

BOOST_AUTO_TEST_CASE(calls_when_from_many_threads_then_share_one_connection)
{
  constexpr int callers = 8;
  constexpr int each = 100;
  sync_client client{to_server};
  std::atomic<int> good{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t != callers; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i != each; ++i) {
          const auto sent = i % 10 == 0 ? client.query("false") : client.send({.metric = i});
          good += sent ? 1 : 0;
        }
      });
    }
  }
  BOOST_TEST(good == callers * each);
  BOOST_TEST(client.statistics().connections_opened == 1U);
  BOOST_TEST(error_of(client.disconnect()) == error_code{});
  check_books(client.statistics());
}

BOOST_AUTO_TEST_CASE(destructor_when_a_call_is_under_way_then_ends_it)
{
  std::optional<sync_client> client{std::in_place, to_server,
                                    sync_options{.call_timeout = 1h, .drain_timeout = 20ms}};
  server->inject(testkit::coalesce{1});
  error_code ended;
  std::jthread caller{[&, &c = *client] { ended = error_of(c.send({.service = "s"})); }};
  wait_until(*client, one_in_flight);
  client.reset();
  caller.join();
  BOOST_TEST(ended == errc::drain_timeout);
}

BOOST_AUTO_TEST_CASE(client_when_moved_then_goes_on_where_it_is)
{
  sync_client first{to_server};
  BOOST_TEST(error_of(first.send({.service = "s"})) == error_code{});
  sync_client second{std::move(first)};
  BOOST_TEST(error_of(second.send({.service = "s"})) == error_code{});
  BOOST_TEST(second.statistics().connections_opened == 1U);
  second = sync_client{to_server};
  BOOST_TEST(error_of(second.send({.service = "s"})) == error_code{});
  BOOST_TEST(second.statistics().messages.acked == 1U);
}

BOOST_AUTO_TEST_CASE(query_over_udp_when_made_then_is_not_supported)
{
  sync_client client{udp_options{.host = "127.0.0.1", .port = server->port()}};
  BOOST_TEST(error_of(client.send({.service = "s"})) == error_code{});
  BOOST_TEST(error_of(client.query("true")) == errc::not_supported);
  BOOST_TEST(client.statistics().messages.sent == 1U);
}

BOOST_AUTO_TEST_CASE(client_when_hybrid_then_sends_by_udp_and_asks_by_tcp)
{
  hybrid_options both;
  both.tcp = to_server;
  both.udp.host = to_server.host;
  both.udp.port = to_server.port;
  sync_client client{both};
  BOOST_TEST(error_of(client.send({.service = "s"})) == error_code{});
  BOOST_TEST(error_of(client.query("false")) == error_code{});
  BOOST_TEST(client.statistics().messages.sent == 1U);
  BOOST_TEST(client.statistics().messages.acked == 1U);
}

BOOST_AUTO_TEST_CASE(client_when_forked_then_fails_at_once_in_the_child_and_serves_the_parent)
{
  std::optional<sync_client> client{std::in_place, to_server};
  BOOST_TEST(error_of(client->send({.service = "s"})) == error_code{});
  const pid_t child = ::fork();
  if (child == 0) {
    bool good = error_of(client->send({.service = "s"})) == errc::cancelled;
    good = good && error_of(client->connect()) == errc::cancelled;
    good = good && error_of(client->disconnect()) == errc::cancelled;
    good = good && client->statistics().messages.submitted == 0;
    client->cancel();
    client.reset();
    ::_exit(good ? 0 : 1);
  }
  BOOST_TEST_REQUIRE(child > 0);
  int status = -1;
  BOOST_TEST(::waitpid(child, &status, 0) == child);
  BOOST_TEST(status == 0);
  BOOST_TEST(error_of(client->send({.service = "s"})) == error_code{});
}

BOOST_AUTO_TEST_CASE(options_when_invalid_then_are_named_by_the_exception)
{
  const auto check = [&](std::string_view name, const sync_options& options) {
    BOOST_CHECK_EXCEPTION((sync_client{to_server, options}), std::invalid_argument,
                          [&](const std::invalid_argument& e) {
                            return std::string_view{e.what()}.find(name) != std::string_view::npos;
                          });
  };
  check("call_timeout", {.call_timeout = 0ms});
  check("drain_timeout", {.drain_timeout = -1ms});
  check("drain_timeout", {.drain_timeout = session_options::max_duration + 1ms});
  BOOST_CHECK_THROW((sync_client{tcp_options{.host = ""}}), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(sync_without_a_connection, with_deaf_peer)

BOOST_AUTO_TEST_CASE(calls_when_nobody_accepts_then_end_at_their_deadlines)
{
  sync_client client{to_peer, {.call_timeout = 20ms}};
  BOOST_TEST(error_of(client.send({.service = "s"})) == errc::expired);
  BOOST_TEST(error_of(client.connect()) == errc::connect_timeout);
  BOOST_TEST(error_of(client.connect(10ms)) == errc::connect_timeout);
  BOOST_TEST(error_of(client.query("true", {.deadline = 10ms})) == errc::expired);
}

BOOST_AUTO_TEST_CASE(destructor_when_a_call_waits_for_a_connection_then_ends_it)
{
  std::optional<sync_client> client{std::in_place, to_peer,
                                    sync_options{.call_timeout = 1h, .drain_timeout = 20ms}};
  error_code sent;
  std::jthread sender{[&, &c = *client] { sent = error_of(c.send({.service = "s"})); }};
  wait_until(*client, [](const statistics& books) { return books.messages.queued == 1; });
  client.reset();
  sender.join();
  BOOST_TEST(sent == errc::disconnected);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(sync_over_tls)

BOOST_AUTO_TEST_CASE(send_when_over_tls_then_is_answered)
{
  const watchdog dog;
  running_server server{with_tls(mutual_tls())};
  sync_client client{tls_options_for(server->tls_endpoint())};
  BOOST_TEST(error_of(client.send({.service = "s"})) == error_code{});
  BOOST_TEST(client.query_or_throw("true").event_count() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

// Connections that come back: to a server that is not there yet, or not any more, to
// another one, and what is told of it.
#include "tcp_fixture.hpp"
#include "tls_fixture.hpp"

#include <riemann/connection_change.hpp>
#include <riemann/tls_transport.hpp>

#include <algorithm>
#include <atomic>
#include <deque>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace riemann::test {

namespace {

using namespace std::chrono_literals;

session_options eager()
{
  return {.min_backoff = 1ms, .max_backoff = 10ms};
}

/// A server at a port that is known before it is there.
struct late_server : with_context {
  void start()
  {
    testkit::server_options options;
    options.port = port;
    server.emplace(options);
  }
  [[nodiscard]] tcp_options options(session_options session = eager()) const
  {
    return options_for({asio::ip::address_v4::loopback(), port}, session);
  }

  std::uint16_t port = closed_port(context);
  std::optional<running_server> server{};
};

/// What was told, by whichever thread.
class notes {
public:
  connection_observer observer()
  {
    return [this](const connection_change& change) {
      const std::scoped_lock lock{mutex_};
      changes_.push_back(change);
    };
  }
  [[nodiscard]] std::vector<connection_change> all() const
  {
    const std::scoped_lock lock{mutex_};
    return {changes_.begin(), changes_.end()};
  }
  [[nodiscard]] bool has(connection_state state) const
  {
    const auto changes = all();
    return std::ranges::any_of(changes, [&](const auto& c) { return c.state == state; });
  }

private:
  mutable std::mutex mutex_{};
  std::deque<connection_change> changes_{};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(reconnecting, late_server)

BOOST_AUTO_TEST_CASE(messages_handed_over_before_there_is_a_server_reach_it_when_it_comes)
{
  tcp_transport transport{context, options()};
  std::deque<result> sent(100);
  for (result& r : sent) {
    transport.async_send(one_event(), record{r});
  }
  run_until(context, [&] { return transport.statistics().connects_failed >= 3; });
  start();
  for (result& r : sent) {
    run_until(context, [&] { return r.done(); });
    BOOST_TEST(r.error == error_code{});
  }
  BOOST_TEST((*server)->counters().events == 100U);
  check_books(transport);
}

BOOST_AUTO_TEST_CASE(server_that_is_restarted_gets_what_is_to_be_resent)
{
  auto session = eager();
  session.max_resends = 1'000;
  BOOST_CHECK_THROW(tcp_transport(context, options(session)), std::invalid_argument);
  session.max_resends = 255;
  session.max_in_flight = 3;
  start();
  tcp_transport transport{context, options(session)};
  std::deque<result> sent(300);
  for (result& r : sent) {
    transport.async_send(one_event(), record{r});
  }
  for (const std::size_t until : {50U, 150U, 250U}) {
    run_until(context, [&] { return sent[until].done(); });
    server.reset();
    start();
  }
  for (result& r : sent) {
    run_until(context, [&] { return r.done(); });
    BOOST_TEST(r.error == error_code{});
  }
  const auto books = transport.statistics();
  check_books(books);
  BOOST_TEST(books.messages.acked == 300U);
  BOOST_TEST(books.round_trips.count() == 300U);
}

BOOST_AUTO_TEST_CASE(send_may_ask_to_be_resent_by_itself)
{
  scripted_peer peer{{[](connection& c) { c.read_frames(2); }, serve}};
  tcp_transport transport{context, options_for(peer.endpoint(), eager())};
  result once;
  result again;
  transport.async_send(one_event(), record{once});
  transport.async_send(one_event(), send_options{.max_resends = 1}, record{again});
  run_until(context, [&] { return once.done() && again.done(); });
  BOOST_TEST(once.error == errc::connection_lost);
  BOOST_TEST(again.error == error_code{});
  BOOST_TEST(transport.statistics().resends == 1U);
}

BOOST_AUTO_TEST_CASE(next_server_is_used_until_the_preferred_one_is_well)
{
  running_server second;
  auto session = eager();
  session.preferred_interval = 5ms;
  auto to = options(session);
  to.fallbacks = {{"127.0.0.1", second->port()}};
  tcp_transport transport{context, to};
  result sent;
  transport.async_send(one_event(), record{sent});
  run_until(context, [&] { return sent.done(); });
  BOOST_TEST(sent.error == error_code{});
  BOOST_TEST(transport.address()->port() == second->port());
  start();
  std::size_t failed = 0;
  run_until(context, [&] {
    const auto at = transport.address();
    if (at && at->port() == port) {
      return true;
    }
    transport.async_send(one_event(), [&](error_code e, const response&) { failed += e ? 1 : 0; });
    return false;
  });
  BOOST_TEST(failed == 0U);
  BOOST_TEST(transport.statistics().connections_lost == 0U);
}

BOOST_AUTO_TEST_CASE(observer_is_told_of_all_that_happens_to_the_connection)
{
  notes told;
  tcp_transport transport{context, options()};
  transport.observe(told.observer());
  result sent;
  transport.async_send(one_event(), record{sent});
  run_until(context, [&] { return told.has(connection_state::backing_off); });
  start();
  run_until(context, [&] { return sent.done(); });
  (*server)->close_connections();
  run_until(context, [&] { return told.has(connection_state::lost); });
  transport.async_connect(asio::detached);
  transport.async_disconnect(20s, asio::detached);
  run(context);
  const auto all = told.all();
  const std::string name = "127.0.0.1:" + std::to_string(port);
  BOOST_TEST((all[0].state == connection_state::connecting));
  BOOST_TEST((all[1].state == connection_state::failed));
  BOOST_TEST((all[1].error == asio::error::connection_refused));
  BOOST_TEST(all[1].reason == "cannot connect to " + name + ": Connection refused");
  BOOST_TEST((all[2].state == connection_state::backing_off));
  BOOST_TEST((all[2].until > std::chrono::steady_clock::time_point{}));
  BOOST_TEST(all[2].failures == 1U);
  BOOST_TEST(std::ranges::all_of(all, [&](const auto& c) { return c.server == name; }));
}

BOOST_AUTO_TEST_CASE(observer_that_throws_does_no_harm_to_the_transport)
{
  start();
  tcp_transport transport{context, options()};
  transport.observe([](const connection_change&) { throw std::runtime_error{"of the user's"}; });
  result sent;
  transport.async_send(one_event(), record{sent});
  std::size_t thrown = 0;
  while (!sent.done()) {
    try {
      run_until(context, [&] { return sent.done(); });
    } catch (const std::runtime_error&) {
      ++thrown;
    }
  }
  BOOST_TEST(sent.error == error_code{});
  BOOST_TEST(thrown != 0U);
  transport.observe({});
  transport.cancel();
  run(context);
}

BOOST_AUTO_TEST_CASE(observer_may_hold_the_transport_and_go_with_the_context)
{
  auto transport = std::make_shared<tcp_transport>(context, options());
  const std::weak_ptr<tcp_transport> weak = transport;
  const auto witness = std::make_shared<int>(0);
  transport->observe([weak, witness](const connection_change&) {
    if (const auto t = weak.lock()) {
      static_cast<void>(t->statistics());
    }
  });
  result sent;
  transport->async_send(one_event(), record{sent});
  run_until(context, [&] { return transport->statistics().connects_failed != 0; });
  transport.reset();
  run(context);
  BOOST_TEST(sent.error == errc::cancelled);
  BOOST_TEST(witness.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(context_that_goes_while_backing_off_takes_everything_along)
{
  const auto witness = std::make_shared<int>(0);
  auto own = std::make_unique<asio::io_context>();
  tcp_transport transport{*own, options()};
  transport.observe([witness](const connection_change&) {});
  transport.async_send(one_event(), [witness](error_code, const response&) {});
  run_until(*own, [&] { return transport.statistics().connects_failed != 0; });
  own.reset();
  BOOST_TEST(witness.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(peer_that_does_not_answer_a_ping_is_given_up)
{
  scripted_peer peer{{ignore, serve}};
  auto session = eager();
  session.ping_interval = 5ms;
  session.answer_timeout = 500ms; // of the second, too, which does answer
  tcp_transport transport{context, options_for(peer.endpoint(), session)};
  transport.async_connect(asio::detached);
  run_until(context, [&] { return transport.statistics().connections_lost == 1; });
  BOOST_TEST((transport.statistics().last_failure == errc::answer_timeout));
  result sent;
  transport.async_send(one_event(), record{sent});
  run_until(context, [&] { return sent.done() && transport.statistics().pings >= 3; });
  BOOST_TEST(sent.error == error_code{});
}

BOOST_AUTO_TEST_CASE(tls_names_each_server_to_verify)
{
  const testkit::certificate_authority authority;
  const auto identity = authority.issue({.names = {}, .addresses = {"127.0.0.1"}});
  testkit::server_tls_options tls;
  tls.certificate_pem = identity.certificate_pem;
  tls.key_pem = identity.key_pem;
  running_server second{with_tls(tls)};
  tls_options to;
  to.host = "localhost";
  to.port = port;
  to.fallbacks = {{"127.0.0.1", second->tls_endpoint().port()}};
  to.session = eager();
  to.ca_certs_pem = authority.certificate_pem();
  tls_transport transport{context, to};
  notes told;
  transport.observe(told.observer());
  result sent;
  transport.async_send(one_event(), record{sent});
  run_until(context, [&] { return sent.done(); });
  BOOST_TEST(sent.error == error_code{});
  BOOST_TEST(told.all()[1].server == "localhost:" + std::to_string(port));
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

/// A peer that takes one message and answers nothing, and a queue of three.
struct full : with_context {
  void open(session_options session)
  {
    session.max_in_flight = 1;
    session.max_queued = 3;
    peer.emplace(std::vector<scripted_peer::script>{ignore});
    transport.emplace(context, options_for(peer->endpoint(), session));
    send();
    run_until(context, [&] { return transport->statistics().messages.in_flight == 1; });
  }
  result& send(send_options options = {})
  {
    result& r = sent.emplace_back();
    transport->async_send(one_event(), options, record{r});
    return r;
  }
  void check(std::size_t index, errc error)
  {
    run_until(context, [&] { return sent[index].done(); });
    BOOST_TEST(sent[index].error == error);
  }

  std::optional<scripted_peer> peer{};
  std::optional<tcp_transport> transport{};
  std::deque<result> sent{};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(overload, full)

BOOST_AUTO_TEST_CASE(reject_refuses_the_one_that_comes)
{
  open({});
  for (int i = 0; i != 4; ++i) {
    send();
  }
  check(4, errc::overloaded);
  BOOST_TEST(transport->statistics().causes[errc::overloaded] == 1U);
  BOOST_TEST(transport->statistics().messages.queued == 3U);
}

BOOST_AUTO_TEST_CASE(drop_oldest_ends_the_first_of_the_queue_whether_or_not_it_was_taken_in)
{
  open({.when_full = overload_policy::drop_oldest});
  for (int i = 0; i != 5; ++i) {
    send(); // 1 to 5; nothing runs meanwhile
  }
  check(1, errc::dropped);
  check(2, errc::dropped);
  BOOST_TEST(transport->statistics().messages.queued == 3U);
  send();
  check(3, errc::dropped);
  BOOST_TEST(transport->statistics().causes[errc::dropped] == 3U);
}

BOOST_AUTO_TEST_CASE(nobody_makes_way_for_what_is_refused_anyway)
{
  for (const auto policy : {overload_policy::drop_oldest, overload_policy::drop_newest}) {
    sent.clear();
    session_options options;
    options.max_message_size = 1'000;
    options.when_full = policy;
    open(options);
    for (int i = 0; i != 3; ++i) {
      send(); // 1 to 3
    }
    result too_large;
    transport->async_send(message{{.description = std::string(2'000, 'x')}}, record{too_large});
    run_until(context, [&] { return too_large.done(); });
    BOOST_TEST(too_large.error == errc::message_too_large);
    send({.deadline = 0ms});
    check(4, errc::expired);
    BOOST_TEST(transport->statistics().messages.queued == 3U);
    result drained;
    transport->async_disconnect(20s, record{drained});
    run_until(context, [&] {
      // The strand has heard of it.
      context.poll();
      return true;
    });
    send();
    check(5, errc::disconnected);
    const auto books = transport->statistics();
    BOOST_TEST(books.messages.queued == 3U);
    BOOST_TEST((books.causes[errc::dropped] == 0U && books.causes[errc::message_too_large] == 1U));
    BOOST_TEST((books.causes[errc::expired] == 1U && books.causes[errc::disconnected] == 1U));
    transport->cancel();
    run_until(context, [&] {
      return drained.done() && std::ranges::all_of(sent, [](const result& r) { return r.done(); });
    });
    check_books(*transport);
  }
}

BOOST_AUTO_TEST_CASE(cancel_spares_what_comes_after_it_though_one_before_it_makes_way)
{
  open({.when_full = overload_policy::drop_oldest});
  send(); // 1; nothing runs meanwhile
  send();
  transport->cancel();
  send();
  send(); // for which 1 makes way
  check(0, errc::abandoned);
  check(1, errc::dropped);
  check(2, errc::cancelled);
  BOOST_TEST(!sent[3].done());
  BOOST_TEST(!sent[4].done());
  BOOST_TEST(transport->statistics().messages.queued == 2U);
}

BOOST_AUTO_TEST_CASE(drop_newest_ends_the_last_of_the_queue)
{
  open({.when_full = overload_policy::drop_newest});
  for (int i = 0; i != 5; ++i) {
    send();
  }
  check(3, errc::dropped);
  check(4, errc::dropped);
  BOOST_TEST(transport->statistics().messages.queued == 3U);
  run_until(context, [&] {
    // All that is left is on the strand's side.
    context.poll();
    return true;
  });
  send();
  check(5, errc::dropped);
}

BOOST_AUTO_TEST_CASE(wait_keeps_what_comes_pending_up_to_its_own_bound)
{
  open({.when_full = overload_policy::wait, .max_waiting = 2});
  for (int i = 0; i != 5; ++i) {
    send();
  }
  send();
  check(6, errc::overloaded);
  auto books = transport->statistics();
  BOOST_TEST((books.messages.queued + books.messages.waiting == 5U));
  result& late = send({.deadline = 5ms});
  check(7, errc::overloaded); // it does not wait to wait
  static_cast<void>(late);
  transport->cancel();
  for (std::size_t i = 1; i != 6; ++i) {
    check(i, errc::cancelled);
  }
}

BOOST_AUTO_TEST_CASE(waiting_one_can_be_cancelled_and_can_expire)
{
  open({.when_full = overload_policy::wait});
  for (int i = 0; i != 3; ++i) {
    send();
  }
  asio::cancellation_signal stop;
  result cancelled;
  transport->async_send(one_event(), asio::bind_cancellation_slot(stop.slot(), record{cancelled}));
  send({.deadline = 5ms});
  check(4, errc::expired);
  BOOST_TEST(transport->statistics().messages.waiting == 1U);
  stop.emit(asio::cancellation_type::total);
  run_until(context, [&] { return cancelled.done(); });
  BOOST_TEST(cancelled.error == errc::cancelled);
}

BOOST_AUTO_TEST_CASE(every_policy_with_many_threads_ends_every_message_once_and_keeps_its_bound)
{
  for (const auto policy : {overload_policy::reject, overload_policy::wait,
                            overload_policy::drop_oldest, overload_policy::drop_newest}) {
    running_server server;
    session_options session;
    session.max_in_flight = 2;
    session.max_queued = 5;
    session.max_waiting = 5;
    session.when_full = policy;
    tcp_transport hurried{context, options_for(server->tcp_endpoint(), session)};
    constexpr int each = 2'000;
    std::atomic<int> ended = 0;
    std::atomic<bool> over = false;
    auto work = asio::make_work_guard(context);
    {
      std::jthread runner{[&] { context.run(); }};
      std::vector<std::jthread> callers;
      for (int t = 0; t != 3; ++t) {
        callers.emplace_back([&] {
          for (int i = 0; i != each; ++i) {
            hurried.async_send(one_event(), [&](error_code, const response&) { ++ended; });
            const auto books = hurried.statistics();
            over = over || !books.messages.balanced() || books.messages.queued > 5;
          }
        });
      }
      callers.clear();
      hurried.async_disconnect(20s, [&](error_code) { work.reset(); });
    }
    context.restart();
    BOOST_TEST(ended == 3 * each);
    BOOST_TEST(!over);
    check_books(hurried);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test

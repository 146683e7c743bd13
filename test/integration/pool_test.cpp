// Several connections: which one a message goes to, and that a bad one stalls no other.

#include "client/joint_wait.hpp"
#include "client/pool_implementation.hpp"
#include "net/blank_implementation.hpp"
#include "net/make_shell.hpp"
#include "net/tcp_kind.hpp"
#include "subjects.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::test;
using namespace std::chrono_literals;

struct pooling : with_context {
  void make(std::vector<tcp_options> servers, std::size_t connections,
            std::chrono::milliseconds retry_interval = 1h)
  {
    transport.emplace(context, pool_options{.servers = std::move(servers),
                                            .connections = connections,
                                            .retry_interval = retry_interval});
  }
  result send(message m = one_event())
  {
    result sent;
    transport->async_send(std::move(m), record{sent});
    run_until(context, [&] { return sent.done(); });
    return sent;
  }
  tcp_options absent() { return {.host = "127.0.0.1", .port = closed_port(context)}; }
  tcp_options good() { return options_for(server->tcp_endpoint()); }

  running_server server{};
  std::optional<pool_transport> transport{};
};

/// To servers of which the first accepts nobody.
class half_deaf_pool final : public basic_transport {
public:
  static std::shared_ptr<clients::pool_implementation>
  make(const asio::any_io_executor& executor, const tcp_options& deaf, const tcp_options& good)
  {
    return std::make_shared<clients::pool_implementation>(
        executor, 1h,
        clients::pool_implementation::transports{net::make_shell<net::tcp_kind>(executor, deaf),
                                                 net::make_shell<net::tcp_kind>(executor, good)});
  }
  explicit half_deaf_pool(const std::shared_ptr<clients::pool_implementation>& made)
      : basic_transport{made}
  {}
};

/// Answers at once, or as it is told. A connect waits until it is let through.
class fake_connection final : public net::blank_implementation {
public:
  using blank_implementation::blank_implementation;
  void connect(detail::done_slot handler, detail::operation_id) override
  {
    connects.push_back(std::move(handler));
  }
  void refuse()
  {
    for (detail::done_slot& waiting : std::exchange(connects, {})) {
      asio::post(executor(), [waiting = std::move(waiting)]() mutable {
        waiting(asio::error::connection_refused);
      });
    }
  }
  void open()
  {
    for (detail::done_slot& waiting : std::exchange(connects, {})) {
      blank_implementation::connect(std::move(waiting), 0);
    }
  }

  std::vector<detail::done_slot> connects{};
};

/// Holds what it was given, as if it were written, whoever wants it back.
class clinging_connection final : public net::blank_implementation {
public:
  using blank_implementation::blank_implementation;
  detail::operation_id new_operation_id() noexcept override { return 0; }
  void connect(detail::done_slot, detail::operation_id) override {}
  void send(message&&, const send_options&, detail::send_slot&& handler,
            detail::operation_id id) override
  {
    ids.push_back(id);
    held.push_back(std::move(handler));
  }
  void cancel_operation(detail::operation_id id, bool only_unwritten) override
  {
    BOOST_TEST(only_unwritten);
    withdrawn.push_back(id);
  }

  std::vector<detail::operation_id> ids{};
  std::vector<detail::operation_id> withdrawn{};
  std::vector<detail::send_slot> held{};
};

class fake_pool final : public basic_transport {
public:
  fake_pool(const asio::any_io_executor& executor,
            const std::vector<std::shared_ptr<fake_connection>>& inside,
            std::chrono::milliseconds retry_interval)
      : basic_transport{std::make_shared<clients::pool_implementation>(
            executor, retry_interval,
            clients::pool_implementation::transports{inside.begin(), inside.end()})}
  {}
};

/// A clock that is set by hand.
class hand_clock final : public clients::time_source {
public:
  [[nodiscard]] core::time_point now() const noexcept override { return time; }

  core::time_point time{1h};
};

struct with_fakes : with_context {
  std::shared_ptr<fake_connection> make() const
  {
    return std::make_shared<fake_connection>(executor, blank_options{});
  }
  std::vector<std::size_t> taken() const
  {
    std::vector<std::size_t> counts;
    for (const auto& m : inside) {
      counts.push_back(m->messages().size());
    }
    return counts;
  }
  void check_taken(const std::vector<std::size_t>& counts) const
  {
    const auto all = taken();
    BOOST_TEST(all == counts, boost::test_tools::per_element());
  }
  void send(std::size_t n)
  {
    sent = std::vector<result>(n);
    for (result& r : sent) {
      transport.async_send(one_event(), record{r});
    }
  }

  asio::any_io_executor executor{context.get_executor()};
  std::vector<std::shared_ptr<fake_connection>> inside{make(), make(), make()};
  fake_pool transport{executor, inside, 1h};
  std::vector<result> sent{};
};

/// Three connections that cling to what they have.
struct with_clinging : with_context {
  std::shared_ptr<clinging_connection> make()
  {
    return std::make_shared<clinging_connection>(context.get_executor(), blank_options{});
  }
  ~with_clinging()
  {
    for (const auto& m : inside) {
      m->held.clear();
    }
  }
  void send(std::size_t n)
  {
    for (; n != 0; --n) {
      transport.async_send(one_event(), asio::detached);
    }
  }

  std::vector<std::shared_ptr<clinging_connection>> inside{make(), make(), make()};
  std::shared_ptr<clients::pool_implementation> pool =
      std::make_shared<clients::pool_implementation>(
          context.get_executor(), 1h,
          clients::pool_implementation::transports{inside.begin(), inside.end()});
  half_deaf_pool transport{pool};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(pool_choice, with_fakes)

BOOST_AUTO_TEST_CASE(messages_when_outstanding_then_are_spread_evenly)
{
  send(9);
  check_taken({3, 3, 3});
  run(context);
  check_books(transport.statistics());
  BOOST_TEST(transport.statistics().messages.acked == 9U);
}

BOOST_AUTO_TEST_CASE(messages_when_one_at_a_time_then_take_one_connection)
{
  for (int i = 0; i != 5; ++i) {
    send(1);
    run(context);
  }
  check_taken({5, 0, 0});
}

BOOST_AUTO_TEST_CASE(message_when_its_connection_cannot_be_opened_then_goes_to_another)
{
  inside[0]->fail_next(errc::connect_failed, {});
  inside[1]->fail_next(errc::connect_timeout, {});
  send(1);
  run(context);
  BOOST_TEST(sent[0].error == error_code{});
  BOOST_TEST(sent[0].calls == 1);
  check_taken({1, 1, 1});
  const auto books = transport.statistics();
  BOOST_TEST(books.messages.submitted == 1U);
  BOOST_TEST(books.messages.acked == 1U);
  check_books(books);
  // Those that have failed are passed over, however busy the other is.
  send(4);
  run(context);
  check_taken({1, 1, 5});
}

BOOST_AUTO_TEST_CASE(message_when_none_can_be_opened_then_fails_after_each_was_tried_once)
{
  for (const auto& m : inside) {
    m->fail_next(errc::connect_failed, response::failure("down"));
  }
  send(1);
  run(context);
  BOOST_TEST(sent[0].error == errc::connect_failed);
  BOOST_TEST(sent[0].answer.text() == "down");
  check_taken({1, 1, 1});
  BOOST_TEST(transport.statistics().messages.not_sent == 1U);
  check_books(transport.statistics());
  // All have failed: they are tried all the same.
  send(3);
  run(context);
  for (const result& r : sent) {
    BOOST_TEST(r.error == error_code{});
  }
}

BOOST_AUTO_TEST_CASE(message_when_it_may_have_been_written_then_is_not_sent_again)
{
  for (const errc code : {errc::connection_lost, errc::answer_timeout, errc::rejected,
                          errc::expired, errc::message_too_large, errc::overloaded}) {
    with_fakes fresh;
    fresh.inside[0]->fail_next(code, {});
    fresh.send(1);
    run(fresh.context);
    BOOST_TEST(fresh.sent[0].error == code);
    BOOST_TEST(fresh.inside[1]->statistics().messages.submitted == 0U);
    BOOST_TEST(fresh.inside[2]->statistics().messages.submitted == 0U);
  }
}

BOOST_AUTO_TEST_CASE(connection_when_lost_then_is_passed_over_until_it_is_open_again)
{
  inside[0]->fail_next(errc::connection_lost, {});
  send(1);
  run(context);
  BOOST_TEST(sent[0].error == errc::connection_lost);
  send(2);
  run(context);
  check_taken({1, 1, 1});
  // Once is enough, however much is sent meanwhile.
  BOOST_TEST(inside[0]->connects.size() == 1U);
  inside[0]->open();
  run(context);
  // The first of equals again.
  send(1);
  run(context);
  check_taken({2, 1, 1});
}

BOOST_AUTO_TEST_CASE(connection_when_its_tries_have_ended_then_is_tried_again_later)
{
  fake_pool brief{executor, inside, 1ms};
  const auto send_one = [&] {
    result r;
    brief.async_send(one_event(), record{r});
    run_until(context, [&] { return r.done(); });
    return r.error;
  };
  inside[0]->fail_next(errc::connection_lost, {});
  BOOST_TEST(send_one() == errc::connection_lost);
  const auto refuse = [&] {
    for (auto& waiting : std::exchange(inside[0]->connects, {})) {
      waiting(asio::error::connection_refused);
    }
  };
  for (int tries = 0; tries != 3; ++tries) {
    refuse();
    const auto limit = std::chrono::steady_clock::now() + patience;
    while (inside[0]->connects.empty() && std::chrono::steady_clock::now() < limit) {
      BOOST_TEST(send_one() == error_code{});
    }
    BOOST_TEST(inside[0]->connects.size() == 1U);
  }
  BOOST_TEST(taken()[0] == 1U);
}

BOOST_AUTO_TEST_CASE(message_when_cancelled_between_its_attempts_then_is_not_sent)
{
  asio::cancellation_signal signal;
  result ended;
  inside[0]->fail_next(errc::connect_failed, {});
  transport.async_send(one_event(), asio::bind_cancellation_slot(signal.slot(), record{ended}));
  signal.emit(asio::cancellation_type::total);
  run(context);
  BOOST_TEST(ended.error == errc::cancelled);

  result all_ended;
  inside[1]->fail_next(errc::connect_failed, {});
  transport.async_send(one_event(), record{all_ended});
  transport.cancel();
  run(context);
  BOOST_TEST((all_ended.error == outcome::not_sent));
  check_books(transport.statistics());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(connect_when_one_is_good_and_one_fails_at_once_then_ends_once_and_well)
{
  asio::thread_pool threads{2};
  std::atomic<int> calls{0};
  std::atomic<int> bad{0};
  std::atomic<int> ready{0};
  std::atomic<int> over{0};
  for (int i = 0; i != 1'000; ++i) {
    for (std::atomic<int>* const count : {&calls, &bad, &ready, &over}) {
      *count = 0;
    }
    const auto on_end = [&](error_code error) {
      ++calls;
      bad += error ? 1 : 0;
    };
    const auto joint = std::make_shared<clients::joint_wait>(
        detail::done_slot{on_end, threads.get_executor()}, std::make_shared<clients::completions>(),
        clients::joint_wait::need::one);
    joint->expect(2);
    std::vector<detail::done_slot> ends;
    ends.push_back(joint->slot(0));
    ends.push_back(joint->slot(1));
    for (std::size_t n = 0; n != 2; ++n) {
      asio::post(threads, [&ready, &over, end = std::move(ends[n]), n]() mutable {
        ++ready;
        while (ready != 2) {
        }
        end(n == 0 ? error_code{} : error_code{errc::connect_failed});
        ++over;
        over.notify_one();
      });
    }
    for (int now = over; now != 2; now = over) {
      over.wait(now);
    }
    BOOST_REQUIRE_EQUAL(calls, 1);
    BOOST_REQUIRE_EQUAL(bad, 0);
  }
}

BOOST_FIXTURE_TEST_SUITE(pool_withdrawals, with_clinging)

/// It was written, so that the first withdrawal did nothing, and put back by the second loss.
BOOST_AUTO_TEST_CASE(message_when_withdrawn_in_vain_and_its_connection_lost_again_then_is_once_more)
{
  send(1);
  const auto id = inside[0]->ids.front();
  const auto check_withdrawn = [&](std::size_t times) {
    const std::vector<detail::operation_id> wanted(times, id);
    BOOST_TEST(inside[0]->withdrawn == wanted, boost::test_tools::per_element());
  };
  pool->heard_of(0, false);
  check_withdrawn(1);
  pool->heard_of(0, true);
  check_withdrawn(1);
  pool->heard_of(0, false);
  check_withdrawn(2);
  // Nothing new is known of it when another fails.
  pool->heard_of(1, false);
  check_withdrawn(2);
  // Nor need its having opened be remembered: an older message may have failed since.
  pool->heard_of(0, false);
  check_withdrawn(3);
}

BOOST_AUTO_TEST_CASE(messages_when_withdrawn_in_vain_then_keep_no_others_from_being_moved)
{
  constexpr std::size_t most = 64;
  pool->heard_of(0, false);
  pool->heard_of(2, false);
  send(10);
  BOOST_TEST(inside[1]->ids.size() == 10U);
  pool->heard_of(0, true);
  pool->heard_of(2, true);
  send(300);
  BOOST_TEST(inside[0]->ids.size() == 150U);
  pool->heard_of(0, false);
  BOOST_TEST(inside[0]->withdrawn.size() == most);
  pool->heard_of(0, true);
  pool->heard_of(1, false);
  BOOST_TEST(inside[1]->withdrawn.empty());
  pool->heard_of(0, false);
  BOOST_TEST(inside[1]->withdrawn == inside[1]->ids, boost::test_tools::per_element());
  BOOST_TEST(inside[0]->withdrawn.size() == most + most + (most - 10));
}

/// It was given before the loss, and its handler has only been called now.
BOOST_AUTO_TEST_CASE(answer_when_its_connection_has_been_lost_since_then_says_nothing_of_it)
{
  for (std::size_t p = 0; p != 3; ++p) {
    pool->heard_of(p, true);
  }
  send(3);
  pool->heard_of(0, false);
  inside[0]->held.front()(error_code{}, response{});
  send(20);
  BOOST_TEST(inside[0]->ids.size() == 1U);
  inside[1]->held.front()(error_code{}, response{});
  pool->heard_of(0, true);
  send(20);
  BOOST_TEST(inside[0]->ids.size() > 1U);
}

/// As those that were written do, and are to be resent.
BOOST_AUTO_TEST_CASE(messages_when_the_first_cling_to_a_lost_connection_then_the_others_are_moved)
{
  constexpr std::size_t most = 64;
  send(300);
  BOOST_TEST(inside[0]->ids.size() == 100U);
  pool->heard_of(0, false);
  BOOST_TEST(inside[0]->withdrawn.size() == most);
  pool->heard_of(0, false);
  BOOST_TEST(inside[0]->withdrawn.size() == most + 100);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(pool_connections, pooling)

/// As after a cancel. Where the message waits nobody may ever come.
BOOST_FIXTURE_TEST_CASE(connection_when_nothing_tries_it_then_is_tried_while_messages_wait,
                        with_fakes)
{
  hand_clock time;
  const auto pool = std::make_shared<clients::pool_implementation>(
      executor, 1h, clients::pool_implementation::transports{inside[0], inside[1]}, time);
  half_deaf_pool both{pool};
  std::vector<result> ended(2);
  pool->heard_of(0, false);
  both.async_send(one_event(), record{ended[0]});
  BOOST_TEST(inside[0]->connects.size() == 1U);
  inside[0]->refuse();
  run(context);

  both.async_send(one_event(), record{ended[1]});
  pool->heard_of(1, false);
  BOOST_TEST(inside[0]->connects.empty());
  time.time += 1h;
  pool->heard_of(1, false);
  BOOST_TEST(inside[0]->connects.size() == 1U);
  inside[0]->refuse();
  inside[1]->refuse();
  run(context);
}

BOOST_AUTO_TEST_CASE(server_when_absent_then_its_connection_costs_nobody_anything)
{
  make({absent(), good()}, 2);
  for (int i = 0; i != 10; ++i) {
    BOOST_TEST(send().error == error_code{});
  }
  const auto books = transport->statistics();
  BOOST_TEST(books.messages.acked == 10U);
  BOOST_TEST(books.connections_opened == 1U);
  check_books(books);
}

BOOST_AUTO_TEST_CASE(messages_when_their_connection_is_heard_to_have_failed_then_go_to_another)
{
  const deaf_listener deaf{context};
  const auto inside =
      half_deaf_pool::make(context.get_executor(), options_for(deaf.endpoint()), good());
  half_deaf_pool half{inside};
  std::vector<result> sent(10);
  asio::cancellation_signal signal;
  half.async_send(one_event(), asio::bind_cancellation_slot(signal.slot(), record{sent[0]}));
  for (std::size_t i = 1; i != sent.size(); ++i) {
    half.async_send(one_event(), record{sent[i]});
  }
  run_until(context, [&] { return half.statistics().messages.acked == 5; });
  BOOST_TEST(half.statistics().messages.queued == 5U);
  inside->heard_of(0, false);
  signal.emit(asio::cancellation_type::total);
  run_until(context, [&] { return half.statistics().messages.live() == 0; });
  BOOST_TEST(sent[0].error == errc::cancelled);
  for (std::size_t i = 1; i != sent.size(); ++i) {
    BOOST_TEST(sent[i].error == error_code{});
    BOOST_TEST(sent[i].calls == 1);
  }
  BOOST_TEST(half.statistics().messages.acked == 9U);
  check_books(half.statistics());
}

BOOST_AUTO_TEST_CASE(messages_when_the_pool_disconnects_then_stay_where_they_wait)
{
  for (const bool heard_before : {false, true}) {
    const deaf_listener deaf{context};
    const auto inside =
        half_deaf_pool::make(context.get_executor(), options_for(deaf.endpoint()), good());
    half_deaf_pool half{inside};
    std::vector<result> sent(10);
    for (result& r : sent) {
      half.async_send(one_event(), record{r});
    }
    run_until(context, [&] { return half.statistics().messages.acked == 5; });
    if (heard_before) {
      inside->heard_of(0, false);
    }
    result disconnected;
    half.async_disconnect(50ms, record{disconnected});
    if (!heard_before) {
      inside->heard_of(0, false);
    }
    run_until(context,
              [&] { return disconnected.done() && half.statistics().messages.live() == 0; });
    // Nobody has cancelled them.
    BOOST_TEST(half.statistics().causes[errc::disconnected] == 5U);
    check_books(half.statistics());
  }
}

BOOST_AUTO_TEST_CASE(messages_when_a_connection_is_being_opened_then_one_alone_waits_for_it)
{
  const deaf_listener deaf{context};
  half_deaf_pool half{
      half_deaf_pool::make(context.get_executor(), options_for(deaf.endpoint()), good())};
  std::vector<result> sent(20);
  for (std::size_t i = 0; i != 2; ++i) {
    half.async_send(one_event(), record{sent[i]});
  }
  run_until(context, [&] { return sent[1].done(); });
  for (std::size_t i = 2; i != sent.size(); ++i) {
    half.async_send(one_event(), record{sent[i]});
  }
  run_until(context, [&] { return half.statistics().messages.acked == sent.size() - 1; });
  BOOST_TEST(!sent[0].done());
  half.cancel();
  run(context);
}

BOOST_AUTO_TEST_CASE(messages_when_all_have_failed_then_go_to_the_first_that_is_back)
{
  const deaf_listener deaf{context};
  const auto inside =
      half_deaf_pool::make(context.get_executor(), options_for(deaf.endpoint()), good());
  half_deaf_pool half{inside};
  inside->heard_of(0, false);
  inside->heard_of(1, false);
  result waiting;
  half.async_send(one_event(), record{waiting});
  run_until(context, [&] { return waiting.done(); });
  BOOST_TEST(waiting.error == error_code{});
}

BOOST_AUTO_TEST_CASE(servers_when_all_absent_then_messages_end_as_their_options_say)
{
  auto aging = absent();
  aging.session.max_queue_age = 50ms;
  make({aging, aging}, 3);
  BOOST_TEST(send().error == errc::expired);
  BOOST_TEST(transport->statistics().causes[errc::expired] == 1U);
  check_books(transport->statistics());

  auto trying = absent();
  trying.session.max_connect_tries = 2;
  trying.session.min_backoff = 1ms;
  make({trying, trying}, 3);
  BOOST_TEST(send().error == errc::connect_failed);
  BOOST_TEST(transport->statistics().causes[errc::connect_failed] == 1U);
  check_books(transport->statistics());
}

/// Where it waits nobody ever comes.
BOOST_AUTO_TEST_CASE(message_when_another_connection_is_back_first_then_goes_there)
{
  const auto port = closed_port(context);
  tcp_options first{.host = "127.0.0.1", .port = port};
  first.session.min_backoff = 1ms;
  first.session.max_backoff = 20ms;
  auto never = absent();
  never.session.min_backoff = 1ms;
  never.session.max_backoff = 20ms;
  make({first, never}, 2, 1ms);
  result waiting;
  transport->async_send(one_event(), record{waiting});
  run_until(context, [&] { return transport->statistics().connects_failed >= 2; });
  const running_server late{{.port = port}};
  run_until(context, [&] { return waiting.done(); });
  BOOST_TEST(waiting.error == error_code{});
  check_books(transport->statistics());
  transport->cancel();
}

/// What waits at all of them is more than the first that is open may queue.
BOOST_AUTO_TEST_CASE(servers_when_all_absent_then_messages_wait_for_the_first_that_comes)
{
  const auto port = closed_port(context);
  tcp_options patient{.host = "127.0.0.1", .port = port};
  patient.session.min_backoff = 1ms;
  patient.session.max_backoff = 20ms;
  patient.session.max_queued = 100;
  auto never = absent();
  never.session.min_backoff = 1ms;
  never.session.max_backoff = 20ms;
  never.session.max_queued = 100;
  make({never, patient, never, never}, 4);
  std::vector<result> waiting(400);
  for (result& r : waiting) {
    transport->async_send(one_event(), record{r});
  }
  run_until(context, [&] { return transport->statistics().connects_failed >= 4; });
  BOOST_TEST(transport->statistics().messages.queued == 400U);
  const running_server late{{.port = port}};
  run_until(context, [&] { return transport->statistics().messages.live() == 0; });
  for (const result& r : waiting) {
    BOOST_TEST(r.error == error_code{});
  }
  BOOST_TEST(transport->statistics().messages.acked == 400U);
  check_books(transport->statistics());
  transport->cancel();
}

BOOST_AUTO_TEST_CASE(connection_when_it_does_not_answer_then_stalls_no_other)
{
  make({good()}, 3);
  server->inject(testkit::no_answer{});
  result stalled;
  transport->async_send(one_event(), record{stalled});
  run_until(context, [&] { return transport->statistics().messages.in_flight == 1; });
  for (int i = 0; i != 100; ++i) {
    BOOST_TEST(send().error == error_code{});
  }
  BOOST_TEST(!stalled.done());
  BOOST_TEST(transport->statistics().messages.in_flight == 1U);
  transport->cancel();
  run(context);
  BOOST_TEST(stalled.error == errc::abandoned);
}

BOOST_AUTO_TEST_CASE(query_when_unanswered_then_bars_its_own_connection_alone)
{
  make({good()}, 2);
  server->inject(testkit::no_answer{});
  result asked;
  transport->async_send(message::query("true"), record{asked});
  run_until(context, [&] { return transport->statistics().messages.in_flight == 1; });
  BOOST_TEST(send().error == error_code{});
  BOOST_TEST(send(message::query("false")).error == error_code{});
  transport->cancel();
  run(context);
}

BOOST_AUTO_TEST_CASE(connect_when_one_server_is_there_then_succeeds)
{
  make({absent(), good()}, 2);
  result connected;
  transport->async_connect(record{connected});
  run_until(context, [&] { return connected.done(); });
  BOOST_TEST(connected.error == error_code{});
  BOOST_TEST(transport->statistics().connections_opened == 1U);

  auto once = absent();
  once.session.max_connect_tries = 1;
  make({once, once}, 2);
  result refused;
  transport->async_connect(record{refused});
  run_until(context, [&] { return refused.done(); });
  BOOST_TEST(refused.error == asio::error::connection_refused);
}

/// However far the others have come.
BOOST_AUTO_TEST_CASE(connect_when_cancelled_then_ends_as_cancelled)
{
  // A listener whose queue is full lets nobody in.
  asio::ip::tcp::acceptor deaf{context};
  deaf.open(asio::ip::tcp::v4());
  deaf.bind({asio::ip::address_v4::loopback(), 0});
  deaf.listen(0);
  std::vector<asio::ip::tcp::socket> full;
  for (int i = 0; i != 8; ++i) {
    full.emplace_back(context).async_connect(deaf.local_endpoint(), asio::detached);
  }
  for (const bool by_slot : {true, false}) {
    make({absent(), options_for(deaf.local_endpoint())}, 2);
    asio::cancellation_signal stop;
    result connected;
    transport->async_connect(asio::bind_cancellation_slot(stop.slot(), record{connected}));
    run_until(context, [&] { return transport->statistics().connects_failed == 1; });
    if (by_slot) {
      stop.emit(asio::cancellation_type::terminal);
    } else {
      transport->cancel();
    }
    run_until(context, [&] { return connected.done(); });
    BOOST_TEST(connected.error == asio::error::operation_aborted);
  }
}

BOOST_AUTO_TEST_CASE(disconnect_when_called_then_drains_all)
{
  running_server other;
  make({good(), options_for(other->tcp_endpoint())}, 4);
  std::vector<result> sent(200);
  for (result& r : sent) {
    transport->async_send(one_event(), record{r});
  }
  result gone;
  transport->async_disconnect(20s, record{gone});
  run(context);
  BOOST_TEST(gone.error == error_code{});
  for (const result& r : sent) {
    BOOST_TEST(r.error == error_code{});
  }
  BOOST_TEST(server->counters().events == 100U);
  BOOST_TEST(other->counters().events == 100U);
  const auto books = transport->statistics();
  BOOST_TEST(books.connections_opened == 4U);
  check_books(books);
}

BOOST_AUTO_TEST_CASE(calls_when_a_server_comes_and_goes_under_threads_then_each_ends_once)
{
  constexpr int callers = 4;
  constexpr int each = 500;
  auto second = std::make_unique<running_server>();
  make({good(), options_for((*second)->tcp_endpoint())}, 4, 1ms);
  std::atomic<int> good_ones{0};
  std::atomic<int> unknown{0};
  std::atomic<int> other{0};
  std::atomic<bool> over{false};
  bool balanced = true;
  {
    const context_threads running{context, 2};
    std::jthread reader{[&] {
      while (!over) {
        const auto books = transport->statistics();
        balanced = balanced && books.messages.balanced() && books.events.balanced();
      }
    }};
    std::vector<std::jthread> threads;
    for (int t = 0; t != callers; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i != each; ++i) {
          transport->async_send(one_event(), [&](error_code e, const response&) {
            ++(!e ? good_ones : e == outcome::unknown ? unknown : other);
          });
        }
      });
    }
    second.reset();
    threads.clear();
    // It may say that a connection was lost.
    gate gone;
    transport->async_disconnect(20s, [&](error_code) { gone.open(); });
    gone.wait();
    over = true;
  }
  BOOST_TEST(good_ones + unknown + other == callers * each);
  BOOST_TEST(balanced);
  const auto books = transport->statistics();
  BOOST_TEST(books.messages.acked == static_cast<std::uint64_t>(good_ones));
  BOOST_TEST(books.messages.unknown == static_cast<std::uint64_t>(unknown));
  check_books(books);
}

BOOST_AUTO_TEST_CASE(options_when_invalid_then_are_named_by_the_exception)
{
  const auto check = [&](std::string_view name, const pool_options& bad) {
    BOOST_CHECK_EXCEPTION(pool_transport(context, bad), std::invalid_argument,
                          [&](const std::invalid_argument& e) {
                            return std::string_view{e.what()}.find(name) != std::string_view::npos;
                          });
  };
  check("servers", {.servers = {}});
  check("host", {.servers = {tcp_options{}, tcp_options{.host = ""}}});
  check("connections", {.connections = 0});
  check("connections", {.servers = {tcp_options{}, tcp_options{}}, .connections = 1});
  check("connections", {.connections = pool_options::max_connections + 1});
  check("retry_interval", {.retry_interval = 0ms});
}

BOOST_AUTO_TEST_SUITE_END()

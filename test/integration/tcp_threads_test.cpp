// Many threads on one transport.

#include "tcp_fixture.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstdint>
#include <deque>
#include <random>
#include <thread>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::test;
using namespace std::chrono_literals;

constexpr int callers = 4;
constexpr int sends_each = 5'000;
constexpr int all_sends = callers * sends_each;

/// How often each handler was called, and with what.
struct tallies {
  std::vector<std::atomic<int>> calls = std::vector<std::atomic<int>>(all_sends);
  std::atomic<std::uint64_t> acked{0};
  std::atomic<std::uint64_t> not_sent{0};
  std::atomic<std::uint64_t> unknown{0};
  std::atomic<int> done{0};
  std::atomic<int> unbalanced{0}; ///< snapshots taken meanwhile

  void count(int i, error_code e)
  {
    ++calls[static_cast<std::size_t>(i)];
    ++(!e ? acked : e == outcome::not_sent ? not_sent : unknown);
    ++done;
  }
  void check(const statistics& books) const
  {
    int once = 0;
    for (const auto& c : calls) {
      once += c == 1 ? 1 : 0;
    }
    BOOST_TEST(once == all_sends);
    BOOST_TEST(unbalanced == 0);
    BOOST_TEST(books.messages.submitted == static_cast<std::uint64_t>(all_sends));
    BOOST_TEST(books.messages.acked == acked.load());
    BOOST_TEST(books.messages.not_sent == not_sent.load());
    BOOST_TEST(books.messages.unknown == unknown.load());
    check_books(books);
  }
};

/// What one caller does: each third send on a strand of its own and now and then
/// cancelled there, some with deadlines, some queries.
void call(tcp_transport& transport, const asio::any_io_executor& executor, int caller, tallies& t,
          std::deque<asio::cancellation_signal>& signals)
{
  std::minstd_rand random{static_cast<unsigned>(caller) + 1U};
  const auto strand = asio::make_strand(executor);
  for (int n = 0; n != sends_each; ++n) {
    const int i = caller * sends_each + n;
    const auto note = [&t, i](error_code e, const response&) { t.count(i, e); };
    if (n % 3 != 0) {
      const bool query = random() % 200 == 0;
      transport.async_send(query ? message::query("false") : one_event(), note);
    } else {
      asio::dispatch(strand, [&transport, &signals, strand, note, n] {
        transport.async_send(
            one_event(), {.deadline = 10s},
            asio::bind_cancellation_slot(signals[static_cast<std::size_t>(n)].slot(),
                                         asio::bind_executor(strand, note)));
      });
      if (random() % 2 == 0) {
        asio::dispatch(strand, [&signals, n] {
          signals[static_cast<std::size_t>(n)].emit(asio::cancellation_type::partial);
        });
      }
    }
    if (n % 100 == 0) {
      const auto books = transport.statistics();
      // Boost.Test's macros are for one thread.
      t.unbalanced += books.messages.balanced() && books.events.balanced() ? 0 : 1;
    }
  }
}

/// Four threads send; `disturb` is called from here until all is done.
template <class Disturb>
void play(tcp_transport& transport, Disturb disturb)
{
  tallies t;
  std::vector<std::deque<asio::cancellation_signal>> signals(callers);
  for (auto& s : signals) {
    s.resize(sends_each);
  }
  {
    std::vector<std::jthread> threads;
    for (int c = 0; c != callers; ++c) {
      threads.emplace_back([&, c] {
        call(transport, transport.get_executor(), c, t, signals[static_cast<std::size_t>(c)]);
      });
    }
    while (t.done != all_sends) {
      disturb();
      std::this_thread::yield();
    }
  }
  get(transport.async_disconnect(20s, asio::use_future));
  t.check(transport.statistics());
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(tcp_threads, watchdog)

BOOST_AUTO_TEST_CASE(four_threads_send_and_cancel_over_two_and_all_complete_once)
{
  running_server server;
  asio::io_context context;
  tcp_transport transport{context, options_for(server->tcp_endpoint())};
  const context_threads threads{context, 2};
  play(transport, [] {});
  BOOST_TEST(transport.statistics().connections_lost == 0U);
}

BOOST_AUTO_TEST_CASE(connections_that_are_cancelled_and_cut_lose_no_handler)
{
  running_server server;
  asio::thread_pool pool{2};
  tcp_transport transport{pool, options_for(server->tcp_endpoint())};
  int turn = 0;
  play(transport, [&] {
    switch (++turn % 4) {
    case 0:
      transport.cancel();
      break;
    case 1:
      transport.async_connect(asio::detached);
      break;
    case 2:
      server->close_connections();
      break;
    default:
      static_cast<void>(transport.address());
    }
  });
}

BOOST_AUTO_TEST_CASE(transports_of_their_own_on_one_context_do_not_disturb_each_other)
{
  running_server server;
  asio::io_context context;
  const context_threads threads{context, 2};
  std::vector<std::jthread> users;
  std::atomic<int> acked{0};
  for (int u = 0; u != callers; ++u) {
    users.emplace_back([&] {
      for (int round = 0; round != 20; ++round) {
        tcp_transport transport{context, options_for(server->tcp_endpoint())};
        for (int n = 0; n != 10; ++n) {
          transport.async_send(one_event(), asio::detached);
        }
        acked += get(transport.async_send(one_event(), asio::use_future)).ok() ? 1 : 0;
      }
    });
  }
  users.clear();
  BOOST_TEST(acked == callers * 20);
}

BOOST_AUTO_TEST_SUITE_END()

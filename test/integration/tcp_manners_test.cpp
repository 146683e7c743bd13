// How a transport treats handlers: where, when and with what memory they run.

#include "counting_allocator.hpp"
#include "tcp_fixture.hpp"

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <future>
#include <memory>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::test;
using namespace std::chrono_literals;

/// Too large for a slot.
struct bulky {
  record to;
  std::array<std::byte, 300> ballast{};
  template <class... Args>
  void operator()(Args... args) const
  {
    to(std::move(args)...);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(tcp_manners, with_server)

BOOST_AUTO_TEST_CASE(handler_runs_on_its_own_context)
{
  asio::io_context foreign;
  std::vector<std::thread::id> where;
  const auto note = [&](auto&&...) { where.push_back(std::this_thread::get_id()); };
  transport.async_connect(asio::bind_executor(foreign, note));
  transport.async_send(one_event(), asio::bind_executor(foreign, note));
  transport.async_send(one_event(), asio::bind_executor(foreign, note));
  std::thread::id runner;
  {
    // It has work for as long as a handler of it is outstanding.
    const context_threads threads{context, 1};
    std::thread other{[&] {
      runner = std::this_thread::get_id();
      foreign.run();
    }};
    other.join();
    BOOST_TEST(where.size() == 3U);
    transport.async_disconnect(20s, asio::bind_executor(foreign, note));
    foreign.restart();
    foreign.run();
  }
  BOOST_REQUIRE_EQUAL(where.size(), 4U);
  for (int i = 0; i != 3; ++i) {
    BOOST_TEST((where[i] == runner));
  }
  BOOST_TEST((where[3] == std::this_thread::get_id()));
}

BOOST_AUTO_TEST_CASE(handler_runs_on_its_own_strand)
{
  const auto strand = asio::make_strand(context);
  constexpr int count = 200;
  int inside = 0; // touched on the strand only
  std::atomic<int> outside{0};
  {
    const context_threads threads{context, 2};
    for (int i = 0; i != count; ++i) {
      transport.async_send(one_event(), asio::bind_executor(strand, [&](error_code, response) {
                             inside += strand.running_in_this_thread() ? 1 : 0;
                           }));
      transport.async_send(one_event(), [&](error_code, response) {
        outside += strand.running_in_this_thread() ? 0 : 1;
      });
    }
    get(transport.async_disconnect(20s, asio::use_future));
  }
  BOOST_TEST(inside == count);
  BOOST_TEST(outside == count);
}

BOOST_AUTO_TEST_CASE(handlers_of_mixed_executors_each_keep_their_order)
{
  auto strand = asio::make_strand(context);
  asio::io_context foreign;
  std::array<std::vector<int>, 3> order;
  constexpr int count = 300;
  for (int i = 0; i != count; ++i) {
    auto note = [&order, i](error_code, response) { order[i % 3].push_back(i); };
    switch (i % 3) {
    case 0:
      transport.async_send(one_event(), note);
      break;
    case 1:
      transport.async_send(one_event(), asio::bind_executor(strand, note));
      break;
    default:
      transport.async_send(one_event(), asio::bind_executor(foreign, note));
    }
  }
  run_until(context, [&] { return order[0].size() + order[1].size() == 2 * count / 3; });
  run(foreign);
  for (const auto& one : order) {
    BOOST_TEST(one.size() == count / 3U);
    BOOST_TEST(std::is_sorted(one.begin(), one.end()));
  }
}

BOOST_AUTO_TEST_CASE(handlers_too_large_for_the_slot_use_their_own_allocator)
{
  allocations counts;
  const counting_allocator<void> allocator{counts};
  std::vector<result> done(3);
  const auto token = [&](result& r) { return asio::bind_allocator(allocator, bulky{record{r}}); };
  transport.async_connect(token(done[0]));
  transport.async_send(one_event(), token(done[1]));
  BOOST_TEST(counts.live == 2);
  run_until(context, [&] { return done[1].done(); });
  transport.async_disconnect(20s, token(done[2]));
  run(context);
  for (const result& r : done) {
    BOOST_TEST(r.error == error_code{});
    BOOST_TEST(r.calls == 1);
  }
  BOOST_TEST(counts.made == 3);
  BOOST_TEST(counts.live == 0);

  // Destroyed uninvoked, they give it back as well.
  auto mortal_context = std::make_unique<asio::io_context>();
  tcp_transport other{*mortal_context, options_for(server->tcp_endpoint())};
  other.async_send(one_event(), token(done[1]));
  mortal_context.reset();
  BOOST_TEST(counts.live == 0);
}

BOOST_AUTO_TEST_CASE(allocator_is_asked_for_while_the_handler_still_has_it)
{
  /// Once moved from, it has none.
  struct holder {
    using allocator_type = counting_allocator<void>;
    [[nodiscard]] allocator_type get_allocator() const noexcept { return allocator_type{*counts}; }
    void operator()(error_code, const response&) const { ++*calls; }

    std::shared_ptr<allocations> counts;
    int* calls;
    std::array<std::byte, 300> ballast{};
  };
  const auto counts = std::make_shared<allocations>();
  int calls = 0;
  transport.async_send(one_event(), holder{counts, &calls});
  run_until(context, [&] { return calls == 1; });
  BOOST_TEST(counts->made == 1);
  BOOST_TEST(counts->live == 0);
}

BOOST_AUTO_TEST_CASE(memory_of_a_handler_is_free_before_it_is_called)
{
  allocations counts;
  int live = -1;
  std::array<std::byte, 300> ballast{};
  transport.async_send(one_event(),
                       asio::bind_allocator(counting_allocator<void>{counts},
                                            [&live, &counts, ballast](error_code, response) {
                                              static_cast<void>(ballast);
                                              live = counts.live;
                                            }));
  run_until(context, [&] { return live != -1; });
  BOOST_TEST(live == 0);
}

BOOST_AUTO_TEST_CASE(handlers_are_never_called_from_within_the_initiating_call)
{
  session_options tight;
  tight.max_queued = 1;
  tight.max_message_size = 10;
  tcp_transport small{context, options_for(server->tcp_endpoint(), tight)};
  bool inside = true;
  int calls = 0;
  const auto check = [&](auto&&...) {
    BOOST_TEST(!inside);
    ++calls;
  };
  const auto attempt = [&](auto&& what) {
    // On the transport's own executor, where a dispatch would run inline.
    asio::post(context, [&inside, what] {
      inside = true;
      what();
      inside = false;
    });
  };
  attempt([&] { small.async_connect(check); });
  attempt([&] { small.async_send(message{}, check); });
  attempt([&] { small.async_send(message{}, check); }); // overloaded, may be
  attempt([&] { small.async_send(message{{.description = "too long for it"}}, check); });
  attempt([&] { small.async_disconnect(20s, check); });
  attempt([&] { small.async_send(message{}, check); }); // refused
  attempt([&] { small.async_connect(check); });
  attempt([&] { small.async_disconnect(20s, check); });
  run_until(context, [&] { return calls == 8; });
}

BOOST_AUTO_TEST_CASE(handler_that_throws_loses_nobody)
{
  constexpr int count = 30;
  std::vector<int> order;
  for (int i = 0; i != count; ++i) {
    transport.async_send(one_event(), [&, i](error_code e, response) {
      BOOST_TEST(e == error_code{});
      order.push_back(i);
      if (i % 7 == 0) {
        throw std::runtime_error{"from a handler"};
      }
    });
  }
  bool gone = false;
  transport.async_disconnect(20s, [&](error_code e) {
    BOOST_TEST(e == error_code{});
    gone = true;
    throw std::runtime_error{"from a handler"};
  });
  int thrown = 0;
  for (bool again = true; again;) {
    context.restart();
    try {
      context.run_for(patience);
      again = false;
    } catch (const std::runtime_error&) {
      ++thrown;
    }
  }
  BOOST_TEST(thrown == 6);
  BOOST_TEST(order.size() == std::size_t{count});
  BOOST_TEST(std::is_sorted(order.begin(), order.end()));
  BOOST_TEST(gone);
  check_books(transport);
}

BOOST_AUTO_TEST_CASE(handlers_may_use_the_transport)
{
  result last;
  result gone;
  transport.async_send(one_event(), [&](error_code, response) {
    BOOST_TEST(transport.statistics().messages.balanced());
    BOOST_TEST(transport.address().has_value());
    transport.async_send(one_event(), asio::detached);
    transport.cancel();
    transport.async_connect([&](error_code) {
      transport.async_send(one_event(), record{last});
      transport.async_disconnect(20s, record{gone});
    });
  });
  run(context);
  BOOST_TEST(last.error == error_code{});
  BOOST_TEST(gone.error == error_code{});
  check_books(transport);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(tcp_manners_on_a_pool, watchdog)

BOOST_AUTO_TEST_CASE(handlers_that_block_on_another_sends_future_do_not_deadlock)
{
  // As many as there are threads but one may block.
  for (const std::size_t threads : {2U, 3U, 4U}) {
    scripted_peer peer{{[](connection& c) {
      // All answers in one read, so that all handlers are in one delivery.
      c.read_frames(10);
      c.ack(10);
      c.serve();
    }}};
    asio::thread_pool pool{threads};
    tcp_transport transport{pool, options_for(peer.endpoint())};
    std::promise<void> last;
    std::shared_future<void> last_done{last.get_future()};
    std::atomic<int> blocked{0};
    for (std::size_t i = 0; i + 1 < threads; ++i) {
      transport.async_send(one_event(), [&, last_done](error_code, response) {
        last_done.wait();
        ++blocked;
      });
    }
    for (std::size_t i = threads; i != 10; ++i) {
      transport.async_send(one_event(), asio::detached);
    }
    transport.async_send(one_event(), [&](error_code, response) { last.set_value(); });
    BOOST_TEST_REQUIRE((last_done.wait_for(patience) == std::future_status::ready));
    get(transport.async_disconnect(20s, asio::use_future));
    pool.join();
    BOOST_TEST(blocked == static_cast<int>(threads) - 1);
  }
}

BOOST_AUTO_TEST_CASE(handler_that_blocks_on_a_send_of_its_own_does_not_deadlock)
{
  running_server server;
  asio::thread_pool pool{2};
  tcp_transport transport{pool, options_for(server->tcp_endpoint())};
  std::promise<bool> acked;
  transport.async_send(one_event(), [&](error_code, response) {
    acked.set_value(get(transport.async_send(one_event(), asio::use_future)).ok());
  });
  BOOST_TEST(get(acked.get_future()));
  get(transport.async_disconnect(20s, asio::use_future));
}

BOOST_AUTO_TEST_SUITE_END()

// Eight threads do all that can be done to one transport, while the server behind
// it, where it is one of streams, makes all its mistakes.

#include "subjects.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <atomic>
#include <cstdlib>
#include <future>
#include <memory>
#include <random>
#include <thread>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::test;
using namespace std::chrono_literals;

constexpr int threads = 8;

/// How long it goes on: RIEMANN_STRESS_SECONDS, else 2.
std::chrono::seconds duration()
{
  const char* const seconds = std::getenv("RIEMANN_STRESS_SECONDS");
  return std::chrono::seconds{seconds == nullptr ? 2 : std::atoi(seconds)};
}

struct tallies {
  std::atomic<std::uint64_t> begun{0};
  std::atomic<std::uint64_t> ended{0};
  std::atomic<std::uint64_t> unbalanced{0};
};

/// One thread's share: its random choices replay, what comes of them does not.
class user {
public:
  user(basic_transport& transport, tallies& t, unsigned seed)
      : transport_{transport}, tallies_{t}, random_{seed}
  {}

  void run(std::chrono::steady_clock::time_point end)
  {
    while (std::chrono::steady_clock::now() < end) {
      act();
      // As any program does that has a memory to lose.
      while (tallies_.begun - tallies_.ended > 5'000) {
        std::this_thread::yield();
      }
    }
  }

private:
  auto counted()
  {
    ++tallies_.begun;
    return [t = &tallies_](const error_code&, const auto&...) { ++t->ended; };
  }

  void act()
  {
    switch (random_() % 64) {
    case 0:
      return transport_.async_connect(counted());
    case 1:
      return transport_.async_disconnect(std::chrono::milliseconds{random_() % 20}, counted());
    case 2:
      return random_() % 8 == 0 ? transport_.cancel() : void();
    case 3: {
      const auto books = transport_.statistics();
      tallies_.unbalanced += books.messages.balanced() && books.events.balanced() ? 0 : 1;
      return;
    }
    case 4:
    case 5:
      return transport_.async_send(message::query("state = \"ok\""), counted());
    case 6:
    case 7:
    case 8:
      return send_and_cancel();
    case 9:
      return transport_.async_send(
          one_event(), {.deadline = std::chrono::microseconds{random_() % 3'000}}, counted());
    default:
      return transport_.async_send(one_event(), counted());
    }
  }

  void send_and_cancel()
  {
    // The signal belongs to the strand that its handler runs on.
    struct cancellable {
      explicit cancellable(const asio::any_io_executor& e) : strand{asio::make_strand(e)} {}
      asio::strand<asio::any_io_executor> strand;
      asio::cancellation_signal signal{};
    };
    const auto c = std::make_shared<cancellable>(transport_.get_executor());
    const auto type = std::array{asio::cancellation_type::total, asio::cancellation_type::partial,
                                 asio::cancellation_type::terminal}[random_() % 3];
    // Either may run after this user is gone.
    asio::dispatch(c->strand, [&transport = transport_, c, handler = counted()] {
      transport.async_send(
          one_event(),
          asio::bind_cancellation_slot(
              c->signal.slot(),
              asio::bind_executor(
                  c->strand, [c, handler](error_code e, const response& a) { handler(e, a); })));
    });
    asio::post(c->strand, [c, type] { c->signal.emit(type); });
  }

  basic_transport& transport_;
  tallies& tallies_;
  std::minstd_rand random_;
};

/// The server's mistakes, one after the other.
void disturb(running_server& server, std::minstd_rand& random)
{
  using namespace testkit;
  const auto few = std::chrono::milliseconds{random() % 5};
  switch (random() % 13) {
  case 0:
    return server->inject(reject{"no"});
  case 1:
    return server->inject(testkit::surplus_answer{});
  case 2:
    return server->inject(garbage{});
  case 3:
    return server->inject(announce{});
  case 4:
    return server->inject(delay{few});
  case 5:
    return server->inject(split{1 + random() % 5});
  case 6:
    return server->inject(coalesce{random() % 20});
  case 7:
    return server->inject(close_at{random() % 7});
  case 8:
    return server->inject(reset_at{random() % 7});
  case 9:
    return server->inject(reset_at{}, {.message = fault_place::accept});
  case 10:
    return server->inject(no_answer{});
  case 11:
    return server->inject(slow_reads{1 + random() % 100, few});
  default:
    return server->close_connections();
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(stress)

TRANSPORT_TEST_CASE(eight_threads_and_every_fault_end_everything_once)
{
  s.behind->answer_timeout = 50ms;
  running_server* const server = s.behind->server();
  asio::thread_pool pool{2};
  const auto held = s.behind->make(pool.get_executor());
  basic_transport& transport = held->get();
  tallies t;
  {
    const auto end = std::chrono::steady_clock::now() + duration();
    std::vector<std::jthread> users;
    for (unsigned n = 1; n <= threads; ++n) {
      users.emplace_back([&, n] { user{transport, t, n}.run(end); });
    }
    if (server != nullptr) {
      std::minstd_rand random{99};
      for (std::uint64_t next = 0; std::chrono::steady_clock::now() < end;) {
        if (t.ended >= next) {
          disturb(*server, random);
          next = t.ended + 200;
        }
        std::this_thread::yield();
      }
      (*server)->clear_faults();
    }
  }
  transport.cancel();
  // One that was under way may have been aborted, which this one is then told too.
  std::promise<void> gone;
  transport.async_disconnect(20s, [&](error_code) { gone.set_value(); });
  get(gone.get_future());
  pool.join();
  BOOST_TEST(t.begun == t.ended);
  BOOST_TEST(t.unbalanced == 0U);
  check_books(transport.statistics());
  BOOST_TEST(transport.statistics().messages.submitted > 1'000U);
}

BOOST_AUTO_TEST_SUITE_END()

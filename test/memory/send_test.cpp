// A send in steady state takes nothing from the heap: any transport and token, with
// windows of 1 and of 1,000, as long as the handler runs on the transport's executor.
#include "../integration/tls_fixture.hpp"
#include "heap.hpp"

#include <riemann/client.hpp>
#include <riemann/tcp_transport.hpp>
#include <riemann/udp_transport.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/system/system_error.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace riemann::test {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::array<std::size_t, 2> windows{1, 1'000};
/// Sends before the counting, and in a round of it.
constexpr std::size_t warm_up = 20'000;
constexpr std::size_t counted = 20'000;

/// The server, in a thread of its own, which is not counted.
testkit::test::running_server& server()
{
  static testkit::test::running_server running{{.sink = true}};
  return running;
}

const event& usual_event()
{
  static const event e{.host = "app-server-17.example.org",
                       .service = "api request latency ms",
                       .state = "ok",
                       .metric = 0.217,
                       .tags = {"prod", "api", "http"}};
  return e;
}

/// ...and another, over TLS.
testkit::test::running_server& tls_server()
{
  static testkit::test::running_server running{[] {
    auto options = with_tls(mutual_tls());
    options.sink = true;
    return options;
  }()};
  return running;
}

tls_options tls(std::size_t window)
{
  auto o = tls_options_for(tls_server()->tls_endpoint());
  o.session.max_in_flight = window;
  return o;
}
tcp_options tcp(std::size_t window)
{
  tcp_options o{.host = "127.0.0.1", .port = server()->port()};
  o.session.max_in_flight = window;
  return o;
}
udp_options udp(std::size_t)
{
  return {.host = "127.0.0.1", .port = server()->port()};
}
udp_options coalescing_udp(std::size_t window)
{
  udp_options o = udp(window);
  o.max_coalesced_size = 16'384;
  return o;
}

/// Counts what sends take from the heap, by rounds, after the warm-up. More may come
/// together by chance than ever before, and is kept from then on: what counts is the
/// first round in which that does not happen, of five.
class meter {
public:
  /// One more send has ended. True: another may begin.
  bool ended(asio::io_context& context)
  {
    ++ended_;
    if (ended_ >= warm_up && (ended_ - warm_up) % counted == 0) {
      const std::uint64_t now = heap_.now().calls;
      taken_ = now - before_;
      before_ = now;
      const auto round = (ended_ - warm_up) / counted;
      complete_ = complete_ || (round != 0 && (taken_ == 0 || round == 5));
      if (complete_) {
        context.stop();
      }
    }
    return !complete_;
  }
  [[nodiscard]] bool complete() const noexcept { return complete_; }
  [[nodiscard]] double per_send() const
  {
    return static_cast<double>(taken_) / static_cast<double>(counted);
  }
  /// In the last round.
  [[nodiscard]] std::uint64_t taken() const noexcept { return taken_; }

private:
  heap_count heap_{};
  std::size_t ended_ = 0;
  std::uint64_t before_ = 0;
  std::uint64_t taken_ = 0;
  bool complete_ = false;
};

/// A transport on a context, and how much of its sends is outstanding.
template <class Transport>
struct load {
  template <class Options>
  load(std::size_t outstanding, const Options& options)
      : window{outstanding}, transport{context, options}
  {}

  void throw_if(error_code error) const
  {
    if (error && !m.complete()) {
      throw boost::system::system_error{error};
    }
  }

  void send_by_callback()
  {
    sender.async_send(usual_event(), [this](error_code error, const response&) {
      throw_if(error);
      if (m.ended(context)) {
        send_by_callback();
      }
    });
  }

  asio::awaitable<void> send_by_coroutine()
  {
    do {
      co_await sender.async_send(usual_event());
    } while (m.ended(context));
  }

  template <class Executor>
  void spawn(const Executor& executor)
  {
    asio::co_spawn(executor, send_by_coroutine(), [](const std::exception_ptr& thrown) {
      if (thrown) {
        std::rethrow_exception(thrown);
      }
    });
  }

  template <class Start>
  void run(Start start)
  {
    for (std::size_t i = 0; i != window; ++i) {
      start();
    }
    // `run()` alone: one that returns now and then forgets what Asio has recycled.
    const watchdog hangs;
    context.run();
    BOOST_TEST_REQUIRE(m.complete(), "the sends did not all end");
  }

  std::size_t window;
  asio::io_context context{1};
  Transport transport;
  riemann::client<Transport&> sender{transport};
  meter m{};
};

template <class Transport, class Options>
void check_nothing_taken(std::size_t window, const Options& options)
{
  {
    load<Transport> l{window, options};
    l.run([&] { l.send_by_callback(); });
    BOOST_TEST(l.m.taken() == 0U, "callbacks took " << l.m.taken());
  }
  {
    load<Transport> l{window, options};
    l.run([&] { l.spawn(l.context.get_executor()); });
    BOOST_TEST(l.m.taken() == 0U, "coroutines took " << l.m.taken());
  }
}

double taken_over_tls(std::size_t window)
{
  load<tls_transport> l{window, tls(window)};
  l.run([&] { l.send_by_callback(); });
  return l.m.per_send();
}

double taken_from_strands(std::size_t window)
{
  load<tcp_transport> l{window, tcp(window)};
  l.run([&] { l.spawn(asio::make_strand(l.context.get_executor())); });
  return l.m.per_send();
}

} // namespace

BOOST_AUTO_TEST_SUITE(memory_of_sends)

BOOST_DATA_TEST_CASE(tcp_when_steady_then_takes_nothing, boost::unit_test::data::make(windows),
                     window)
{
  check_nothing_taken<tcp_transport>(window, tcp(window));
}

// OpenSSL takes 40 bytes for every call of it: two a record read, two a record written.
BOOST_DATA_TEST_CASE(tls_when_steady_then_takes_nothing_but_openssls,
                     boost::unit_test::data::make(windows), window)
{
  const double each = taken_over_tls(window);
  BOOST_TEST_MESSAGE("over TLS a send takes " << each);
  BOOST_TEST(each <= (window == 1 ? 4.0 : 0.1));
}

BOOST_DATA_TEST_CASE(udp_when_steady_then_takes_nothing, boost::unit_test::data::make(windows),
                     window)
{
  check_nothing_taken<udp_transport>(window, udp(window));
}

BOOST_DATA_TEST_CASE(coalescing_udp_when_steady_then_takes_nothing,
                     boost::unit_test::data::make(windows), window)
{
  check_nothing_taken<udp_transport>(window, coalescing_udp(window));
}

BOOST_DATA_TEST_CASE(coroutines_when_each_on_a_strand_then_take_three_at_most,
                     boost::unit_test::data::make(windows), window)
{
  const double each = taken_from_strands(window);
  BOOST_TEST_MESSAGE("a send from a strand of its own takes " << each);
  BOOST_TEST(each <= 3.1); // one more for some batches, when answers come in another way
}

BOOST_AUTO_TEST_CASE(cancellable_sends_when_steady_then_take_nothing)
{
  load<tcp_transport> l{1, tcp(1)};
  asio::cancellation_signal signal;
  std::function<void()> send = [&] {
    l.sender.async_send(usual_event(), asio::bind_cancellation_slot(
                                           signal.slot(), [&](error_code error, const response&) {
                                             l.throw_if(error);
                                             if (l.m.ended(l.context)) {
                                               send();
                                             }
                                           }));
  };
  l.run(send);
  BOOST_TEST(l.m.taken() == 0U);
}

/// Lest the counting itself be broken: what does take memory is seen.
BOOST_AUTO_TEST_CASE(heap_when_taken_from_then_counted)
{
  const heap_count heap;
  // Volatile: a compiler may leave out a pair that nobody sees.
  void* volatile block = ::operator new(1'000);
  BOOST_TEST(heap.now().calls >= 1U);
  BOOST_TEST(heap.now().bytes >= 1'000);
  ::operator delete(block);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test

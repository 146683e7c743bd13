// A program that reports its own figures: what it records, and what it is asked.
#include <riemann/reporter.hpp>
#include <riemann/tcp_transport.hpp>

#include <boost/asio.hpp>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <exception>
#include <iostream>

namespace asio = boost::asio;
using namespace std::chrono_literals;

/// What the program is for.
void serve(std::deque<int>& queue, int order)
{
  queue.push_back(order);
  if (order % 3 == 0) {
    queue.clear();
  }
}

asio::awaitable<void> shop(riemann::tcp_options server)
{
  riemann::tcp_transport transport{co_await asio::this_coro::executor, server};
  std::deque<int> queue;

  // [shown]
  riemann::reporter_options options;
  options.interval = 100ms;
  options.prefix = "shop";
  options.tags = {"prod"};
  options.on_report = [](const riemann::report_result& ended) {
    if (ended.error) {
      std::cerr << "a report was lost: " << ended.error.message() << '\n';
    }
  };
  riemann::reporter reporter{transport, options};

  const riemann::counter orders = reporter.add_counter("orders");
  const riemann::meter rate = reporter.add_meter("orders a second");
  const riemann::timer latency =
      reporter.add_timer("latency", {.warning = 0.2, .critical = 1.0}); // seconds
  const riemann::gauge room = reporter.add_gauge(
      "room", {.warning = 20, .critical = 5, .side = riemann::bad_side::below, .hysteresis = 2});
  reporter.add_gauge("queue length", [&] { return queue.size(); }, {.warning = 1'000});
  reporter.start();
  // [/shown]

  asio::steady_timer pause{co_await asio::this_coro::executor};
  for (int order = 1; order <= 40; ++order) {
    // [shown]
    {
      const auto timed = latency.time(); // records when it goes out of scope
      serve(queue, order);
    }
    orders.add();
    rate.mark();
    room.set(100.0 - order);
    // [/shown]
    pause.expires_after(5ms);
    co_await pause.async_wait(asio::deferred);
  }

  // [shown]
  co_await reporter.async_stop(5s);        // reports what has been recorded since
  co_await transport.async_disconnect(5s); // every answer is read first
  // [/shown]
  const riemann::reporter_statistics books = reporter.statistics();
  std::cout << "reports delivered: " << books.delivered << " of " << books.reports << ", "
            << orders.value() << " orders\n";
}

int main(int argc, char** argv)
{
  try {
    riemann::tcp_options server{.host = argc > 1 ? argv[1] : "localhost"};
    server.port = static_cast<std::uint16_t>(argc > 2 ? std::stoi(argv[2]) : 5555);
    asio::io_context context;
    auto done = asio::co_spawn(context, shop(server), asio::use_future);
    context.run();
    done.get();
  } catch (const std::exception& failure) {
    std::cerr << "reporter: " << failure.what() << '\n';
    return 1;
  }
}

// Reports until it is told to stop (SIGTERM, or Ctrl-C), and then leaves nothing behind.
#include <riemann/batch_client.hpp>
#include <riemann/tcp_transport.hpp>

#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <exception>
#include <iostream>

namespace {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;

// [shown]
asio::awaitable<void> report(riemann::batch_client& client)
{
  asio::steady_timer timer{co_await asio::this_coro::executor};
  for (int beats = 0;; ++beats) {
    client.post({.service = "example heartbeat", .state = "ok", .metric = beats});
    timer.expires_after(100ms);
    co_await timer.async_wait(asio::use_awaitable);
  }
}

asio::awaitable<void> run(riemann::tcp_options server)
{
  const auto executor = co_await asio::this_coro::executor;
  riemann::tcp_transport transport{executor, server};
  riemann::batch_client client{transport};
  asio::signal_set signals{executor, SIGINT, SIGTERM};
  std::cout << "running" << std::endl;
  co_await (report(client) || signals.async_wait(asio::use_awaitable));
  // What is gathered is sent, what was sent is answered, and both no longer than that.
  co_await client.async_close(5s, asio::use_awaitable);
  co_await transport.async_disconnect(5s, asio::use_awaitable);
  const auto events = client.statistics().events;
  std::cout << events.submitted - events.acked << " events lost\n";
}
// [/shown]

} // namespace

int main(int argc, char** argv)
{
  riemann::tcp_options server;
  if (argc == 3) {
    server.host = argv[1];
    server.port = static_cast<std::uint16_t>(std::atoi(argv[2]));
  }
  asio::io_context context;
  asio::co_spawn(context, run(server), [](const std::exception_ptr& failure) {
    if (failure) {
      std::rethrow_exception(failure);
    }
  });
  context.run();
}

#include <riemann/client.hpp>
#include <riemann/tcp_transport.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <exception>
#include <iostream>

// [readme]
namespace asio = boost::asio;

asio::awaitable<void> report(asio::any_io_executor executor, riemann::tcp_options server)
{
  riemann::tcp_transport transport{executor, server};
  riemann::client client{transport};
  co_await client.async_send({.service = "api latency", .state = "ok", .metric = 0.21});
  const riemann::response answer = co_await client.async_query("service =~ \"api%\"");
  for (const riemann::event_view e : answer.events()) {
    std::cout << e.service().value_or("?") << " is " << e.state().value_or("?") << '\n';
  }
  // Every answer is read before the close.
  co_await transport.async_disconnect(std::chrono::seconds{5});
}

void run(const riemann::tcp_options& server)
{
  asio::io_context context;
  asio::co_spawn(context, report(context.get_executor(), server), [](std::exception_ptr failure) {
    if (failure) {
      std::rethrow_exception(failure);
    }
  });
  context.run();
}
// [/readme]

int main(int argc, char** argv)
{
  riemann::tcp_options server;
  if (argc == 3) {
    server.host = argv[1];
    server.port = static_cast<std::uint16_t>(std::atoi(argv[2]));
  }
  try {
    run(server);
    return 0;
  } catch (const std::exception& failure) {
    std::cerr << "quick_start: " << failure.what() << '\n';
    return 1;
  }
}

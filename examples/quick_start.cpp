// The program in the README.
// [shown]
#include <riemann/client.hpp>
#include <riemann/tcp_transport.hpp>

#include <boost/asio.hpp>

#include <iostream>

namespace asio = boost::asio;

asio::awaitable<void> report(riemann::tcp_options server)
{
  const auto executor = co_await asio::this_coro::executor;
  riemann::tcp_transport transport{executor, server};
  riemann::client client{transport};
  co_await client.async_send({.service = "api latency", .state = "ok", .metric = 0.21});
  const riemann::response found = co_await client.async_query("service =~ \"api%\"");
  for (const riemann::event_view e : found.events()) {
    std::cout << e.service().value_or("?") << " is " << e.state().value_or("?") << '\n';
  }
  co_await transport.async_disconnect(std::chrono::seconds{5}); // every answer is read first
}

int main(int argc, char** argv)
{
  asio::io_context context;
  riemann::tcp_options server{.host = argc > 1 ? argv[1] : "localhost"};
  server.port = static_cast<std::uint16_t>(argc > 2 ? std::stoi(argv[2]) : 5555);
  auto done = asio::co_spawn(context, report(server), asio::use_future);
  context.run();
  done.get(); // throws what went wrong
}
// [/shown]

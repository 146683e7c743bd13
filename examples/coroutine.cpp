// Coroutines: failures as values, with the server's text; a deadline of one's own;
// two things at once; giving up.
#include <riemann/as_result.hpp>
#include <riemann/client.hpp>
#include <riemann/tcp_transport.hpp>
#include <riemann/with_text.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cstdlib>
#include <exception>
#include <iostream>

namespace {

namespace asio = boost::asio;
using namespace asio::experimental::awaitable_operators;
using namespace std::chrono_literals;
using client_type = riemann::client<riemann::tcp_transport&>;

asio::awaitable<void> failures(client_type& client)
{
  // [shown]
  const riemann::send_result answer =
      co_await client.async_query("service =", {.deadline = 2s}, riemann::as_result());
  if (answer.has_error()) {
    std::cout << "as a value: " << answer.error().text() << '\n';
  }
  try {
    co_await client.async_query("service =", riemann::with_text(asio::use_awaitable));
  } catch (const riemann::server_error& rejected) {
    std::cout << "as an exception: " << rejected.what() << '\n';
  }
  // [/shown]
}

// [shown]
asio::awaitable<void> at_once_or_not_at_all(client_type& client)
{
  co_await (client.async_send({.service = "first"}, asio::use_awaitable) &&
            client.async_send({.service = "second"}, asio::use_awaitable));
  asio::steady_timer timer{co_await asio::this_coro::executor, 5s};
  const auto first = co_await (client.async_query("true", asio::use_awaitable) ||
                               timer.async_wait(asio::use_awaitable));
  std::cout << (first.index() == 0 ? "the query came first\n" : "too slow, and given up\n");
}
// [/shown]

asio::awaitable<void> run(riemann::tcp_options server)
{
  const auto executor = co_await asio::this_coro::executor;
  riemann::tcp_transport transport{executor, server};
  riemann::client client{transport};
  co_await failures(client);
  co_await at_once_or_not_at_all(client);
  co_await transport.async_disconnect(5s);
}

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

// A server of coroutines that tells Riemann how long each request took, and never waits
// for that. So that it ends, it has a client of its own.
#include <riemann/batch_client.hpp>
#include <riemann/tcp_transport.hpp>

#include <boost/asio.hpp>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;

// [shown]
asio::awaitable<void> serve(tcp::socket peer, riemann::batch_client& riemann)
{
  std::string received;
  for (;;) {
    const std::size_t length = co_await asio::async_read_until(peer, asio::dynamic_buffer(received),
                                                               '\n', asio::use_awaitable);
    const auto begin = std::chrono::steady_clock::now();
    co_await asio::async_write(peer, asio::buffer(received.data(), length), asio::use_awaitable);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    riemann.post({.service = "echo latency", .metric = took.count()}); // never blocks
    received.erase(0, length);
  }
}

asio::awaitable<void> listen(tcp::acceptor& acceptor, riemann::batch_client& riemann)
{
  for (;;) {
    tcp::socket peer = co_await acceptor.async_accept(asio::use_awaitable);
    asio::co_spawn(acceptor.get_executor(), serve(std::move(peer), riemann), asio::detached);
  }
}
// [/shown]

asio::awaitable<void> ask(tcp::endpoint where)
{
  tcp::socket socket{co_await asio::this_coro::executor};
  co_await socket.async_connect(where, asio::use_awaitable);
  std::string received;
  for (const std::string line : {"one\n", "two\n", "three\n"}) {
    co_await asio::async_write(socket, asio::buffer(line), asio::use_awaitable);
    const std::size_t length = co_await asio::async_read_until(
        socket, asio::dynamic_buffer(received), '\n', asio::use_awaitable);
    received.erase(0, length);
  }
}

asio::awaitable<void> run(riemann::tcp_options server)
{
  const auto executor = co_await asio::this_coro::executor;
  riemann::tcp_transport transport{executor, server};
  riemann::batch_client client{transport};
  tcp::acceptor acceptor{executor, tcp::endpoint{asio::ip::address_v4::loopback(), 0}};
  asio::co_spawn(executor, listen(acceptor, client), asio::detached);
  co_await ask(acceptor.local_endpoint());
  acceptor.close();
  co_await client.async_close(5s, asio::use_awaitable);
  co_await transport.async_disconnect(5s, asio::use_awaitable);
  std::cout << "Riemann knows of " << client.statistics().events.acked << " requests\n";
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

// A file as a user's program has it: six operations awaited. The build holds what
// it costs to compile within bounds.
#include <riemann/client.hpp>
#include <riemann/tcp_transport.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>

namespace asio = boost::asio;

asio::awaitable<void> use(riemann::tcp_transport& transport)
{
  riemann::client client{transport};
  const riemann::event kept{.service = "kept"};
  co_await transport.async_connect();
  co_await client.async_send({.service = "literal", .metric = 1});
  co_await client.async_send(kept);
  co_await client.async_query("true");
  co_await client.async_send({{.service = "two"}, {.service = "at once"}});
  co_await transport.async_disconnect(std::chrono::seconds{5});
}

int main()
{
  asio::io_context context;
  riemann::tcp_transport transport{context};
  asio::co_spawn(context, use(transport), asio::detached);
  context.run();
}

// Stackful coroutines: `yield` returns the answer, or throws, or sets an error.
#include <riemann/as_result.hpp>
#include <riemann/client.hpp>
#include <riemann/tcp_transport.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/spawn.hpp>

#include <cstdlib>
#include <exception>
#include <iostream>

namespace asio = boost::asio;

int main(int argc, char** argv)
{
  riemann::tcp_options server;
  if (argc == 3) {
    server.host = argv[1];
    server.port = static_cast<std::uint16_t>(std::atoi(argv[2]));
  }
  asio::io_context context;
  riemann::tcp_transport transport{context, server};
  riemann::client client{transport};
  // [shown]
  const auto talk = [&](const asio::yield_context& yield) {
    client.async_send({.service = "example stackful", .metric = 1}, yield);
    const auto found = client.async_query("service = \"example stackful\"", yield);
    std::cout << found.event_count() << " event found\n";
    const auto bad = client.async_query("service =", riemann::as_result(yield));
    std::cout << "rejected: " << (bad.has_error() ? bad.error().text() : "no") << '\n';
    transport.async_disconnect(std::chrono::seconds{5}, yield);
  };
  // [/shown]
  asio::spawn(context, talk, [](const std::exception_ptr& failure) {
    if (failure) {
      std::rethrow_exception(failure);
    }
  });
  context.run();
}

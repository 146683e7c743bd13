// A program with threads of its own: an io_context runs beside, futures wait.
#include <riemann/client.hpp>
#include <riemann/tcp_transport.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <thread>

int main(int argc, char** argv)
{
  riemann::tcp_options server;
  if (argc == 3) {
    server.host = argv[1];
    server.port = static_cast<std::uint16_t>(std::atoi(argv[2]));
  }
  boost::asio::io_context context;
  auto work = boost::asio::make_work_guard(context);
  std::jthread runner{[&] { context.run(); }};
  riemann::tcp_transport transport{context, server};
  riemann::client client{transport};
  int result = 0;
  // [shown]
  try {
    client.async_send({.service = "example futures", .state = "ok"}, boost::asio::use_future).get();
    const auto answer =
        client.async_query("service = \"example futures\"", boost::asio::use_future).get();
    std::cout << answer.event_count() << " event found\n";
    transport.async_disconnect(std::chrono::seconds{5}, boost::asio::use_future).get();
  } catch (const std::exception& failure) {
    std::cerr << "futures: " << failure.what() << '\n';
    result = 1;
  }
  // [/shown]
  work.reset();
  context.stop();
  return result;
}

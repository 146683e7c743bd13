// A program that has a lot to say: events are posted one by one, and sent in batches.
#include <riemann/batch_client.hpp>
#include <riemann/tcp_transport.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <cstdint>
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

  // [shown]
  riemann::tcp_transport transport{context, server};
  riemann::batch_options options;
  options.on_loss = [](const riemann::batch_loss& loss) {
    std::cerr << loss.events << " events lost: " << loss.reason << '\n';
  };
  riemann::batch_client client{transport, options};
  for (int i = 0; i != 100'000; ++i) {
    client.post({.service = "example batch", .metric = i}); // never blocks
  }
  // [/shown]
  int result = 0;
  try {
    // One that matters is waited for; then nothing is left behind.
    client.async_send({.service = "example batch", .state = "ok"}, boost::asio::use_future).get();
    client.async_close(std::chrono::seconds{5}, boost::asio::use_future).get();
    const auto books = client.statistics();
    std::cout << "acked " << books.events.acked << " of " << books.events.submitted << '\n';
    transport.async_disconnect(std::chrono::seconds{5}, boost::asio::use_future).get();
  } catch (const std::exception& failure) {
    std::cerr << "batch: " << failure.what() << '\n';
    result = 1;
  }
  work.reset();
  context.stop();
  return result;
}

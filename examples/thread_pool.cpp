// Four threads run the context, and all of them send over one connection. Nothing is
// to be locked: a transport may be used from any thread.
#include <riemann/client.hpp>
#include <riemann/tcp_transport.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <future>
#include <iostream>
#include <vector>

namespace asio = boost::asio;

int main(int argc, char** argv)
{
  riemann::tcp_options server;
  if (argc == 3) {
    server.host = argv[1];
    server.port = static_cast<std::uint16_t>(std::atoi(argv[2]));
  }
  // [shown]
  asio::thread_pool pool{4};
  riemann::tcp_transport transport{pool, server};
  riemann::client client{transport};
  std::atomic<int> acked{0};
  const auto work = [&] {
    for (int i = 0; i != 250; ++i) {
      client.async_send({.service = "example thread pool", .metric = i},
                        [&](boost::system::error_code error, const riemann::response&) {
                          acked += error ? 0 : 1; // on any of the pool's threads
                        });
    }
  };
  std::vector<std::future<void>> parts;
  for (int i = 0; i != 4; ++i) {
    parts.push_back(asio::post(pool, asio::use_future(work)));
  }
  for (auto& part : parts) {
    part.get();
  }
  transport.async_disconnect(std::chrono::seconds{5}, asio::use_future).get();
  pool.join();
  // [/shown]
  std::cout << "acked " << acked << " of 1000\n";
  return acked == 1'000 ? 0 : 1;
}

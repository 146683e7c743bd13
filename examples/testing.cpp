// How to test one's own code: a server within the process, read back by its index.
#include <riemann/client.hpp>
#include <riemann/tcp_transport.hpp>
#include <riemann/testkit/server.hpp>

#include <boost/asio/io_context.hpp>

#include <iostream>

int main()
{
  boost::asio::io_context context;
  riemann::testkit::server server{context.get_executor()};
  riemann::tcp_transport transport{context, {.host = "127.0.0.1", .port = server.port()}};
  riemann::client client{transport};

  client.async_send({.service = "under test", .metric = 42},
                    [&](boost::system::error_code error, const riemann::response&) {
                      std::cout << "sent: " << error.message() << '\n';
                      transport.cancel(); // closes the connection
                      server.stop();
                    });
  context.run();

  const auto events = server.index();
  const bool right = events.size() == 1 && events.front().service == "under test" &&
                     events.front().metric == riemann::metric{42};
  std::cout << (right ? "the server has it\n" : "the server does not have it\n");
  return right ? 0 : 1;
}

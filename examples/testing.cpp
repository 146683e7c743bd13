// How to test one's own code: a server within the process, which is read back, and
// which makes mistakes when it is told to.
#include <riemann/client.hpp>
#include <riemann/tcp_transport.hpp>
#include <riemann/testkit/server.hpp>

#include <boost/asio/io_context.hpp>

#include <iostream>

int main()
{
  boost::asio::io_context context;
  // [shown]
  riemann::testkit::server server{context.get_executor()};
  riemann::tcp_transport transport{context, {.host = "127.0.0.1", .port = server.port()}};
  riemann::client client{transport};
  server.inject(riemann::testkit::reject{"index full"}, {.message = 2});
  // [/shown]

  int rejected = 0;
  for (int i = 0; i != 3; ++i) {
    client.async_send({.service = "under test", .metric = i},
                      [&](boost::system::error_code error, const riemann::response& answer) {
                        rejected += error == riemann::outcome::rejected ? 1 : 0;
                        std::cout << "sent: " << error.message() << ' ' << answer.text() << '\n';
                      });
  }
  transport.async_disconnect(std::chrono::seconds{5},
                             [&](boost::system::error_code) { server.stop(); });
  context.run();

  const auto events = server.index();
  const bool right = rejected == 1 && events.size() == 1 &&
                     events.front().service == "under test" &&
                     events.front().metric == riemann::metric{2};
  std::cout << (right ? "the server has it\n" : "the server does not have it\n");
  return right ? 0 : 1;
}

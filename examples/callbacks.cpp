// Many messages in flight, told of by callbacks, and the books at the end.
#include <riemann/client.hpp>
#include <riemann/tcp_transport.hpp>

#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <iostream>

namespace {

constexpr int total = 1'000;

void report(const riemann::statistics& books)
{
  std::cout << "acked " << books.messages.acked << " of " << books.messages.submitted << '\n';
}

} // namespace

int main(int argc, char** argv)
{
  riemann::tcp_options server;
  if (argc == 3) {
    server.host = argv[1];
    server.port = static_cast<std::uint16_t>(std::atoi(argv[2]));
  }
  boost::asio::io_context context;
  riemann::tcp_transport transport{context, server};
  riemann::client client{transport};
  for (int i = 0; i != total; ++i) {
    client.async_send({.service = "example callbacks", .metric = i},
                      [i](boost::system::error_code error, const riemann::response& answer) {
                        if (error) {
                          std::cerr << "message " << i << ": " << error.message() << ' '
                                    << answer.text() << '\n';
                        }
                      });
  }
  transport.async_disconnect(std::chrono::seconds{5}, [](boost::system::error_code error) {
    if (error) {
      std::cerr << "disconnect: " << error.message() << '\n';
    }
  });
  context.run();
  report(transport.statistics());
  return transport.statistics().messages.acked == total ? 0 : 1;
}

// Many messages in flight, told of by callbacks, and the books at the end.
#include <riemann/client.hpp>
#include <riemann/tcp_transport.hpp>

#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <iostream>

namespace {

constexpr int total = 1'000;

// [shown]
void tell(boost::system::error_code error, const riemann::response& answer)
{
  if (error == riemann::outcome::not_sent) {
    std::cerr << "safe to send again: no byte of it left; " << error.message() << '\n';
  } else if (error == riemann::outcome::rejected) {
    std::cerr << "the server's own words: " << answer.text() << '\n';
  } else if (error) {
    std::cerr << "unknown whether it arrived: " << error.message() << '\n';
  }
}
// [/shown]

} // namespace

int main(int argc, char** argv)
{
  riemann::tcp_options server;
  if (argc == 3) {
    server.host = argv[1];
    server.port = static_cast<std::uint16_t>(std::atoi(argv[2]));
  }
  // [shown]
  boost::asio::io_context context;
  riemann::tcp_transport transport{context, server};
  riemann::client client{transport};
  for (int i = 0; i != total; ++i) {
    client.async_send({.service = "example callbacks", .metric = i}, tell);
  }
  transport.async_disconnect(std::chrono::seconds{5}, [](boost::system::error_code error) {
    if (error) {
      std::cerr << "disconnect: " << error.message() << '\n';
    }
  });
  context.run(); // every callback is called from in here
  // [/shown]
  const auto books = transport.statistics().messages;
  std::cout << "acked " << books.acked << " of " << books.submitted << '\n';
  return books.acked == total ? 0 : 1;
}

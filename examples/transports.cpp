// A transport chosen at run time: by default none, which only keeps what it is sent.
#include <riemann/any_transport.hpp>
#include <riemann/blank_transport.hpp>
#include <riemann/client.hpp>
#include <riemann/tcp_transport.hpp>
#include <riemann/tls_transport.hpp>
#include <riemann/udp_transport.hpp>

#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

namespace {

// [shown]
riemann::any_transport make_transport(boost::asio::io_context& context, std::string_view kind,
                                      const std::string& host, std::uint16_t port)
{
  if (kind == "tcp") {
    return riemann::tcp_transport{context, {.host = host, .port = port}};
  }
  if (kind == "tls") {
    return riemann::tls_transport{context, {.host = host, .port = port}};
  }
  if (kind == "udp") {
    return riemann::udp_transport{context, {.host = host, .port = port}};
  }
  return riemann::blank_transport{context};
}
// [/shown]

} // namespace

int main(int argc, char** argv)
{
  const std::string host = argc > 1 ? argv[1] : "localhost";
  const auto port = static_cast<std::uint16_t>(argc > 2 ? std::atoi(argv[2]) : 5555);
  boost::asio::io_context context;
  bool good = true;
  for (const char* kind : {"none", "udp", "tcp"}) {
    riemann::client client{make_transport(context, kind, host, port)};
    client.async_send({.service = "example transports", .tags = {kind}},
                      [&](boost::system::error_code error, const riemann::response& answer) {
                        good = good && !error;
                        std::cout << kind << ": " << error.message() << ' ' << answer.text()
                                  << '\n';
                        client.transport().cancel(); // an open connection is work for the context
                      });
    context.restart();
    context.run();
  }
  return good ? 0 : 1;
}

// Over TLS, with a client certificate, as a real Riemann wants it.
#include <riemann/client.hpp>
#include <riemann/tls_transport.hpp>

#include <boost/asio.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>

namespace asio = boost::asio;

int main(int argc, char** argv)
{
  if (argc != 4) {
    std::cerr << "usage: " << argv[0] << " HOST PORT DIRECTORY\n"
              << "the directory is one that `riemann-cli serve --tls` makes\n";
    return 2;
  }
  const std::string host = argv[1];
  const auto port = static_cast<std::uint16_t>(std::atoi(argv[2]));
  const std::string certificates = argv[3];
  // [shown]
  riemann::tls_options options{.host = host, .port = port};
  options.ca_certs = certificates + "/ca.pem";             // whom to trust
  options.certificate_file = certificates + "/client.pem"; // who we are
  options.key_file = certificates + "/client.key";
  // [/shown]
  asio::io_context context;
  riemann::tls_transport transport{context, options};
  riemann::client client{transport};
  client.async_send({.service = "example tls", .state = "ok"},
                    [&](boost::system::error_code error, const riemann::response& answer) {
                      if (error) {
                        std::cout << error.message() << ' ' << answer.text() << '\n';
                      } else {
                        const auto agreed = transport.connection().value();
                        std::cout << "acked over " << agreed.version << ", " << agreed.cipher
                                  << '\n';
                      }
                      transport.async_disconnect(std::chrono::seconds{5}, asio::detached);
                    });
  options.server_name = "elsewhere.example";
  riemann::tls_transport mistaken{context, options};
  mistaken.async_connect([&](boost::system::error_code error) {
    if (error == riemann::tls_error::wrong_name) {
      std::cout << "not for " << options.server_name << ": " << error.message() << '\n';
    }
  });
  context.run();
}

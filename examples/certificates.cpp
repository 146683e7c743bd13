// A program's own test over TLS: authority, certificates and server are made on the spot.
#include <riemann/client.hpp>
#include <riemann/testkit/certificate.hpp>
#include <riemann/testkit/server.hpp>
#include <riemann/tls_transport.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <iostream>

int main()
{
  boost::asio::io_context context;
  // [shown]
  const riemann::testkit::certificate_authority authority;
  const riemann::testkit::identity theirs = authority.issue(); // for localhost
  const riemann::testkit::identity ours = authority.issue({.common_name = "a client"});

  riemann::testkit::server_options options;
  options.tls.emplace();
  options.tls->certificate_pem = theirs.certificate_pem;
  options.tls->key_pem = theirs.key_pem;
  options.tls->client_ca_pem = authority.certificate_pem(); // as a Riemann, it asks for one
  riemann::testkit::server server{context.get_executor(), options};

  riemann::tls_options client_options{.host = "127.0.0.1", .port = server.tls_endpoint().port()};
  client_options.ca_certs_pem = authority.certificate_pem();
  client_options.certificate_pem = ours.certificate_pem;
  client_options.key_pem = ours.key_pem;
  riemann::tls_transport transport{context, client_options};
  // [/shown]
  bool acked = false;
  riemann::client client{transport};
  client.async_send({.service = "example certificates"},
                    [&](boost::system::error_code error, const riemann::response& answer) {
                      acked = !error;
                      std::cout << "sent: " << error.message() << ' ' << answer.text() << '\n';
                    });
  transport.async_disconnect(std::chrono::seconds{5},
                             [&](boost::system::error_code) { server.stop(); });
  context.run();
  return acked ? 0 : 1;
}

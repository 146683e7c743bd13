// A program of a user's that uses the library alone: neither protobuf nor OpenSSL have to
// be installed to compile it.
#include "check.hpp"

#include <riemann/blank_transport.hpp>
#include <riemann/client.hpp>
#include <riemann/tls_transport.hpp>

#include <boost/asio/io_context.hpp>

int main()
{
  boost::asio::io_context context;
  riemann::blank_transport transport{context};
  riemann::client client{transport};
  client.async_send({.service = "installed", .tags = {"one", "two"}},
                    [](boost::system::error_code error, const riemann::response& answer) {
                      check("acknowledged", !error && answer.ok());
                    });
  context.run();
  check("kept", transport.events().size() == 1 && transport.events().front().tags.size() == 2);

  riemann::tls_transport unreadable{context};
  riemann::tls_options none;
  none.ca_certs = "/nowhere/at.all";
  const auto refused = unreadable.reload(none);
  check("what was refused says why", refused.has_error() && !refused.error().text().empty());
  return told();
}

#include "cli/make_transport.hpp"

#include <riemann/blank_transport.hpp>
#include <riemann/tcp_transport.hpp>
#include <riemann/udp_transport.hpp>

namespace riemann::cli {

namespace {

tcp_options tcp_options_of(const server_settings& settings)
{
  tcp_options options;
  options.host = settings.host;
  options.port = settings.port;
  options.session.connect_timeout = settings.timeout;
  options.session.answer_timeout = settings.timeout;
  options.session.write_timeout = settings.timeout;
  return options;
}

udp_options udp_options_of(const server_settings& settings)
{
  udp_options options;
  options.host = settings.host;
  options.port = settings.port;
  options.connect_timeout = settings.timeout;
  options.write_timeout = settings.timeout;
  return options;
}

} // namespace

any_transport make_transport(const boost::asio::any_io_executor& executor,
                             const server_settings& settings)
{
  switch (settings.transport) {
  case transport_kind::tcp:
    return tcp_transport{executor, tcp_options_of(settings)};
  case transport_kind::udp:
    return udp_transport{executor, udp_options_of(settings)};
  case transport_kind::none:
    break;
  }
  // Nobody looks at what an agent that runs for ever would have sent.
  return blank_transport{executor, {.max_kept = 0}};
}

} // namespace riemann::cli

#include "cli/make_transport.hpp"

#include "cli/explain.hpp"

#include <riemann/blank_transport.hpp>
#include <riemann/tcp_transport.hpp>
#include <riemann/tls_transport.hpp>
#include <riemann/udp_transport.hpp>

#include <boost/system/system_error.hpp>

#include <algorithm>

namespace riemann::cli {

namespace {

/// Whoever names a window wants it filled, and not to be told what is too much.
void widen(session_options& session, std::size_t window)
{
  constexpr std::size_t plenty = std::size_t{1} << 30;
  session.max_in_flight = window;
  session.max_queued = std::max(session.max_queued, window);
  session.max_in_flight_bytes = plenty;
  session.max_queued_bytes = plenty;
}

tcp_options tcp_options_of(const server_settings& settings)
{
  tcp_options options;
  options.host = settings.host;
  options.port = settings.port;
  // Whoever waits at a terminal wants to hear what is wrong; an agent's next round is
  // its next try.
  options.session.max_connect_tries = 1;
  options.session.connect_timeout = settings.timeout;
  options.session.answer_timeout = settings.timeout;
  options.session.write_timeout = settings.timeout;
  if (settings.window != 0) {
    widen(options.session, settings.window);
  }
  return options;
}

udp_options udp_options_of(const server_settings& settings)
{
  udp_options options;
  options.host = settings.host;
  options.port = settings.port;
  options.max_connect_tries = 1;
  options.connect_timeout = settings.timeout;
  options.write_timeout = settings.timeout;
  options.max_queued = std::max(options.max_queued, settings.window);
  return options;
}

tls_options tls_options_of(const server_settings& settings)
{
  tls_options options;
  options.host = settings.host;
  options.port = settings.port;
  options.session = tcp_options_of(settings).session;
  options.handshake_timeout = settings.timeout;
  options.ca_certs = settings.tls.ca_certs;
  options.certificate_file = settings.tls.certfile;
  options.key_file = settings.tls.keyfile;
  if (settings.tls.key_password) {
    options.key_password = [password = *settings.tls.key_password] { return password; };
  }
  options.server_name = settings.tls.server_name;
  options.min_version = settings.tls.min_version;
  options.insecure_skip_verification = settings.tls.insecure;
  return options;
}

any_transport make_tls(const boost::asio::any_io_executor& executor,
                       const server_settings& settings)
{
  try {
    return tls_transport{executor, tls_options_of(settings)};
  } catch (const boost::system::system_error& error) {
    throw explain_credentials(error.what());
  }
}

} // namespace

any_transport make_transport(const boost::asio::any_io_executor& executor,
                             const server_settings& settings)
{
  switch (settings.transport) {
  case transport_kind::tcp:
    return tcp_transport{executor, tcp_options_of(settings)};
  case transport_kind::tls:
    return make_tls(executor, settings);
  case transport_kind::udp:
    return udp_transport{executor, udp_options_of(settings)};
  case transport_kind::none:
    break;
  }
  // Nobody looks at what an agent that runs for ever would have sent.
  return blank_transport{executor, {.max_kept = 0}};
}

} // namespace riemann::cli

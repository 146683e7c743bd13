#include "cli/server_link.hpp"

#include "cli/dry_link.hpp"
#include "cli/transport_link.hpp"

#include <riemann/tcp_transport.hpp>

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

} // namespace

std::unique_ptr<server_link> make_link(const boost::asio::any_io_executor& executor,
                                       const server_settings& settings)
{
  switch (settings.transport) {
  case transport_kind::tcp:
    return std::make_unique<transport_link<tcp_transport>>(executor, tcp_options_of(settings));
  case transport_kind::none:
    break;
  }
  return std::make_unique<dry_link>();
}

} // namespace riemann::cli

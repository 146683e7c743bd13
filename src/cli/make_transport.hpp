#ifndef RIEMANN_CLI_MAKE_TRANSPORT_HPP
#define RIEMANN_CLI_MAKE_TRANSPORT_HPP

#include "cli/settings.hpp"

#include <riemann/any_transport.hpp>

#include <boost/asio/any_io_executor.hpp>

namespace riemann::cli {

/// The transport that the settings ask for.
any_transport make_transport(const boost::asio::any_io_executor& executor,
                             const server_settings& settings);

} // namespace riemann::cli

#endif

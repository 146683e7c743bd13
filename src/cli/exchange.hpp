#ifndef RIEMANN_CLI_EXCHANGE_HPP
#define RIEMANN_CLI_EXCHANGE_HPP

#include "cli/settings.hpp"

#include <riemann/message.hpp>
#include <riemann/response.hpp>

#include <string_view>

namespace riemann::cli {

/// Connects, sends the one message, waits for its answer and disconnects. Throws
/// a `failure` that calls the message `what`.
response exchange(message m, std::string_view what, const server_settings& server);

} // namespace riemann::cli

#endif

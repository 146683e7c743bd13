#ifndef RIEMANN_CLI_EXCHANGE_HPP
#define RIEMANN_CLI_EXCHANGE_HPP

#include "cli/settings.hpp"

#include <riemann/message.hpp>
#include <riemann/response.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <string_view>

namespace riemann::cli {

/// Connects, sends the one message, waits for its answer and disconnects. Throws
/// a `failure` that calls the message `what`.
response exchange(message m, std::string_view what, const server_settings& server);

/// The same within a coroutine, on a connection of its own; what is referred to outlives
/// it.
boost::asio::awaitable<response> async_exchange(boost::asio::io_context& context, message m,
                                                std::string_view what,
                                                const server_settings& server);

} // namespace riemann::cli

#endif

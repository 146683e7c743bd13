#ifndef RIEMANN_CLI_RUN_COROUTINE_HPP
#define RIEMANN_CLI_RUN_COROUTINE_HPP

#include "cli/exit_code.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

namespace riemann::cli {

/// The program's context. It is never destroyed: its destructor would wait for a
/// name lookup under way, which nothing can interrupt.
boost::asio::io_context& lasting_context();

/// Runs the context until the coroutine has ended, and returns or throws what it
/// did; `if_stopped` if somebody stops the context before.
exit_code run_coroutine(boost::asio::io_context& context,
                        boost::asio::awaitable<exit_code> coroutine,
                        exit_code if_stopped = exit_code::other);

} // namespace riemann::cli

#endif

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
/// did.
exit_code run_coroutine(boost::asio::io_context& context,
                        boost::asio::awaitable<exit_code> coroutine);

} // namespace riemann::cli

#endif

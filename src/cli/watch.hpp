#ifndef RIEMANN_CLI_WATCH_HPP
#define RIEMANN_CLI_WATCH_HPP

#include "cli/exit_code.hpp"
#include "cli/settings.hpp"

namespace riemann::cli {

/// Asks again and again and shows each answer: on a terminal in the place of the last
/// one, else behind it, with a blank line between. Ends well by SIGINT, SIGTERM or SIGHUP.
/// Throws a `failure` if the first question fails; later ones are told of.
exit_code watch(const query_settings& settings);

} // namespace riemann::cli

#endif

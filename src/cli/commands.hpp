#ifndef RIEMANN_CLI_COMMANDS_HPP
#define RIEMANN_CLI_COMMANDS_HPP

#include "cli/exit_code.hpp"
#include "cli/settings.hpp"

namespace riemann::cli {

// Each runs to its end, and throws a `failure` when it cannot.

exit_code run(const send_settings& settings);
exit_code run(const stream_settings& settings);
exit_code run(const query_settings& settings);
exit_code run(const ping_settings& settings);
exit_code run(const serve_settings& settings);
exit_code run(const agent_settings& settings);
exit_code run(const bench_settings& settings);
exit_code run(const text_to_print& text);

} // namespace riemann::cli

#endif

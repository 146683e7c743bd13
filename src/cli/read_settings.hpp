#ifndef RIEMANN_CLI_READ_SETTINGS_HPP
#define RIEMANN_CLI_READ_SETTINGS_HPP

#include "cli/given_options.hpp"
#include "cli/settings.hpp"

#include <string>

namespace riemann::cli {

// Each makes settings of what was given, and throws a `failure` (usage) where that cannot
// be; each is in a file of its command's name.

/// What holds for every command that talks to a server.
server_settings read_server(const given_options& options);
/// The same for `what`, such as "a query", which is of no use without an answer.
server_settings read_answering_server(const given_options& options, const std::string& what);
/// Of one event, or with `--stdin` of many.
command read_send(const given_options& options);
query_settings read_query(const given_options& options);
ping_settings read_ping(const given_options& options);
serve_settings read_serve(const given_options& options);
agent_settings read_agent(const given_options& options);
bench_settings read_bench(const given_options& options);

} // namespace riemann::cli

#endif

#include "cli/failure.hpp"
#include "cli/read_settings.hpp"
#include "cli/values.hpp"

namespace riemann::cli {

ping_settings read_ping(const given_options& options)
{
  const CLI::App& app = options.declared().ping();
  ping_settings settings{.server = read_server(options)};
  if (settings.server.transport == transport_kind::udp) {
    throw failure{exit_code::usage, "a ping needs an answer, and udp brings none; give -T tcp"};
  }
  if (const auto count = options.find(app, "--count")) {
    settings.count = parse_count(*count);
  }
  if (const auto interval = options.find(app, "--interval")) {
    settings.interval = parse_duration(*interval);
  }
  return settings;
}

} // namespace riemann::cli

#include "cli/read_settings.hpp"
#include "cli/values.hpp"

namespace riemann::cli {

ping_settings read_ping(const given_options& options)
{
  const CLI::App& app = options.declared().ping();
  ping_settings settings{.server = read_answering_server(options, "a ping")};
  if (const auto count = options.find(app, "--count")) {
    settings.count = parse_count(*count);
  }
  if (const auto interval = options.find(app, "--interval")) {
    settings.interval = parse_duration(*interval);
  }
  return settings;
}

} // namespace riemann::cli

#include "cli/read_settings.hpp"
#include "cli/values.hpp"

namespace riemann::cli {

agent_settings read_agent(const given_options& options)
{
  const CLI::App& app = options.declared().agent();
  agent_settings settings;
  settings.server = read_server(options);
  if (const auto interval = options.find(app, "--interval")) {
    settings.interval = parse_interval(*interval);
  }
  if (const auto count = options.find(app, "--count")) {
    settings.count = parse_count(*count);
  }
  const auto host = options.find(app, "--event-host");
  settings.event_host = host ? parse_name(*host) : options.around().hostname;
  for (const given& tag : options.find_all(app, "--tag")) {
    settings.tags.push_back(parse_name(tag));
  }
  settings.echo =
      given_options::has(app, "--echo") || settings.server.transport == transport_kind::none;
  for (const given& threshold : options.find_all(app, "--threshold")) {
    settings.limits.add(parse_threshold(threshold));
  }
  return settings;
}

} // namespace riemann::cli

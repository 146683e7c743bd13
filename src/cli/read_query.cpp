#include "cli/choices.hpp"
#include "cli/failure.hpp"
#include "cli/read_settings.hpp"
#include "cli/values.hpp"

namespace riemann::cli {

query_settings read_query(const given_options& options)
{
  const CLI::App& app = options.declared().query();
  query_settings settings{.server = read_server(options),
                          .query = parse_text(*options.find(app, "QUERY"))};
  if (settings.server.transport == transport_kind::udp) {
    throw failure{exit_code::usage, "a query needs an answer, and udp brings none; give -T tcp"};
  }
  if (const auto watch = options.find(app, "--watch")) {
    settings.watch = parse_duration(*watch);
    settings.output = output_format::table;
  }
  if (const auto output = options.find(app, "--output")) {
    settings.output = parse_output_format(*output);
  }
  return settings;
}

} // namespace riemann::cli

#include "cli/choices.hpp"
#include "cli/read_settings.hpp"
#include "cli/values.hpp"

namespace riemann::cli {

query_settings read_query(const given_options& options)
{
  const CLI::App& app = options.declared().query();
  query_settings settings{.server = read_answering_server(options, "a query"),
                          .query = parse_text(*options.find(app, "QUERY"))};
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

#include "cli/failure.hpp"
#include "cli/read_settings.hpp"
#include "cli/values.hpp"

namespace riemann::cli {

namespace {

void check(const bench_settings& settings)
{
  if (settings.threads > settings.connections) {
    throw failure{exit_code::usage, "--threads beyond --connections have nothing to do; give as "
                                    "many connections, or fewer threads"};
  }
  if (settings.batch * settings.server.window * settings.connections > 10'000'000) {
    throw failure{exit_code::usage,
                  "--batch times --window times --connections is above 10,000,000 events "
                  "outstanding, which do not fit in memory; give less of one"};
  }
}

} // namespace

bench_settings read_bench(const given_options& options)
{
  const CLI::App& app = options.declared().bench();
  const auto number = [&](const char* name, std::uint64_t otherwise, std::uint64_t most) {
    const auto found = options.find(app, name);
    return found ? parse_number(*found, 1, most) : otherwise;
  };
  bench_settings settings{.server = read_server(options)};
  settings.events = number("--events", 0, std::uint64_t{1} << 62);
  if (const auto seconds = options.find(app, "--seconds")) {
    settings.time = parse_duration(*seconds);
  } else if (settings.events == 0) {
    settings.time = std::chrono::seconds{10};
  }
  settings.batch = number("--batch", 1, 100'000);
  settings.server.window = number("--window", 1'000, 1'000'000);
  settings.connections = number("--connections", 1, 1'000);
  settings.threads = number("--threads", 1, 1'000);
  settings.event_host = options.around().hostname;
  check(settings);
  return settings;
}

} // namespace riemann::cli

#include "cli/commands.hpp"
#include "cli/exchange.hpp"
#include "cli/output.hpp"
#include "cli/show_events.hpp"
#include "cli/watch.hpp"

namespace riemann::cli {

exit_code run(const query_settings& settings)
{
  if (settings.watch) {
    return watch(settings);
  }
  const response found = exchange(message::query(settings.query), "the query", settings.server);
  const std::string text = show(events_of(found), settings.output);
  if (!text.empty()) {
    print_line(text);
  }
  return exit_code::acknowledged;
}

} // namespace riemann::cli

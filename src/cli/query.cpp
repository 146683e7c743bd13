#include "cli/commands.hpp"
#include "cli/exchange.hpp"
#include "cli/json.hpp"
#include "cli/output.hpp"

namespace riemann::cli {

exit_code run(const query_settings& settings)
{
  const response found = exchange(message::query(settings.query), "the query", settings.server);
  print_line(to_json(found.to_events()));
  return exit_code::acknowledged;
}

} // namespace riemann::cli

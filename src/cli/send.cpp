#include "cli/commands.hpp"
#include "cli/exchange.hpp"
#include "cli/json.hpp"
#include "cli/output.hpp"

namespace riemann::cli {

exit_code run(const send_settings& settings)
{
  exchange(message{settings.event}, "the event", settings.server);
  if (settings.echo) {
    print_line(to_json(settings.event));
  }
  return exit_code::acknowledged;
}

} // namespace riemann::cli

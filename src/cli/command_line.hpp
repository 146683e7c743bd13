#ifndef RIEMANN_CLI_COMMAND_LINE_HPP
#define RIEMANN_CLI_COMMAND_LINE_HPP

#include "cli/settings.hpp"

#include <optional>
#include <string>
#include <vector>

namespace riemann::cli {

/// What the command line is read against.
struct surroundings {
  /// RIEMANN_HOST and RIEMANN_PORT, if set and not empty.
  std::optional<std::string> host{};
  std::optional<std::string> port{};
  /// This machine's name, for events.
  std::string hostname{};
  /// The time, for events that are given none.
  timestamp now = timestamp::from_seconds(0);
};

/// Reads the arguments (without the program's name). Throws a `failure` (usage).
command parse_command_line(const std::vector<std::string>& arguments, const surroundings& around);

} // namespace riemann::cli

#endif

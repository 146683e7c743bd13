#ifndef RIEMANN_CLI_COMMAND_OUTLINE_HPP
#define RIEMANN_CLI_COMMAND_OUTLINE_HPP

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace riemann::cli {

/// An option as it is declared, for those who write about it.
struct option_outline {
  /// With their dashes; a positional's has none.
  std::vector<std::string> names{};
  /// As `FILE`, `tcp|udp`; empty: it is a flag.
  std::string type{};
  std::string description{};
  std::string group{};

  [[nodiscard]] bool is_positional() const { return !names.front().starts_with('-'); }
  /// What it may be, if that is a matter of choice.
  [[nodiscard]] std::vector<std::string> choices() const;
  [[nodiscard]] bool names_file() const { return type == "FILE"; }
  [[nodiscard]] bool names_directory() const { return type == "DIRECTORY"; }
};

struct subcommand_outline {
  std::string name{};
  std::string description{};
  std::string footer{};
  std::vector<option_outline> options{};
};

/// The program's commands and options, read out of what CLI11 knows: whoever writes
/// from it cannot forget one.
struct command_outline {
  std::string description{};
  std::vector<option_outline> options{};
  std::vector<subcommand_outline> commands{};

  [[nodiscard]] std::vector<std::string> command_names() const;
  /// Those of the command (empty: none) and those that stand with every command, each once.
  [[nodiscard]] std::vector<std::string> option_names(const std::string& command) const;
};

command_outline outline_of(const CLI::App& app);

} // namespace riemann::cli

#endif

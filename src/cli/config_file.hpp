#ifndef RIEMANN_CLI_CONFIG_FILE_HPP
#define RIEMANN_CLI_CONFIG_FILE_HPP

#include "cli/config_text.hpp"

#include <CLI/CLI.hpp>
#include <functional>
#include <map>
#include <string>

namespace riemann::cli {

/**
 * What a config file in TOML says of the options. It has their long names, and those of a
 * command in a section of the command's name: whatever option is declared can be set
 * in it. A key that is none is refused, and so is a value that is no option's.
 */
class config_file {
public:
  /// Whether an option gets its value elsewhere: not from the file.
  using is_set = std::function<bool(const CLI::App& app, const CLI::Option& option)>;

  /// Gives the options that are not set what the text says. Throws a `failure` (usage)
  /// that names the file, `name`.
  void apply(CLI::App& app, const std::string& text, const std::string& name,
             const is_set& set_elsewhere);

  /// Whether the option has its value from here.
  [[nodiscard]] bool sets(const CLI::Option& option) const { return sources_.contains(&option); }
  /// What to call the option when its value is complained of: `--port`, or
  /// `port in FILE` if the value is from here.
  [[nodiscard]] std::string source_of(const CLI::Option& option, const std::string& name) const;

private:
  void take(CLI::App& app, const config_entry& entry, const std::string& name,
            const is_set& set_elsewhere);

  std::map<const CLI::Option*, std::string> sources_{};
};

} // namespace riemann::cli

#endif

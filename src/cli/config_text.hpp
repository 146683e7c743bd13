#ifndef RIEMANN_CLI_CONFIG_TEXT_HPP
#define RIEMANN_CLI_CONFIG_TEXT_HPP

#include <string>
#include <vector>

namespace riemann::cli {

/// What a config file says of one key.
struct config_entry {
  /// `KEY`, or `SECTION.KEY`: what it is called when it is complained of.
  std::string name{};
  std::string key{};
  /// As they would be written on a command line.
  std::vector<std::string> values{};
  /// Whether it is true or false, which flags are.
  bool is_boolean{};
};

struct config_section {
  std::string name{};
  std::vector<config_entry> entries{};
};

/// In the order of the file.
struct config_text {
  std::vector<config_entry> entries{}; ///< in no section
  std::vector<config_section> sections{};
};

/// Reads TOML 1.0. Throws a `failure` (usage) that names the file, `name`: with line and
/// column of what is no TOML, and with the key whose value is nothing that an option takes.
config_text read_config_text(const std::string& text, const std::string& name);

} // namespace riemann::cli

#endif

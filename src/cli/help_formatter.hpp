#ifndef RIEMANN_CLI_HELP_FORMATTER_HPP
#define RIEMANN_CLI_HELP_FORMATTER_HPP

#include <CLI/CLI.hpp>
#include <string>

namespace riemann::cli {

/// Help that fits 80 columns: options below each other, descriptions wrapped.
class help_formatter : public CLI::Formatter {
public:
  help_formatter();

  std::string make_option(const CLI::Option* option, bool is_positional) const override;
  std::string make_subcommand(const CLI::App* command) const override;
  std::string make_group(std::string group, bool is_positional,
                         std::vector<const CLI::Option*> options) const override;
  std::string make_usage(const CLI::App* app, std::string name) const override;
};

/// As `-H, --host`; the names stand below each other whether there is a short one or not.
std::string names_of(const CLI::Option& option);

} // namespace riemann::cli

#endif

#include "cli/command_outline.hpp"

#include <algorithm>
#include <utility>

namespace riemann::cli {

namespace {

std::vector<option_outline> options_of(const CLI::App& app)
{
  std::vector<option_outline> outlines;
  for (const CLI::Option* option : app.get_options()) {
    option_outline added;
    for (const std::string& name : option->get_snames()) {
      added.names.push_back("-" + name);
    }
    for (const std::string& name : option->get_lnames()) {
      added.names.push_back("--" + name);
    }
    if (added.names.empty()) {
      added.names.push_back(option->get_name(true, false));
    }
    added.type = option->get_type_size() != 0 ? option->get_type_name() : std::string{};
    added.description = option->get_description();
    added.group = option->get_group();
    outlines.push_back(std::move(added));
  }
  return outlines;
}

void add_names(std::vector<std::string>& names, const std::vector<option_outline>& options)
{
  for (const option_outline& option : options) {
    for (const std::string& name : option.names) {
      // The command's own hide those of the same name that stand with every command.
      if (!option.is_positional() && std::ranges::find(names, name) == names.end()) {
        names.push_back(name);
      }
    }
  }
}

} // namespace

std::vector<std::string> option_outline::choices() const
{
  std::vector<std::string> choices;
  if (type.find('|') == std::string::npos) {
    return choices;
  }
  for (std::size_t at = 0; at <= type.size();) {
    const auto end = std::min(type.find('|', at), type.size());
    choices.push_back(type.substr(at, end - at));
    at = end + 1;
  }
  return choices;
}

std::vector<std::string> command_outline::command_names() const
{
  std::vector<std::string> names;
  names.reserve(commands.size());
  for (const subcommand_outline& command : commands) {
    names.push_back(command.name);
  }
  return names;
}

std::vector<std::string> command_outline::option_names(const std::string& command) const
{
  std::vector<std::string> names;
  for (const subcommand_outline& one : commands) {
    if (one.name == command) {
      add_names(names, one.options);
    }
  }
  add_names(names, options);
  return names;
}

command_outline outline_of(const CLI::App& app)
{
  command_outline outline{.description = app.get_description(), .options = options_of(app)};
  for (const CLI::App* command : app.get_subcommands({})) {
    outline.commands.push_back({.name = command->get_name(),
                                .description = command->get_description(),
                                .footer = command->get_footer(),
                                .options = options_of(*command)});
  }
  return outline;
}

} // namespace riemann::cli

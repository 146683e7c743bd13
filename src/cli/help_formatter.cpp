#include "cli/help_formatter.hpp"

#include "cli/wrap.hpp"

#include <utility>

namespace riemann::cli {

namespace {

constexpr std::size_t width = 80;
constexpr std::size_t description_column = 30;

std::string entry(const std::string& name, const std::string& description)
{
  std::string line = "  " + name;
  // Two blanks at least.
  if (line.size() + 2 > description_column) {
    line.append("\n").append(description_column, ' ');
  } else {
    line.append(description_column - line.size(), ' ');
  }
  return line + wrapped(description, width, description_column) + "\n";
}

} // namespace

help_formatter::help_formatter()
{
  label("SUBCOMMAND", "COMMAND");
}

std::string names_of(const CLI::Option& option)
{
  std::string names;
  for (const std::string& name : option.get_snames()) {
    names.append(names.empty() ? "-" : ", -").append(name);
  }
  const std::string indent = names.empty() ? "    " : ", ";
  for (const std::string& name : option.get_lnames()) {
    names.append(names.empty() || names == "    " ? indent : ", ").append("--").append(name);
  }
  return names;
}

std::string help_formatter::make_option(const CLI::Option* option, bool is_positional) const
{
  std::string name = is_positional ? option->get_name(true, false) : names_of(*option);
  if (option->get_type_size() != 0 && !option->get_type_name().empty()) {
    name += " " + option->get_type_name();
  }
  return entry(name, option->get_description());
}

std::string help_formatter::make_subcommand(const CLI::App* command) const
{
  return entry(command->get_name(), command->get_description());
}

std::string help_formatter::make_group(std::string group, bool is_positional,
                                       std::vector<const CLI::Option*> options) const
{
  // CLI11 itself puts a blank line behind each but the last.
  const bool is_first = is_positional || group == "Options";
  std::string text = (is_first ? "\n" : "") + std::move(group) + ":\n";
  for (const CLI::Option* option : options) {
    text += make_option(option, is_positional);
  }
  return text;
}

std::string help_formatter::make_usage(const CLI::App* app, std::string name) const
{
  return "\n" + Formatter::make_usage(app, std::move(name));
}

} // namespace riemann::cli

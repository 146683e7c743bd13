#include "cli/completion.hpp"

namespace riemann::cli {

namespace {

std::string in_quotes(const std::string& text)
{
  std::string result = "'";
  for (const char c : text) {
    result.append(c == '\'' || c == '\\' ? "\\" : "") += c;
  }
  return result + "'";
}

std::string values(const option_outline& option)
{
  std::string choices;
  for (const std::string& choice : option.choices()) {
    choices.append(choices.empty() ? "" : " ").append(choice);
  }
  if (!choices.empty()) {
    return " -x -a " + in_quotes(choices);
  }
  if (option.names_file()) {
    return " -r -F";
  }
  return option.names_directory() ? " -x -a '(__fish_complete_directories)'" : " -x";
}

std::string line(const std::string& condition, const option_outline& option)
{
  std::string text = "complete -c riemann-cli -n " + in_quotes(condition);
  if (!option.is_positional()) {
    for (const std::string& name : option.names) {
      text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    }
  }
  text += option.type.empty() ? "" : values(option);
  return text + " -d " + in_quotes(option.description) + "\n";
}

} // namespace

std::string fish_completion(const command_outline& outline)
{
  std::string text =
      "# Completion of riemann-cli for fish, as `riemann-cli completion fish` prints "
      "it.\ncomplete -c riemann-cli -f\n";
  std::string without = "not __fish_seen_subcommand_from";
  for (const std::string& name : outline.command_names()) {
    without += " " + name;
  }
  for (const option_outline& option : outline.options) {
    text += line(without, option);
  }
  for (const subcommand_outline& command : outline.commands) {
    text += "complete -c riemann-cli -n " + in_quotes(without) + " -a " + command.name + " -d " +
            in_quotes(command.description) + "\n";
    for (const option_outline& option : command.options) {
      text += line("__fish_seen_subcommand_from " + command.name, option);
    }
  }
  text.pop_back();
  return text;
}

} // namespace riemann::cli

#include "cli/completion.hpp"

namespace riemann::cli {

namespace {

std::string escaped(const std::string& text)
{
  std::string result;
  for (const char c : text) {
    if (c == '\'') {
      result += "'\\''";
      continue;
    }
    if (c == '[' || c == ']' || c == ':' || c == '\\') {
      result += '\\';
    }
    result += c;
  }
  return result;
}

std::string value_action(const option_outline& option)
{
  std::string choices;
  for (const std::string& choice : option.choices()) {
    choices.append(choices.empty() ? "" : " ").append(choice);
  }
  const std::string what = choices.empty() ? option.type : "value";
  const std::string action = !choices.empty()           ? "(" + choices + ")"
                             : option.names_file()      ? "_files"
                             : option.names_directory() ? "_files -/"
                                                        : " ";
  return ":" + escaped(what) + ":" + action;
}

/// One argument of _arguments for each of the option's names.
std::string specifications(const option_outline& option)
{
  if (option.is_positional()) {
    return "    '1" + value_action(option) + "' \\\n";
  }
  std::string text;
  for (const std::string& name : option.names) {
    // Several are harmless: of most options the last one counts.
    text += "    '*" + name + (!option.type.empty() && name.starts_with("--") ? "=" : "") + "[" +
            escaped(option.description) + "]" + (option.type.empty() ? "" : value_action(option)) +
            "' \\\n";
  }
  return text;
}

std::string specifications(const std::vector<option_outline>& options,
                           const std::vector<option_outline>& hiding)
{
  std::string text;
  for (option_outline option : options) {
    for (const option_outline& other : hiding) {
      for (const std::string& name : other.names) {
        std::erase(option.names, name);
      }
    }
    text += option.names.empty() ? "" : specifications(option);
  }
  return text;
}

} // namespace

std::string zsh_completion(const command_outline& outline)
{
  std::string text = "#compdef riemann-cli\n"
                     "# As `riemann-cli completion zsh` prints it.\n"
                     "_riemann_cli() {\n"
                     "  local context state state_descr line curcontext=$curcontext\n"
                     "  typeset -A opt_args\n"
                     "  _arguments -C \\\n" +
                     specifications(outline.options, {}) +
                     "    '1:command:->command' '*::argument:->argument'\n"
                     "  case $state in\n"
                     "  command)\n"
                     "    local -a commands=(\n";
  for (const subcommand_outline& command : outline.commands) {
    text += "      '" + command.name + ":" + escaped(command.description) + "'\n";
  }
  text += "    )\n"
          "    _describe command commands ;;\n"
          "  argument)\n"
          "    case $line[1] in\n";
  for (const subcommand_outline& command : outline.commands) {
    text += "    " + command.name + ") _arguments \\\n" + specifications(command.options, {}) +
            specifications(outline.options, command.options) + "    && return ;;\n";
  }
  return text + "    esac ;;\n"
                "  esac\n"
                "}\n"
                "if [[ $funcstack[1] == _riemann-cli ]]; then\n"
                "  _riemann_cli \"$@\"\n"
                "else\n"
                "  compdef _riemann_cli riemann-cli\n"
                "fi";
}

} // namespace riemann::cli

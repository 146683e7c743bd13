#include "cli/completion.hpp"

#include <set>

namespace riemann::cli {

namespace {

std::string joined(const std::vector<std::string>& words, const std::string& separator)
{
  std::string text;
  for (const std::string& word : words) {
    text.append(text.empty() ? "" : separator).append(word);
  }
  return text;
}

/// What completes an option's value.
std::string value_action(const option_outline& option)
{
  if (const auto choices = option.choices(); !choices.empty()) {
    return "COMPREPLY=($(compgen -W '" + joined(choices, " ") + "' -- \"$cur\"))";
  }
  if (option.names_file()) {
    return "compopt -o filenames; COMPREPLY=($(compgen -f -- \"$cur\"))";
  }
  return option.names_directory() ? "compopt -o filenames; COMPREPLY=($(compgen -d -- \"$cur\"))"
                                  : "COMPREPLY=()";
}

/// The cases of one command; a name that an earlier option has is that one's.
std::string value_cases(const std::vector<option_outline>& options, const std::string& command,
                        std::set<std::string>& taken)
{
  std::string text;
  for (const option_outline& option : options) {
    std::vector<std::string> patterns;
    for (const std::string& name : option.names) {
      if (!option.type.empty() && !option.is_positional() && taken.insert(name).second) {
        patterns.push_back(std::string{"'"}.append(command).append("':").append(name));
      }
    }
    if (!patterns.empty()) {
      text += "    " + joined(patterns, "|") + ") " + value_action(option) + "; return ;;\n";
    }
  }
  return text;
}

std::string words_case(const command_outline& outline, const subcommand_outline& command)
{
  std::vector<std::string> words = outline.option_names(command.name);
  for (const option_outline& option : command.options) {
    if (option.is_positional()) {
      const auto choices = option.choices();
      words.insert(words.end(), choices.begin(), choices.end());
    }
  }
  return "    " + command.name + ") words='" + joined(words, " ") + "' ;;\n";
}

} // namespace

std::string bash_completion(const command_outline& outline)
{
  std::set<std::string> none;
  std::string values = value_cases(outline.options, "", none);
  std::string words = "    '') words='" + joined(outline.command_names(), " ") + " " +
                      joined(outline.option_names(""), " ") + "' ;;\n";
  for (const subcommand_outline& command : outline.commands) {
    std::set<std::string> taken;
    values += value_cases(command.options, command.name, taken);
    values += value_cases(outline.options, command.name, taken);
    words += words_case(outline, command);
  }
  return R"(# Completion of riemann-cli for bash, as `riemann-cli completion bash` prints it.
_riemann_cli() {
  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= word words
  # bash takes --option=value for three words.
  if [[ $cur == = ]]; then
    cur=
  elif [[ $prev == = ]]; then
    prev=${COMP_WORDS[COMP_CWORD-2]}
  fi
  COMPREPLY=()
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case $word in
    )" + joined(outline.command_names(), "|") +
         R"() command=$word; break ;;
    esac
  done
  case $command:$prev in
)" + values +
         R"(  esac
  case $command in
)" + words +
         R"(  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _riemann_cli riemann-cli)";
}

} // namespace riemann::cli

#include "cli/config_file.hpp"

#include "cli/failure.hpp"
#include "cli/nearest.hpp"

#include <algorithm>
#include <sstream>
#include <string_view>

namespace riemann::cli {

namespace {

[[noreturn]] void complain(const std::string& sentence)
{
  throw failure{exit_code::usage, sentence};
}

/// The long names that may stand in the section.
std::vector<std::string> keys_of(const CLI::App& app)
{
  std::vector<std::string> keys;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& key : option->get_lnames()) {
      if (key != "help" && key != "version" && key != "config") {
        keys.push_back(key);
      }
    }
  }
  return keys;
}

CLI::App& section_of(CLI::App& app, const CLI::ConfigItem& item, const std::string& name)
{
  if (item.parents.empty()) {
    return app;
  }
  std::vector<std::string> sections;
  for (CLI::App* command : app.get_subcommands({})) {
    if (command->get_name() == item.parents.front()) {
      return *command;
    }
    if (!command->get_group().empty()) {
      sections.push_back(command->get_name());
    }
  }
  complain("unknown section [" + item.parents.front() + "] in " + name +
           suggestion(item.parents.front(), sections) + "; sections are named like commands");
}

/// What stands in a section of a section is named with both.
std::string key_of(const CLI::ConfigItem& item)
{
  std::string key;
  for (std::size_t i = 1; i < item.parents.size(); ++i) {
    key += item.parents[i] + "-";
  }
  return key + item.name;
}

bool is_flag(const CLI::Option& option)
{
  return option.get_expected_max() == 0;
}

bool is_list(const CLI::Option& option)
{
  return option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll;
}

/// To be given to the option; a flag that is not set gets nothing.
std::vector<std::string> values_of(const CLI::Option& option, const CLI::ConfigItem& item,
                                   const std::string& source)
{
  if (is_flag(option)) {
    if (item.inputs != std::vector<std::string>{"true"} &&
        item.inputs != std::vector<std::string>{"false"}) {
      complain(source + " is neither true nor false; give one of them");
    }
    return item.inputs.front() == "true" ? item.inputs : std::vector<std::string>{};
  }
  if (!is_list(option) && item.inputs.size() != 1) {
    complain(source + " has several values, or none; give one");
  }
  return item.inputs;
}

/// CLI11 reads lines of TOML and misreads these in silence.
class line_check {
public:
  line_check(std::string_view line, std::size_t number, const std::string& file)
      : line_{line}, where_{"line " + std::to_string(number) + " of " + file}
  {}

  void run()
  {
    const std::size_t begin = line_.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos || line_[begin] == '#') {
      return;
    }
    line_.remove_prefix(begin);
    check_quotes();
    if (line_.front() == '[') {
      const std::size_t last = line_.find_last_not_of(" \t\r");
      if (line_.starts_with("[]") || line_.find(']') != last) {
        complain(where_ + " is no section; write [send] and nothing else on its line");
      }
    } else if (line_.find('=') == std::string_view::npos) {
      complain(where_ + " has no `=`; write KEY = VALUE, a list on one line: [\"a\", \"b\"]");
    }
  }

private:
  void check_quotes() const
  {
    char open = 0;
    for (const char c : line_) {
      if (open == 0 && c == '#') {
        return;
      }
      if (open == 0 && (c == '"' || c == '\'')) {
        open = c;
      } else if (c == open) {
        open = 0;
      } else if (open != 0 && c == '#') {
        complain(where_ + " has a # within quotes, which is not read as text; give this value "
                          "on the command line");
      } else if (open == '"' && c == '\\') {
        complain(where_ + " has a backslash within \"...\"; for text as it stands use '...'");
      }
    }
    if (open != 0) {
      complain(where_ + " has a quote that is not closed");
    }
  }

  std::string_view line_;
  std::string where_;
};

void check_lines(const std::string& text, const std::string& file)
{
  std::istringstream lines{text};
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    line_check{line, ++number, file}.run();
  }
}

} // namespace

void config_file::apply(CLI::App& app, const std::string& text, const std::string& name,
                        const is_set& set_elsewhere)
{
  check_lines(text, name);
  std::istringstream input{text};
  std::vector<CLI::ConfigItem> items;
  try {
    items = CLI::ConfigTOML{}.from_config(input);
  } catch (const std::exception& error) {
    complain(name + " cannot be read (" + error.what() + "); give lines such as port = 5555");
  }
  for (const CLI::ConfigItem& item : items) {
    // Where a section begins and ends.
    if (item.name != "++" && item.name != "--") {
      take(app, item, name, set_elsewhere);
    }
  }
}

void config_file::take(CLI::App& app, const CLI::ConfigItem& item, const std::string& name,
                       const is_set& set_elsewhere)
{
  CLI::App& section = section_of(app, item, name);
  const std::string key = key_of(item);
  const auto keys = keys_of(section);
  if (std::ranges::find(keys, key) == keys.end()) {
    complain("unknown key '" + item.fullname() + "' in " + name + suggestion(key, keys) +
             "; keys are options' long names");
  }
  CLI::Option& option = *section.get_option("--" + key);
  const std::string source = item.fullname() + " in " + name;
  const auto values = values_of(option, item, source);
  if (sets(option)) {
    complain(source + " is there twice; leave one out");
  }
  if (values.empty() || set_elsewhere(section, option)) {
    return;
  }
  for (const std::string& value : values) {
    option.add_result(value);
  }
  sources_[&option] = source;
}

std::string config_file::source_of(const CLI::Option& option, const std::string& name) const
{
  const auto found = sources_.find(&option);
  return found == sources_.end() ? name : found->second;
}

} // namespace riemann::cli

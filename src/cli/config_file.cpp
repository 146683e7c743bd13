#include "cli/config_file.hpp"

#include "cli/failure.hpp"
#include "cli/nearest.hpp"

#include <algorithm>
#include <vector>

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

CLI::App& section_of(CLI::App& app, const std::string& section, const std::string& file)
{
  std::vector<std::string> sections;
  for (CLI::App* command : app.get_subcommands({})) {
    if (command->get_name() == section) {
      return *command;
    }
    if (!command->get_group().empty()) {
      sections.push_back(command->get_name());
    }
  }
  complain("unknown section [" + section + "] in " + file + suggestion(section, sections) +
           "; sections are named like commands");
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
std::vector<std::string> values_of(const CLI::Option& option, const config_entry& entry,
                                   const std::string& source)
{
  if (is_flag(option)) {
    if (!entry.is_boolean) {
      complain(source + " is neither true nor false; give one of them");
    }
    return entry.values.front() == "true" ? entry.values : std::vector<std::string>{};
  }
  if (!is_list(option) && entry.values.size() != 1) {
    complain(source + " has several values, or none; give one");
  }
  return entry.values;
}

} // namespace

void config_file::apply(CLI::App& app, const std::string& text, const std::string& name,
                        const is_set& set_elsewhere)
{
  const config_text config = read_config_text(text, name);
  for (const config_entry& entry : config.entries) {
    take(app, entry, name, set_elsewhere);
  }
  for (const config_section& section : config.sections) {
    CLI::App& command = section_of(app, section.name, name);
    for (const config_entry& entry : section.entries) {
      take(command, entry, name, set_elsewhere);
    }
  }
}

void config_file::take(CLI::App& app, const config_entry& entry, const std::string& name,
                       const is_set& set_elsewhere)
{
  const auto keys = keys_of(app);
  if (std::ranges::find(keys, entry.key) == keys.end()) {
    complain("unknown key '" + entry.name + "' in " + name + suggestion(entry.key, keys) +
             "; keys are options' long names");
  }
  CLI::Option& option = *app.get_option("--" + entry.key);
  const std::string source = entry.name + " in " + name;
  const auto values = values_of(option, entry, source);
  if (sets(option)) {
    complain(source + " is there twice; leave one out");
  }
  if (values.empty() || set_elsewhere(app, option)) {
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

#include "cli/usage_complaint.hpp"

#include "cli/command_outline.hpp"
#include "cli/given_options.hpp"
#include "cli/nearest.hpp"

#include <algorithm>

namespace riemann::cli {

namespace {

std::string help_command(const CLI::App& app)
{
  const std::string chosen = chosen_command(app);
  return "riemann-cli " + (chosen.empty() ? "" : chosen + " ") + "--help";
}

std::string describe_unexpected(const CLI::App& app, const std::string& argument)
{
  const std::string chosen = chosen_command(app);
  const std::string where = "see `" + help_command(app) + "`";
  if (argument.starts_with('-')) {
    const std::string name = argument.substr(0, argument.find('='));
    // One letter for another is no slip of the fingers that anybody could guess.
    std::vector<std::string> candidates = outline_of(app).option_names(chosen);
    std::erase_if(candidates, [](const std::string& one) { return !one.starts_with("--"); });
    return "unknown option '" + argument + "'" + suggestion(name, candidates) + "; " + where;
  }
  if (chosen == "query") {
    return "unexpected argument '" + argument + "'; put the whole query in quotes";
  }
  return "unexpected argument '" + argument + "'; " + where;
}

/// CLI11's message, in our words where its own are hard to understand.
std::string reworded(const CLI::ParseError& error)
{
  const std::string what = error.what();
  const std::string name = what.substr(0, what.find(':'));
  constexpr std::string_view flag_with_value = " was given a disallowed flag override";
  if (what.ends_with(flag_with_value)) {
    return "--" + what.substr(0, what.size() - flag_with_value.size()) +
           " takes no value; give it alone, or leave it out";
  }
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr && name.starts_with('-')) {
    return name + " needs a value";
  }
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    return what.starts_with("QUERY")   ? "no query given (one that begins with - goes behind --)"
           : what.starts_with("SHELL") ? "no shell given"
                                       : "no command given";
  }
  return what.substr(0, what.find('\n'));
}

} // namespace

std::string chosen_command(const CLI::App& app)
{
  const auto chosen = app.get_subcommands({});
  const auto parsed = std::ranges::find_if(chosen, [](const auto* c) { return c->parsed(); });
  return parsed == chosen.end() ? std::string{} : (*parsed)->get_name();
}

failure unknown_command(const CLI::App& app, const std::string& name)
{
  const std::vector<std::string> names = outline_of(app).command_names();
  std::string sentence =
      "unknown command '" + name + "'" + suggestion(name, names) + "; the commands are ";
  for (std::size_t i = 0; i != names.size(); ++i) {
    sentence.append(i == 0 ? "" : i + 1 == names.size() ? " and " : ", ").append(names[i]);
  }
  return {exit_code::usage, sentence};
}

failure usage_complaint(const CLI::App& app, const CLI::ParseError& error)
{
  const auto unexpected = app.remaining(true);
  if (unexpected.empty()) {
    return {exit_code::usage, reworded(error) + "; see `" + help_command(app) + "`"};
  }
  const std::string first = without_mark(unexpected.front());
  return chosen_command(app).empty() && !first.starts_with('-')
             ? unknown_command(app, first)
             : failure{exit_code::usage, describe_unexpected(app, first)};
}

} // namespace riemann::cli

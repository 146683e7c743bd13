#include "cli/command_line.hpp"

#include "cli/command_outline.hpp"
#include "cli/completion.hpp"
#include "cli/config_file.hpp"
#include "cli/declared_options.hpp"
#include "cli/environment.hpp"
#include "cli/failure.hpp"
#include "cli/given_options.hpp"
#include "cli/help.hpp"
#include "cli/man_page.hpp"
#include "cli/read_settings.hpp"
#include "cli/usage_complaint.hpp"

#include <algorithm>
#include <utility>

namespace riemann::cli {

namespace {

text_to_print without_end(const std::string& text)
{
  return {text.substr(0, text.find_last_not_of('\n') + 1)};
}

/// Has CLI11 collect texts, adds the config file's, and has settings made of them.
class command_line_reader {
public:
  explicit command_line_reader(const surroundings& around) : around_{around} {}
  command read(std::vector<std::string> arguments);

private:
  void read_config();
  [[nodiscard]] command settings_of(const std::string& chosen) const;
  [[nodiscard]] text_to_print completion() const;
  [[nodiscard]] text_to_print help_text() const;

  surroundings around_;
  declared_options declared_;
  CLI::App& app_ = declared_.app();
  config_file config_{};
  given_options options_{declared_, config_, around_};
};

/// The command line comes first, then the environment, then the file.
void command_line_reader::read_config()
{
  const auto named = either(options_.find(app_, "--config"), "RIEMANN_CONFIG", around_.config);
  const std::string name = named ? named->text : around_.usual_config;
  if (name.empty() || !around_.read_file) {
    return;
  }
  const auto text = around_.read_file(name);
  if (!text) {
    throw failure{
        exit_code::usage,
        named
            ? named->source + " '" + name + "' cannot be read; give a file's name, or '' for none"
            : "config file '" + name + "' cannot be read; mend that, or give --config '' for none"};
  }
  config_.apply(app_, *text, name, [this](const auto& app, const auto& option) {
    const bool is_port = &app == &declared_.serve() && option.check_lname("port");
    return option.count() > 0 ||
           std::ranges::any_of(environment_variables, [&](const environment_variable& variable) {
             return (&app == &app_ || is_port) && !variable.option.empty() &&
                    option.check_lname(std::string{variable.option.substr(2)}) &&
                    (around_.*variable.value).has_value();
           });
  });
}

text_to_print command_line_reader::completion() const
{
  const given shell = *options_.find(declared_.completion(), "SHELL");
  const command_outline outline = outline_of(declared_.app());
  if (shell.text == "bash") {
    return {bash_completion(outline)};
  }
  if (shell.text == "zsh") {
    return {zsh_completion(outline)};
  }
  if (shell.text == "fish") {
    return {fish_completion(outline)};
  }
  throw failure{exit_code::usage,
                shell.source + " '" + shell.text + "' is not offered; give bash, zsh or fish"};
}

/// As `--help` prints it, without a command or behind one.
text_to_print command_line_reader::help_text() const
{
  const CLI::App& app = declared_.app();
  const auto name = options_.find_value(declared_.help_command(), "COMMAND");
  if (!name) {
    return without_end(
        app.get_formatter()->make_help(&app, app.get_name(), CLI::AppFormatMode::Normal));
  }
  for (const CLI::App* command : app.get_subcommands({})) {
    if (command->get_name() == *name) {
      return without_end(command->help(app.get_name()));
    }
  }
  throw unknown_command(app, *name);
}

command command_line_reader::read(std::vector<std::string> arguments)
{
  std::ranges::transform(arguments, arguments.begin(), with_mark);
  std::ranges::reverse(arguments); // as CLI11 wants them
  try {
    app_.parse(std::move(arguments));
  } catch (const CLI::CallForVersion&) {
    return text_to_print{std::string{help::version}};
  } catch (const CLI::CallForHelp&) {
    return without_end(app_.help());
  } catch (const CLI::ParseError& error) {
    throw usage_complaint(app_, error);
  }
  const std::string chosen = chosen_command(app_);
  // What these print is of the program alone, and a shell may read it at every start.
  if (chosen != "completion" && chosen != "man" && chosen != "help") {
    read_config();
  }
  return settings_of(chosen);
}

command command_line_reader::settings_of(const std::string& chosen) const
{
  if (chosen == "send") {
    return read_send(options_);
  }
  if (chosen == "query") {
    return read_query(options_);
  }
  if (chosen == "ping") {
    return read_ping(options_);
  }
  if (chosen == "serve") {
    return read_serve(options_);
  }
  if (chosen == "agent") {
    return read_agent(options_);
  }
  if (chosen == "bench") {
    return read_bench(options_);
  }
  if (chosen == "completion") {
    return completion();
  }
  return chosen == "help" ? help_text() : text_to_print{man_page(outline_of(declared_.app()))};
}

} // namespace

command parse_command_line(const std::vector<std::string>& arguments, const surroundings& around)
{
  return command_line_reader{around}.read(arguments);
}

} // namespace riemann::cli

#include "cli/given_options.hpp"

namespace riemann::cli {

namespace {

constexpr char mark = '\0';

} // namespace

std::string with_mark(std::string argument)
{
  if (argument.starts_with("--") && argument.find('=') + 1 == argument.size()) {
    argument += mark;
  }
  return argument;
}

std::string without_mark(std::string text)
{
  if (text.ends_with(mark)) {
    text.pop_back();
  }
  return text;
}

std::optional<given> either(std::optional<given> option, const char* variable,
                            const std::optional<std::string>& value)
{
  if (option || !value) {
    return option;
  }
  return given{variable, *value};
}

bool given_options::has(const CLI::App& app, const std::string& name)
{
  return app.get_option(name)->count() > 0;
}

bool given_options::is_written(const CLI::App& app, const std::string& name) const
{
  return has(app, name) && !config_.sets(*app.get_option(name));
}

std::optional<given> given_options::find(const CLI::App& app, const std::string& name) const
{
  const auto all = find_all(app, name);
  return all.empty() ? std::nullopt : std::optional{all.back()};
}

std::optional<std::string> given_options::find_value(const CLI::App& app,
                                                     const std::string& name) const
{
  const auto found = find(app, name);
  return found ? std::optional{found->text} : std::nullopt;
}

std::vector<given> given_options::find_all(const CLI::App& app, const std::string& name) const
{
  const CLI::Option& option = *app.get_option(name);
  std::vector<given> all;
  for (const std::string& text : option.results()) {
    all.push_back({config_.source_of(option, name), without_mark(text)});
  }
  return all;
}

} // namespace riemann::cli

#ifndef RIEMANN_CLI_GIVEN_OPTIONS_HPP
#define RIEMANN_CLI_GIVEN_OPTIONS_HPP

#include "cli/command_line.hpp"
#include "cli/config_file.hpp"
#include "cli/declared_options.hpp"
#include "cli/values.hpp"

#include <optional>
#include <string>
#include <vector>

namespace riemann::cli {

/// `--name=` with a mark behind it that no argument can have: CLI11 would take what follows
/// for the value.
[[nodiscard]] std::string with_mark(std::string argument);
[[nodiscard]] std::string without_mark(std::string text);

/// A command line's option, else what the environment says, if it is set.
std::optional<given> either(std::optional<given> option, const char* variable,
                            const std::optional<std::string>& value);

/// The texts that the options were given, and where: on the command line, else in the
/// config file. What is referred to outlives this.
class given_options {
public:
  given_options(const declared_options& declared, const config_file& config,
                const surroundings& around) noexcept
      : declared_{declared}, config_{config}, around_{around}
  {}

  [[nodiscard]] const declared_options& declared() const noexcept { return declared_; }
  [[nodiscard]] const surroundings& around() const noexcept { return around_; }

  [[nodiscard]] static bool has(const CLI::App& app, const std::string& name);
  /// On the command line itself: what the config file says is for those whom it concerns.
  [[nodiscard]] bool is_written(const CLI::App& app, const std::string& name) const;
  /// The option, if it was given; the last, if it was several times.
  [[nodiscard]] std::optional<given> find(const CLI::App& app, const std::string& name) const;
  /// Its value alone.
  [[nodiscard]] std::optional<std::string> find_value(const CLI::App& app,
                                                      const std::string& name) const;
  /// All that an option was given that is there to be repeated.
  [[nodiscard]] std::vector<given> find_all(const CLI::App& app, const std::string& name) const;

private:
  const declared_options& declared_;
  const config_file& config_;
  const surroundings& around_;
};

} // namespace riemann::cli

#endif

#include "cli/command_line.hpp"
#include "cli/commands.hpp"
#include "cli/environment.hpp"
#include "cli/failure.hpp"
#include "cli/output.hpp"
#include "cli/read_file.hpp"

#include <boost/asio/ip/host_name.hpp>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <new>
#include <system_error>

namespace riemann::cli {

namespace {

std::optional<std::string> environment(const char* name, bool may_be_empty = false)
{
  const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): no other thread yet
  const bool counts = value != nullptr && (may_be_empty || *value != '\0');
  return counts ? std::optional<std::string>{value} : std::nullopt;
}

std::string usual_config_name()
{
  if (const auto directory = environment("XDG_CONFIG_HOME")) {
    return *directory + "/riemann/riemann-cli.toml";
  }
  const auto home = environment("HOME");
  return home ? *home + "/.config/riemann/riemann-cli.toml" : std::string{};
}

/// Where its directory is closed to us it is somebody else's, as after `sudo -u`.
std::string usual_config()
{
  std::error_code ignored;
  std::string name = usual_config_name();
  return std::filesystem::exists(std::filesystem::status(name, ignored)) ? name : std::string{};
}

surroundings look_around()
{
  surroundings around;
  for (const environment_variable& variable : environment_variables) {
    around.*variable.value = environment(variable.name, variable.may_be_empty);
  }
  around.usual_config = usual_config();
  around.read_file = read_file;
  boost::system::error_code error;
  around.hostname = boost::asio::ip::host_name(error);
  if (error || around.hostname.empty()) {
    around.hostname = "localhost";
  }
  around.now = std::chrono::system_clock::now();
  return around;
}

exit_code run_command_line(const std::vector<std::string>& arguments)
{
  try {
    const command chosen = parse_command_line(arguments, look_around());
    return std::visit([](const auto& settings) { return run(settings); }, chosen);
  } catch (const failure& error) {
    if (*error.what() != '\0') {
      complain_line(error.what());
    }
    return error.code();
  } catch (const std::bad_alloc&) {
    complain_line("there is not enough memory for that; ask for less, or allow more");
  } catch (const std::exception& error) {
    complain_line(error.what());
  }
  return exit_code::other;
}

} // namespace

exit_code run(const text_to_print& text)
{
  print_line(text.text);
  return exit_code::acknowledged;
}

} // namespace riemann::cli

int main(int argc, char** argv)
{
  using namespace riemann::cli;
  prepare_standard_streams();
  return static_cast<int>(run_command_line({argv + (argc > 0 ? 1 : 0), argv + argc}));
}

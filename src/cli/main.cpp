#include "cli/command_line.hpp"
#include "cli/commands.hpp"
#include "cli/failure.hpp"
#include "cli/output.hpp"

#include <boost/asio/ip/host_name.hpp>

#include <chrono>
#include <cstdlib>
#include <exception>

namespace riemann::cli {

namespace {

std::optional<std::string> environment(const char* name)
{
  const char* value = std::getenv(name); // NOLINT: before there is another thread
  return value != nullptr && *value != '\0' ? std::optional<std::string>{value} : std::nullopt;
}

surroundings look_around()
{
  surroundings around;
  around.host = environment("RIEMANN_HOST");
  around.port = environment("RIEMANN_PORT");
  around.transport = environment("RIEMANN_TRANSPORT");
  around.ca_certs = environment("RIEMANN_CA_CERTS");
  around.certfile = environment("RIEMANN_CERTFILE");
  around.keyfile = environment("RIEMANN_KEYFILE");
  around.key_password = environment("RIEMANN_KEY_PASSWORD");
  around.tls_server_name = environment("RIEMANN_TLS_SERVER_NAME");
  around.tls_min_version = environment("RIEMANN_TLS_MIN_VERSION");
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

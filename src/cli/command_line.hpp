#ifndef RIEMANN_CLI_COMMAND_LINE_HPP
#define RIEMANN_CLI_COMMAND_LINE_HPP

#include "cli/settings.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace riemann::cli {

/// What the command line is read against.
struct surroundings {
  // The environment's variables, if set and not empty; RIEMANN_CONFIG may be.
  std::optional<std::string> host{};            ///< RIEMANN_HOST
  std::optional<std::string> port{};            ///< RIEMANN_PORT
  std::optional<std::string> transport{};       ///< RIEMANN_TRANSPORT
  std::optional<std::string> timeout{};         ///< RIEMANN_TIMEOUT
  std::optional<std::string> config{};          ///< RIEMANN_CONFIG
  std::optional<std::string> ca_certs{};        ///< RIEMANN_CA_CERTS
  std::optional<std::string> certfile{};        ///< RIEMANN_CERTFILE
  std::optional<std::string> keyfile{};         ///< RIEMANN_KEYFILE
  std::optional<std::string> key_password{};    ///< RIEMANN_KEY_PASSWORD
  std::optional<std::string> tls_server_name{}; ///< RIEMANN_TLS_SERVER_NAME
  std::optional<std::string> tls_min_version{}; ///< RIEMANN_TLS_MIN_VERSION
  /// The config file that is read when no other is named; empty: there is none.
  std::string usual_config{};
  /// A file's content; nothing if it cannot be read.
  std::function<std::optional<std::string>(const std::string& name)> read_file{};
  /// This machine's name, for events.
  std::string hostname{};
  /// The time, for events that are given none.
  timestamp now = timestamp::from_seconds(0);
};

/// Reads the arguments (without the program's name). Throws a `failure` (usage).
command parse_command_line(const std::vector<std::string>& arguments, const surroundings& around);

} // namespace riemann::cli

#endif

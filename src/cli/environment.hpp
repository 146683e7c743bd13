#ifndef RIEMANN_CLI_ENVIRONMENT_HPP
#define RIEMANN_CLI_ENVIRONMENT_HPP

#include "cli/command_line.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace riemann::cli {

/// A variable of the environment, and the option that it stands in for.
struct environment_variable {
  const char* name;
  std::optional<std::string> surroundings::*value;
  /// Of the options that stand before the command; empty: none.
  std::string_view option;
  /// Whether an empty value says something; otherwise it is as if it were not set.
  bool may_be_empty = false;
};

inline constexpr std::array environment_variables{
    environment_variable{"RIEMANN_HOST", &surroundings::host, "--host"},
    environment_variable{"RIEMANN_PORT", &surroundings::port, "--port"},
    environment_variable{"RIEMANN_TRANSPORT", &surroundings::transport, "--transport"},
    environment_variable{"RIEMANN_TIMEOUT", &surroundings::timeout, "--timeout"},
    environment_variable{"RIEMANN_CONFIG", &surroundings::config, "--config", true},
    environment_variable{"RIEMANN_CA_CERTS", &surroundings::ca_certs, "--ca-certs"},
    environment_variable{"RIEMANN_CERTFILE", &surroundings::certfile, "--certfile"},
    environment_variable{"RIEMANN_KEYFILE", &surroundings::keyfile, "--keyfile"},
    environment_variable{"RIEMANN_KEY_PASSWORD", &surroundings::key_password, ""},
    environment_variable{"RIEMANN_TLS_SERVER_NAME", &surroundings::tls_server_name,
                         "--tls-server-name"},
    environment_variable{"RIEMANN_TLS_MIN_VERSION", &surroundings::tls_min_version,
                         "--tls-min-version"},
};

} // namespace riemann::cli

#endif

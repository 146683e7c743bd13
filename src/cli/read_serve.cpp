#include "cli/failure.hpp"
#include "cli/read_settings.hpp"
#include "cli/values.hpp"

#include <array>
#include <string>

namespace riemann::cli {

namespace {

/// Throw-away certificates and one's own do not go together.
void check_tls(const serve_tls_settings& settings)
{
  const bool own = !settings.certfile.empty();
  if (!own && !settings.keyfile.empty()) {
    throw failure{exit_code::usage, "--keyfile is of no use alone; give its --certfile too"};
  }
  if (own && (settings.mutual || !settings.directory.empty())) {
    throw failure{exit_code::usage,
                  std::string{settings.mutual ? "--mutual" : "--tls-dir"} +
                      " is for throw-away certificates; leave it out, or --certfile"};
  }
  if (settings.mutual && !settings.client_ca_certs.empty()) {
    throw failure{exit_code::usage,
                  "--mutual and --ca-certs each say whose clients are let in; give one of them"};
  }
}

/// What a config file says of TLS is for the calls that ask for it.
void refuse_tls_options(const given_options& options)
{
  const CLI::App& app = options.declared().serve();
  for (const char* option :
       {"--tls-port", "--certfile", "--keyfile", "--ca-certs", "--mutual", "--tls-dir"}) {
    if (options.is_written(app, option)) {
      throw failure{exit_code::usage,
                    std::string{option} + " is for TLS; give --tls too, or leave it out"};
    }
  }
}

/// What clients say of their server stands before the command, where it would go unheeded.
void refuse_clients_options(const given_options& options)
{
  struct clients_option {
    const char* name;
    const char* remedy;
  };
  constexpr std::array<clients_option, 9> all{{
      {"--host", "serve listens on its --address"},
      {"--transport", "serve listens for TCP and UDP, and with --tls for TLS too"},
      {"--timeout", "serve waits for nobody"},
      {"--ca-certs", "serve has its own, which comes behind it"},
      {"--certfile", "serve has its own, which comes behind it"},
      {"--keyfile", "serve has its own, which comes behind it"},
      {"--tls-server-name", "serve verifies no server"},
      {"--tls-min-version", "serve takes TLS 1.2 and 1.3"},
      {"--insecure-skip-verification", "serve verifies no server"},
  }};
  for (const auto& [name, remedy] : all) {
    if (options.is_written(options.declared().app(), name)) {
      throw failure{exit_code::usage,
                    std::string{name} + " is for clients: " + remedy + "; leave it out"};
    }
  }
}

/// `port` is that of TCP and UDP.
std::optional<serve_tls_settings> read_tls(const given_options& options, std::uint16_t port)
{
  const CLI::App& app = options.declared().serve();
  if (!given_options::has(app, "--tls")) {
    refuse_tls_options(options);
    return {};
  }
  serve_tls_settings settings;
  const auto tls_port = options.find(app, "--tls-port");
  settings.port = tls_port ? parse_port(*tls_port, 0) : port == 0 ? 0 : settings.port;
  settings.certfile = options.find_value(app, "--certfile").value_or("");
  settings.keyfile = options.find_value(app, "--keyfile").value_or("");
  settings.key_password = options.around().key_password;
  settings.client_ca_certs = options.find_value(app, "--ca-certs").value_or("");
  settings.mutual = given_options::has(app, "--mutual");
  settings.directory = options.find_value(app, "--tls-dir").value_or("");
  check_tls(settings);
  return settings;
}

} // namespace

serve_settings read_serve(const given_options& options)
{
  const CLI::App& app = options.declared().serve();
  refuse_clients_options(options);
  serve_settings settings;
  if (const auto address = options.find(app, "--address")) {
    settings.address = parse_address(*address);
  }
  const CLI::App& before = options.declared().app(); // as `-P 7000 serve` has it
  const bool own = options.is_written(app, "--port") ||
                   (given_options::has(app, "--port") && !options.is_written(before, "--port"));
  const auto option = options.find(own ? app : before, "--port");
  if (const auto port = either(option, "RIEMANN_PORT", options.around().port)) {
    settings.port = parse_port(*port, 0);
  }
  settings.sink = given_options::has(app, "--sink");
  if (const auto journal = options.find(app, "--journal")) {
    settings.journal = parse_file_name(*journal);
  }
  settings.tls = read_tls(options, settings.port);
  return settings;
}

} // namespace riemann::cli

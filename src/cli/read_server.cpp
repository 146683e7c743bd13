#include "cli/choices.hpp"
#include "cli/failure.hpp"
#include "cli/read_settings.hpp"
#include "cli/values.hpp"

namespace riemann::cli {

namespace {

void refuse_tls_options(const given_options& options)
{
  const CLI::App& app = options.declared().app();
  for (const char* option : {"--ca-certs", "--certfile", "--keyfile", "--tls-server-name",
                             "--tls-min-version", "--insecure-skip-verification"}) {
    if (options.is_written(app, option)) {
      throw failure{exit_code::usage,
                    std::string{option} + " is for TLS; give -T tls too, or leave it out"};
    }
  }
}

tls_settings read_tls(const given_options& options)
{
  const CLI::App& app = options.declared().app();
  const surroundings& around = options.around();
  tls_settings settings;
  settings.ca_certs = options.find_value(app, "--ca-certs").value_or(around.ca_certs.value_or(""));
  settings.certfile = options.find_value(app, "--certfile").value_or(around.certfile.value_or(""));
  settings.keyfile = options.find_value(app, "--keyfile").value_or(around.keyfile.value_or(""));
  settings.key_password = around.key_password;
  if (const auto name = either(options.find(app, "--tls-server-name"), "RIEMANN_TLS_SERVER_NAME",
                               around.tls_server_name)) {
    settings.server_name = parse_host(*name);
  }
  if (const auto version = either(options.find(app, "--tls-min-version"), "RIEMANN_TLS_MIN_VERSION",
                                  around.tls_min_version)) {
    settings.min_version = parse_tls_version(*version);
  }
  settings.insecure = given_options::has(app, "--insecure-skip-verification");
  if (settings.certfile.empty() && !settings.keyfile.empty()) {
    throw failure{exit_code::usage, "--keyfile is of no use alone; give its --certfile too"};
  }
  return settings;
}

/// What the environment says of TLS is for those that use it; the command line speaks of
/// the call at hand.
void read_transport(server_settings& settings, const given_options& options)
{
  if (const auto transport = either(options.find(options.declared().app(), "--transport"),
                                    "RIEMANN_TRANSPORT", options.around().transport)) {
    settings.transport = parse_transport(*transport);
  }
  if (settings.transport != transport_kind::tls) {
    refuse_tls_options(options);
    return;
  }
  settings.port = tls_options{}.port;
  settings.tls = read_tls(options);
}

} // namespace

server_settings read_server(const given_options& options)
{
  const CLI::App& app = options.declared().app();
  const surroundings& around = options.around();
  server_settings settings;
  if (const auto host = either(options.find(app, "--host"), "RIEMANN_HOST", around.host)) {
    settings.host = parse_host(*host);
  }
  read_transport(settings, options);
  if (const auto port = either(options.find(app, "--port"), "RIEMANN_PORT", around.port)) {
    settings.port = parse_port(*port, 1);
  }
  if (const auto timeout =
          either(options.find(app, "--timeout"), "RIEMANN_TIMEOUT", around.timeout)) {
    settings.timeout = parse_duration(*timeout);
  }
  return settings;
}

server_settings read_answering_server(const given_options& options, const std::string& what)
{
  server_settings settings = read_server(options);
  if (settings.transport == transport_kind::udp) {
    throw failure{exit_code::usage, what + " needs an answer, and udp brings none; give -T tcp"};
  }
  if (settings.transport == transport_kind::none) {
    throw failure{exit_code::usage,
                  what + " needs an answer, and with -T none nobody is asked; give -T tcp"};
  }
  return settings;
}

} // namespace riemann::cli

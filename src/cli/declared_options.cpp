#include "cli/declared_options.hpp"

#include "cli/help.hpp"
#include "cli/help_formatter.hpp"

#include <memory>
#include <string>

namespace riemann::cli {

declared_options::declared_options() : app_{std::string{help::description}, "riemann-cli"}
{
  app_.set_help_flag("--help", "Show this help, or a command's, and end");
  app_.set_version_flag("--version", std::string{help::version}, "Show the version and end");
  app_.formatter(std::make_shared<help_formatter>());
  app_.require_subcommand(1);
  app_.fallthrough();
  app_.footer(help::main_footer());
  add_server_options();
  add_send();
  add_query();
  add_ping();
  add_serve();
  add_agent();
  add_bench();
  add_completion();
  add_command("man", "Print the manual page", std::string{help::man_footer});
  add_help();
}

CLI::Option* declared_options::add(CLI::App& app, const std::string& names, const std::string& type,
                                   const std::string& description)
{
  return app.add_option(names, CLI::callback_t{}, description)->type_name(type)->take_last();
}

CLI::Option* declared_options::add_flag(CLI::App& app, const std::string& name,
                                        const std::string& description)
{
  // `--flag=false` is not to switch it on.
  return app.add_flag(name, description)->disable_flag_override();
}

CLI::App& declared_options::add_command(const std::string& name, const std::string& description,
                                        const std::string& footer)
{
  CLI::App& added = *app_.add_subcommand(name, description);
  added.footer(footer);
  added.group("Commands");
  return added;
}

void declared_options::add_server_options()
{
  add(app_, "-H,--host", "NAME", "Server's name or address [env RIEMANN_HOST, else localhost]");
  add(app_, "-P,--port", "PORT", "Server's port [env RIEMANN_PORT, else 5555; with tls 5554]");
  add(app_, "-T,--transport", "tcp|tls|udp|none",
      "none: only show what would be sent [env RIEMANN_TRANSPORT, else tcp]");
  add(app_, "-I,--timeout", "SECONDS",
      "For connecting, for TLS's handshake, for each answer [env RIEMANN_TIMEOUT, else 5]");
  add(app_, "--config", "FILE",
      "Options' values, in TOML; '' for none [env RIEMANN_CONFIG, else "
      "$XDG_CONFIG_HOME/riemann/riemann-cli.toml, if it is there]");
  add_tls_options();
}

void declared_options::add_tls_options()
{
  const auto tls = [this](const std::string& names, const std::string& type,
                          const std::string& description) {
    add(app_, names, type, description)->group("With -T tls");
  };
  tls("-C,--ca-certs", "FILE",
      "Authorities to trust, PEM [env RIEMANN_CA_CERTS, else the system's]");
  tls("--certfile", "FILE", "Our certificate, PEM [env RIEMANN_CERTFILE]");
  tls("--keyfile", "FILE", "Its key, PEM [env RIEMANN_KEYFILE, else in --certfile]");
  tls("--tls-server-name", "NAME",
      "What its certificate is for [env RIEMANN_TLS_SERVER_NAME, else --host]");
  tls("--tls-min-version", "1.2|1.3", "Nothing older [env RIEMANN_TLS_MIN_VERSION, else 1.2]");
  add_flag(app_, "--insecure-skip-verification",
           "Take whoever answers for the server: for experiments")
      ->group("With -T tls");
}

void declared_options::add_send()
{
  send_ = &add_command("send", "Send one event, or those in standard input",
                       std::string{help::send_footer});
  add(*send_, "-s,--service", "TEXT", "Service");
  add(*send_, "-S,--state", "TEXT", "State, such as ok, warning or critical");
  add(*send_, "-h,--host", "NAME", "The event's host [this machine's name]");
  add(*send_, "-m,--metric", "NUMBER", "Metric; 42 is sent as an integer, 42.0 as a double");
  add(*send_, "--metric-type", "auto|int|double|float",
      "What metrics are sent as [auto: as written]");
  add(*send_, "-d,--description", "TEXT", "Description");
  add(*send_, "-t,--tag", "TEXT", "Tag; repeat it for several");
  add(*send_, "-l,--ttl", "SECONDS", "How long the event stays valid [the server's default]");
  add(*send_, "-T,--time", "SECONDS", "Time since 1970, fractions allowed [now]");
  add(*send_, "--time-micros", "MICROSECONDS", "The same in whole microseconds");
  add(*send_, "-a,--attribute,--attr", "KEY=VALUE", "Attribute; repeat it for several");
  for (const char* list : {"--tag", "--attribute"}) {
    send_->get_option(list)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }
  add_flag(*send_, "--echo", "Print the event, as JSON, once acknowledged [default]");
  add_flag(*send_, "--no-echo", "Print nothing");
  add_stdin();
}

void declared_options::add_stdin()
{
  const char* const group = "Many events";
  add_flag(*send_, "--stdin", "Send the events in standard input; the options above are defaults")
      ->group(group);
  add(*send_, "--format", "ndjson|csv|metrics", "Of standard input [told by its first line]")
      ->group(group);
  add(*send_, "--reject-file", "FILE", "Keep lines that cannot be read")->group(group);
}

void declared_options::add_query()
{
  query_ = &add_command("query", "Print the events in the index that match",
                        std::string{help::query_footer});
  add(*query_, "QUERY", "", "In Riemann's query language, as one argument")
      ->required()
      ->option_text(" ");
  add(*query_, "-o,--output", "json|ndjson|table|csv",
      "Form of the answer [json; table with --watch]");
  add(*query_, "-w,--watch", "SECONDS", "Ask again so often, until interrupted");
}

void declared_options::add_ping()
{
  ping_ = &add_command("ping", "Measure round trips to the server", std::string{help::ping_footer});
  add(*ping_, "-c,--count", "N", "Round trips; 0: until interrupted [1]");
  add(*ping_, "-i,--interval", "SECONDS", "Between them [1]");
}

void declared_options::add_completion()
{
  completion_ = &add_command("completion", "Print a script that has a shell complete this program",
                             std::string{help::completion_footer});
  add(*completion_, "SHELL", "bash|zsh|fish", "Whose script")->required();
}

/// Behind all others, whose names it is given.
void declared_options::add_help()
{
  std::string commands;
  for (const CLI::App* command : app_.get_subcommands({})) {
    commands += (commands.empty() ? "" : "|") + command->get_name();
  }
  help_ = &add_command("help", "Print this help, or a command's", "");
  add(*help_, "COMMAND", commands, "Whose help [the program's]");
}

void declared_options::add_serve()
{
  serve_ = &add_command("serve", "Run a small Riemann server, for tests",
                        std::string{help::serve_footer});
  add(*serve_, "--address", "ADDRESS", "Address to listen on [127.0.0.1]");
  add(*serve_, "-P,--port", "PORT", "For TCP and UDP; 0 picks one [env RIEMANN_PORT, else 5555]");
  add_flag(*serve_, "--sink", "Acknowledge and forget: for measuring clients");
  add(*serve_, "--journal", "FILE", "Append what is acknowledged over TCP or TLS to a file");
  add_flag(*serve_, "--tls", "Speak TLS too, on a port of its own");
  add(*serve_, "--tls-port", "PORT", "For TLS; 0 picks one [5554; 0 with --port 0]");
  add(*serve_, "--certfile", "FILE", "The server's certificate, PEM [a throw-away one]");
  add(*serve_, "--keyfile", "FILE", "Its key, PEM [in --certfile]");
  add(*serve_, "-C,--ca-certs", "FILE",
      "Demand client certificates signed by one of these authorities");
  add_flag(*serve_, "--mutual", "Demand throw-away client certificates, as Riemann does its own");
  add(*serve_, "--tls-dir", "DIRECTORY",
      "Where throw-away certificates go [a new one, gone with the server]");
}

void declared_options::add_agent()
{
  agent_ = &add_command("agent", "Report this machine's figures, again and again",
                        std::string{help::agent_footer});
  add(*agent_, "--interval", "SECONDS",
      "Between rounds, 0.05 or more; the ttl is twice as long [5]");
  add(*agent_, "--count", "N", "Rounds; 0: until interrupted [0]");
  add(*agent_, "--event-host", "NAME", "The events' host [this machine's name]");
  add(*agent_, "-t,--tag", "TEXT", "Tag of every event; repeat it for several");
  agent_->get_option("--tag")->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  add(*agent_, "--threshold", "FIGURE=WARNING:CRITICAL",
      "From where on a state is worse than ok; repeat it for several")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  add_flag(*agent_, "--echo", "Print the events too, one a line, as JSON");
}

void declared_options::add_bench()
{
  bench_ = &add_command("bench", "Load a server with events, and measure",
                        std::string{help::bench_footer});
  add(*bench_, "--events", "N", "Events to send, over all connections [no bound]");
  add(*bench_, "--seconds", "SECONDS", "How long to send [10, unless --events says]");
  add(*bench_, "--batch", "N", "Events in a message [1]");
  add(*bench_, "--window", "N", "Messages outstanding on each connection [1000]");
  add(*bench_, "--connections", "N", "Connections [1]");
  add(*bench_, "--threads", "N", "Threads, at most as many as connections [1]");
}

} // namespace riemann::cli

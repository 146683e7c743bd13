#include "cli/command_line.hpp"

#include "cli/choices.hpp"
#include "cli/command_outline.hpp"
#include "cli/completion.hpp"
#include "cli/config_file.hpp"
#include "cli/declared_options.hpp"
#include "cli/environment.hpp"
#include "cli/failure.hpp"
#include "cli/help.hpp"
#include "cli/man_page.hpp"
#include "cli/nearest.hpp"
#include "cli/values.hpp"

#include <algorithm>
#include <utility>

namespace riemann::cli {

namespace {

/// Makes settings of the texts that CLI11 has collected.
class command_line_reader {
public:
  explicit command_line_reader(const surroundings& around) : around_{around} {}
  command read(std::vector<std::string> arguments);

private:
  [[noreturn]] void complain(const CLI::ParseError& error) const;
  [[nodiscard]] std::string describe_unexpected(const std::string& argument) const;
  [[nodiscard]] std::string chosen_command() const;
  [[nodiscard]] std::string help_command() const;

  [[nodiscard]] server_settings server() const;
  void read_transport(server_settings& settings) const;
  [[nodiscard]] tls_settings tls(bool used) const;
  [[nodiscard]] std::optional<serve_tls_settings> serve_tls(std::uint16_t port) const;
  void read_config();
  [[nodiscard]] bool is_written(const CLI::App& app, const std::string& name) const;
  [[nodiscard]] std::optional<given> find(const CLI::App& app, const std::string& name) const;
  [[nodiscard]] std::optional<std::string> find_text(const CLI::App& app,
                                                     const std::string& name) const;
  [[nodiscard]] event event_to_send() const;
  [[nodiscard]] std::optional<timestamp> time_to_send() const;
  [[nodiscard]] metric_kind metric_type() const;
  [[nodiscard]] command send() const;
  [[nodiscard]] stream_settings stream() const;
  [[nodiscard]] ping_settings ping() const;
  [[nodiscard]] command chosen_settings(const std::string& chosen) const;
  [[nodiscard]] text_to_print completion() const;
  [[nodiscard]] query_settings query() const;
  [[nodiscard]] serve_settings serve() const;
  [[nodiscard]] agent_settings agent() const;
  [[nodiscard]] bench_settings bench() const;

  surroundings around_;
  declared_options declared_;
  CLI::App& app_ = declared_.app();
  config_file config_{};
};

bool is_given(const CLI::App& app, const std::string& name)
{
  return app.get_option(name)->count() > 0;
}

/// A command line's option, else what the environment says, if it is set.
std::optional<given> either(std::optional<given> option, const char* variable,
                            const std::optional<std::string>& value)
{
  if (option || !value) {
    return option;
  }
  return given{variable, *value};
}

/// The option, if it was given; the last, if it was several times.
std::optional<given> command_line_reader::find(const CLI::App& app, const std::string& name) const
{
  if (!is_given(app, name)) {
    return {};
  }
  const CLI::Option& option = *app.get_option(name);
  return given{config_.source_of(option, name), option.results().back()};
}

std::optional<std::string> command_line_reader::find_text(const CLI::App& app,
                                                          const std::string& name) const
{
  const auto found = find(app, name);
  return found ? std::optional{found->text} : std::nullopt;
}

/// On the command line itself: what the config file says is for those whom it concerns.
bool command_line_reader::is_written(const CLI::App& app, const std::string& name) const
{
  return is_given(app, name) && !config_.sets(*app.get_option(name));
}

/// The command line comes first, then the environment, then the file.
void command_line_reader::read_config()
{
  const auto named = either(find(app_, "--config"), "RIEMANN_CONFIG", around_.config);
  const std::string name = named ? named->text : around_.usual_config;
  if (name.empty() || !around_.read_file) {
    return;
  }
  const auto text = around_.read_file(name);
  if (!text && named) {
    throw failure{exit_code::usage, named->source + " '" + name +
                                        "' cannot be read; give a file's name, or '' for none"};
  }
  config_.apply(app_, text.value_or(""), name, [this](const auto& app, const auto& option) {
    const bool is_port = &app == &declared_.serve() && option.check_lname("port");
    return option.count() > 0 ||
           std::ranges::any_of(environment_variables, [&](const environment_variable& variable) {
             return (&app == &app_ || is_port) && !variable.option.empty() &&
                    option.check_lname(std::string{variable.option.substr(2)}) &&
                    (around_.*variable.value).has_value();
           });
  });
}

tag_list tags_of(const CLI::App& app)
{
  tag_list tags;
  for (const std::string& tag : app.get_option("--tag")->results()) {
    tags.push_back(tag);
  }
  return tags;
}

std::string parse_journal(const given& value)
{
  if (value.text.empty()) {
    throw failure{exit_code::usage, value.source + " '' names no file; give a file's name"};
  }
  return value.text;
}

/// Throw-away certificates and one's own do not go together.
void check_serve_tls(const serve_tls_settings& settings)
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

void check_bench(const bench_settings& settings)
{
  if (settings.threads > settings.connections) {
    throw failure{exit_code::usage, "--threads beyond --connections have nothing to do; give as "
                                    "many connections, or fewer threads"};
  }
  if (settings.batch * settings.server.window * settings.connections > 10'000'000) {
    throw failure{exit_code::usage,
                  "--batch times --window times --connections is above 10,000,000 events "
                  "outstanding, which do not fit in memory; give less of one"};
  }
}

server_settings command_line_reader::server() const
{
  server_settings settings;
  if (const auto host = either(find(app_, "--host"), "RIEMANN_HOST", around_.host)) {
    settings.host = parse_host(*host);
  }
  read_transport(settings);
  if (const auto port = either(find(app_, "--port"), "RIEMANN_PORT", around_.port)) {
    settings.port = parse_port(*port, 1);
  }
  if (const auto timeout = either(find(app_, "--timeout"), "RIEMANN_TIMEOUT", around_.timeout)) {
    settings.timeout = parse_duration(*timeout);
  }
  return settings;
}

void command_line_reader::read_transport(server_settings& settings) const
{
  if (const auto transport =
          either(find(app_, "--transport"), "RIEMANN_TRANSPORT", around_.transport)) {
    settings.transport = parse_transport(*transport);
  }
  const bool with_tls = settings.transport == transport_kind::tls;
  if (with_tls) {
    settings.port = tls_options{}.port;
  }
  settings.tls = tls(with_tls);
}

/// What the environment says is for those that use TLS; the command line speaks of the
/// call at hand.
tls_settings command_line_reader::tls(bool used) const
{
  for (const char* option : {"--ca-certs", "--certfile", "--keyfile", "--tls-server-name",
                             "--tls-min-version", "--insecure-skip-verification"}) {
    if (!used && is_written(app_, option)) {
      throw failure{exit_code::usage,
                    std::string{option} + " is for TLS; give -T tls too, or leave it out"};
    }
  }
  tls_settings settings;
  if (!used) {
    return settings;
  }
  settings.ca_certs = find_text(app_, "--ca-certs").value_or(around_.ca_certs.value_or(""));
  settings.certfile = find_text(app_, "--certfile").value_or(around_.certfile.value_or(""));
  settings.keyfile = find_text(app_, "--keyfile").value_or(around_.keyfile.value_or(""));
  settings.key_password = around_.key_password;
  if (const auto name = either(find(app_, "--tls-server-name"), "RIEMANN_TLS_SERVER_NAME",
                               around_.tls_server_name)) {
    settings.server_name = parse_host(*name);
  }
  if (const auto version = either(find(app_, "--tls-min-version"), "RIEMANN_TLS_MIN_VERSION",
                                  around_.tls_min_version)) {
    settings.min_version = parse_tls_version(*version);
  }
  settings.insecure = is_given(app_, "--insecure-skip-verification");
  if (settings.certfile.empty() && !settings.keyfile.empty()) {
    throw failure{exit_code::usage, "--keyfile is of no use alone; give its --certfile too"};
  }
  return settings;
}

event command_line_reader::event_to_send() const
{
  const CLI::App& options = declared_.send();
  event e;
  e.host = find_text(options, "--host").value_or(around_.hostname);
  e.service = find_text(options, "--service");
  e.state = find_text(options, "--state");
  e.description = find_text(options, "--description");
  e.tags = tags_of(options);
  const metric_kind type = metric_type();
  if (const auto metric = find(options, "--metric")) {
    e.metric = parse_metric(*metric, type);
  }
  if (const auto ttl = find(options, "--ttl")) {
    e.ttl = parse_ttl(*ttl);
  }
  e.time = time_to_send();
  for (const std::string& text : options.get_option("--attribute")->results()) {
    e.attributes.push_back(parse_attribute({"--attribute", text}));
  }
  return e;
}

std::optional<timestamp> command_line_reader::time_to_send() const
{
  const auto seconds = find(declared_.send(), "--time");
  const auto micros = find(declared_.send(), "--time-micros");
  if (seconds && micros) {
    throw failure{exit_code::usage,
                  "--time and --time-micros exclude each other; give one of them"};
  }
  if (micros) {
    return parse_time_micros(*micros);
  }
  return seconds ? std::optional{parse_time(*seconds)} : std::nullopt;
}

metric_kind command_line_reader::metric_type() const
{
  const auto type = find(declared_.send(), "--metric-type");
  return type ? parse_metric_kind(*type) : metric_kind::as_written;
}

command command_line_reader::send() const
{
  const CLI::App& options = declared_.send();
  if (is_written(options, "--echo") && is_written(options, "--no-echo")) {
    throw failure{exit_code::usage, "--echo and --no-echo exclude each other; give one of them"};
  }
  if (is_given(options, "--stdin")) {
    return stream();
  }
  for (const char* option : {"--format", "--reject-file"}) {
    if (is_written(options, option)) {
      throw failure{exit_code::usage,
                    std::string{option} + " is for --stdin; give that too, or leave it out"};
    }
  }
  send_settings settings{.server = server(), .event = event_to_send()};
  settings.event.time = settings.event.time.value_or(around_.now);
  settings.echo = is_written(options, "--echo") || !is_given(options, "--no-echo");
  return settings;
}

stream_settings command_line_reader::stream() const
{
  const CLI::App& options = declared_.send();
  if (is_written(options, "--echo")) {
    throw failure{exit_code::usage, "--echo is for a single event; leave it out, or --stdin"};
  }
  stream_settings settings{.server = server(), .defaults = event_to_send()};
  if (const auto format = find(options, "--format")) {
    settings.format = parse_input_format(*format);
  }
  settings.metric = metric_type();
  settings.reject_file = find_text(options, "--reject-file").value_or("");
  settings.quiet = is_given(options, "--no-echo");
  return settings;
}

query_settings command_line_reader::query() const
{
  query_settings settings{.server = server(), .query = find(declared_.query(), "QUERY")->text};
  if (settings.server.transport == transport_kind::udp) {
    throw failure{exit_code::usage, "a query needs an answer, and udp brings none; give -T tcp"};
  }
  if (const auto watch = find(declared_.query(), "--watch")) {
    settings.watch = parse_duration(*watch);
    settings.output = output_format::table;
  }
  if (const auto output = find(declared_.query(), "--output")) {
    settings.output = parse_output_format(*output);
  }
  return settings;
}

ping_settings command_line_reader::ping() const
{
  ping_settings settings{.server = server()};
  if (settings.server.transport == transport_kind::udp) {
    throw failure{exit_code::usage, "a ping needs an answer, and udp brings none; give -T tcp"};
  }
  if (const auto count = find(declared_.ping(), "--count")) {
    settings.count = parse_count(*count);
  }
  if (const auto interval = find(declared_.ping(), "--interval")) {
    settings.interval = parse_duration(*interval);
  }
  return settings;
}

text_to_print command_line_reader::completion() const
{
  const given shell = *find(declared_.completion(), "SHELL");
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

serve_settings command_line_reader::serve() const
{
  const CLI::App& options = declared_.serve();
  serve_settings settings;
  if (const auto address = find(options, "--address")) {
    settings.address = parse_address(*address);
  }
  const auto option = is_given(options, "--port") ? find(options, "--port") : find(app_, "--port");
  if (const auto port = either(option, "RIEMANN_PORT", around_.port)) {
    settings.port = parse_port(*port, 0);
  }
  settings.sink = is_given(options, "--sink");
  if (const auto journal = find(options, "--journal")) {
    settings.journal = parse_journal(*journal);
  }
  settings.tls = serve_tls(settings.port);
  return settings;
}

std::optional<serve_tls_settings> command_line_reader::serve_tls(std::uint16_t port) const
{
  const CLI::App& options = declared_.serve();
  if (!is_given(options, "--tls")) {
    for (const char* option :
         {"--tls-port", "--certfile", "--keyfile", "--ca-certs", "--mutual", "--tls-dir"}) {
      if (is_given(options, option)) {
        throw failure{exit_code::usage,
                      std::string{option} + " is for TLS; give --tls too, or leave it out"};
      }
    }
    return {};
  }
  serve_tls_settings settings;
  const auto tls_port = find(options, "--tls-port");
  settings.port = tls_port ? parse_port(*tls_port, 0) : port == 0 ? 0 : settings.port;
  settings.certfile = find_text(options, "--certfile").value_or("");
  settings.keyfile = find_text(options, "--keyfile").value_or("");
  settings.key_password = around_.key_password;
  settings.client_ca_certs = find_text(options, "--ca-certs").value_or("");
  settings.mutual = is_given(options, "--mutual");
  settings.directory = find_text(options, "--tls-dir").value_or("");
  check_serve_tls(settings);
  return settings;
}

agent_settings command_line_reader::agent() const
{
  const CLI::App& options = declared_.agent();
  agent_settings settings;
  settings.server = server();
  if (const auto interval = find(options, "--interval")) {
    settings.interval = parse_interval(*interval);
  }
  if (const auto count = find(options, "--count")) {
    settings.count = parse_count(*count);
  }
  settings.event_host = find_text(options, "--event-host").value_or(around_.hostname);
  settings.tags = tags_of(options);
  settings.echo = is_given(options, "--echo") || settings.server.transport == transport_kind::none;
  for (const std::string& text : options.get_option("--threshold")->results()) {
    settings.limits.add(parse_threshold({"--threshold", text}));
  }
  return settings;
}

bench_settings command_line_reader::bench() const
{
  const CLI::App& options = declared_.bench();
  const auto number = [&](const char* name, std::uint64_t otherwise, std::uint64_t most) {
    const auto found = find(options, name);
    return found ? parse_number(*found, 1, most) : otherwise;
  };
  bench_settings settings{.server = server()};
  settings.events = number("--events", 0, std::uint64_t{1} << 62);
  if (const auto seconds = find(options, "--seconds")) {
    settings.time = parse_duration(*seconds);
  } else if (settings.events == 0) {
    settings.time = std::chrono::seconds{10};
  }
  settings.batch = number("--batch", 1, 100'000);
  settings.server.window = number("--window", 1'000, 1'000'000);
  settings.connections = number("--connections", 1, 1'000);
  settings.threads = number("--threads", 1, 1'000);
  settings.event_host = around_.hostname;
  check_bench(settings);
  return settings;
}

std::string command_line_reader::chosen_command() const
{
  const auto chosen = std::as_const(app_).get_subcommands({});
  const auto parsed = std::ranges::find_if(chosen, [](const auto* c) { return c->parsed(); });
  return parsed == chosen.end() ? std::string{} : (*parsed)->get_name();
}

std::string command_line_reader::help_command() const
{
  const std::string chosen = chosen_command();
  return "riemann-cli " + (chosen.empty() ? "" : chosen + " ") + "--help";
}

std::string command_line_reader::describe_unexpected(const std::string& argument) const
{
  const command_outline outline = outline_of(app_);
  const std::string chosen = chosen_command();
  const std::string where = help_command();
  if (argument.starts_with('-')) {
    const std::string name = argument.substr(0, argument.find('='));
    return "unknown option '" + argument + "'" + suggestion(name, outline.option_names(chosen)) +
           "; see `" + where + "`";
  }
  if (chosen.empty()) {
    const std::vector<std::string> names = outline.command_names();
    std::string sentence =
        "unknown command '" + argument + "'" + suggestion(argument, names) + "; the commands are ";
    for (std::size_t i = 0; i != names.size(); ++i) {
      sentence.append(i == 0 ? "" : i + 1 == names.size() ? " and " : ", ").append(names[i]);
    }
    return sentence;
  }
  if (chosen == "query") {
    return "unexpected argument '" + argument + "'; put the whole query in quotes";
  }
  return "unexpected argument '" + argument + "'; see `" + where + "`";
}

/// CLI11's message, in our words where its own are hard to understand.
std::string reworded(const CLI::ParseError& error)
{
  const std::string what = error.what();
  const std::string name = what.substr(0, what.find(':'));
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr && name.starts_with('-')) {
    return name + " needs a value";
  }
  if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
    return what.starts_with("QUERY")   ? "no query given"
           : what.starts_with("SHELL") ? "no shell given"
                                       : "no command given";
  }
  return what.substr(0, what.find('\n'));
}

void command_line_reader::complain(const CLI::ParseError& error) const
{
  const auto unexpected = app_.remaining(true);
  if (!unexpected.empty()) {
    throw failure{exit_code::usage, describe_unexpected(unexpected.front())};
  }
  throw failure{exit_code::usage, reworded(error) + "; see `" + help_command() + "`"};
}

command command_line_reader::read(std::vector<std::string> arguments)
{
  std::ranges::reverse(arguments); // as CLI11 wants them
  try {
    app_.parse(std::move(arguments));
  } catch (const CLI::CallForVersion&) {
    return text_to_print{std::string{help::version}};
  } catch (const CLI::CallForHelp&) {
    const std::string help = app_.help();
    return text_to_print{help.substr(0, help.find_last_not_of('\n') + 1)};
  } catch (const CLI::ParseError& error) {
    complain(error);
  }
  const std::string chosen = chosen_command();
  // What these print is of the program alone, and a shell may read it at every start.
  if (chosen != "completion" && chosen != "man") {
    read_config();
  }
  return chosen_settings(chosen);
}

command command_line_reader::chosen_settings(const std::string& chosen) const
{
  if (chosen == "send") {
    return send();
  }
  if (chosen == "query") {
    return query();
  }
  if (chosen == "ping") {
    return ping();
  }
  if (chosen == "bench") {
    return bench();
  }
  if (chosen == "completion") {
    return completion();
  }
  if (chosen == "man") {
    return text_to_print{man_page(outline_of(declared_.app()))};
  }
  return chosen == "serve" ? command{serve()} : command{agent()};
}

} // namespace

command parse_command_line(const std::vector<std::string>& arguments, const surroundings& around)
{
  return command_line_reader{around}.read(arguments);
}

} // namespace riemann::cli

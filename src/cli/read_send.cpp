#include "cli/choices.hpp"
#include "cli/failure.hpp"
#include "cli/read_settings.hpp"
#include "cli/values.hpp"

#include <algorithm>
#include <array>

namespace riemann::cli {

namespace {

std::optional<timestamp> read_time(const given_options& options)
{
  const CLI::App& app = options.declared().send();
  const auto seconds = options.find(app, "--time");
  const auto micros = options.find(app, "--time-micros");
  if (seconds && micros) {
    throw failure{exit_code::usage,
                  "--time and --time-micros exclude each other; give one of them"};
  }
  if (micros) {
    return parse_time_micros(*micros);
  }
  return seconds ? std::optional{parse_time(*seconds)} : std::nullopt;
}

metric_kind read_metric_type(const given_options& options)
{
  const auto type = options.find(options.declared().send(), "--metric-type");
  return type ? parse_metric_kind(*type) : metric_kind::as_written;
}

std::optional<std::string> read_text(const given_options& options, const char* name)
{
  const auto found = options.find(options.declared().send(), name);
  return found ? std::optional{parse_text(*found)} : std::nullopt;
}

event read_event(const given_options& options)
{
  const CLI::App& app = options.declared().send();
  event e;
  e.host = read_text(options, "--host").value_or(options.around().hostname);
  e.service = read_text(options, "--service");
  e.state = read_text(options, "--state");
  e.description = read_text(options, "--description");
  for (const given& tag : options.find_all(app, "--tag")) {
    e.tags.push_back(parse_text(tag));
  }
  const metric_kind type = read_metric_type(options);
  if (const auto metric = options.find(app, "--metric")) {
    e.metric = parse_metric(*metric, type);
  }
  if (const auto ttl = options.find(app, "--ttl")) {
    e.ttl = parse_ttl(*ttl);
  }
  e.time = read_time(options);
  for (const given& attribute : options.find_all(app, "--attribute")) {
    e.attributes.push_back(parse_attribute(attribute));
  }
  return e;
}

/// As where --stdin was forgotten.
void refuse_nothing(const given_options& options)
{
  const CLI::App& app = options.declared().send();
  constexpr std::array fields{"--host",   "--service", "--state", "--description", "--tag",
                              "--metric", "--ttl",     "--time",  "--time-micros", "--attribute"};
  if (std::ranges::none_of(fields, [&](const char* f) { return given_options::has(app, f); })) {
    throw failure{exit_code::usage, "nothing to send; give --service and what is to be said of "
                                    "it, or --stdin to read events"};
  }
}

stream_settings read_stream(const given_options& options)
{
  const CLI::App& app = options.declared().send();
  if (options.is_written(app, "--echo")) {
    throw failure{exit_code::usage, "--echo is for a single event; leave it out, or --stdin"};
  }
  stream_settings settings{.server = read_server(options), .defaults = read_event(options)};
  if (const auto format = options.find(app, "--format")) {
    settings.format = parse_input_format(*format);
  }
  settings.metric = read_metric_type(options);
  if (const auto file = options.find(app, "--reject-file")) {
    settings.reject_file = parse_file_name(*file);
  }
  settings.quiet = given_options::has(app, "--no-echo");
  return settings;
}

} // namespace

command read_send(const given_options& options)
{
  const CLI::App& app = options.declared().send();
  if (options.is_written(app, "--echo") && options.is_written(app, "--no-echo")) {
    throw failure{exit_code::usage, "--echo and --no-echo exclude each other; give one of them"};
  }
  if (given_options::has(app, "--stdin")) {
    return read_stream(options);
  }
  for (const char* option : {"--format", "--reject-file"}) {
    if (options.is_written(app, option)) {
      throw failure{exit_code::usage,
                    std::string{option} + " is for --stdin; give that too, or leave it out"};
    }
  }
  send_settings settings{.server = read_server(options), .event = read_event(options)};
  refuse_nothing(options);
  settings.event.time = settings.event.time.value_or(options.around().now);
  settings.echo = options.is_written(app, "--echo") || !given_options::has(app, "--no-echo");
  return settings;
}

} // namespace riemann::cli

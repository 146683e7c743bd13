#include "program.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <exception>
#include <iostream>
#include <utility>

namespace bench {

namespace {

std::vector<std::string> names_of(const std::vector<program::mode>& modes)
{
  std::vector<std::string> names;
  names.reserve(modes.size());
  for (const auto& m : modes) {
    names.push_back(m.name);
  }
  return names;
}

/// Only for a program that can.
void declare_tls(CLI::App& app, const program& p, arguments& a)
{
  if (std::ranges::none_of(p.modes, &program::mode::over_tls)) {
    return;
  }
  auto* const transport = app.add_option_function<std::string>(
      "--transport", [&a](const std::string& name) { a.tls = name == "tls"; }, "What to go over");
  transport->check(CLI::IsMember({"tcp", "tls"}))->default_str("tcp");
  const auto add_file = [&](const char* name, std::string& path, const char* what) {
    app.add_option(name, path, what)->needs(transport)->check(CLI::ExistingFile);
  };
  add_file("--ca-certs", a.secure.ca_certs, "TLS: certificates of the authorities to trust");
  add_file("--certfile", a.secure.certfile, "TLS: our certificate");
  add_file("--keyfile", a.secure.keyfile, "TLS: its key");
  app.add_option("--tls-version", a.secure.version, "TLS: this version and no other")
      ->needs(transport)
      ->check(CLI::IsMember({"1.2", "1.3"}));
  app.add_flag("!--no-resumption", a.secure.resume, "TLS: a full handshake each time")
      ->needs(transport);
}

/// What no option can tell by itself.
void check(const program::mode& mode, const arguments& a)
{
  if (a.tls && !mode.over_tls) {
    throw CLI::ValidationError{"--transport", "mode " + mode.name + " is not made for TLS"};
  }
  const bool told = !a.secure.ca_certs.empty() || !a.secure.certfile.empty() ||
                    !a.secure.keyfile.empty() || !a.secure.version.empty() || !a.secure.resume;
  if (!a.tls && told) {
    throw CLI::ValidationError{"--transport", "what is told of TLS needs --transport tls"};
  }
}

void declare(CLI::App& app, const program& p, arguments& a)
{
  const CLI::Range count{std::size_t{1}, std::size_t{1'000'000'000}};
  app.add_option("mode", a.mode, "What to run")
      ->required()
      ->check(CLI::IsMember(names_of(p.modes)));
  app.add_option("--host", a.host, "The server's address")->capture_default_str();
  app.add_option("--port", a.port, "The server's port")
      ->check(CLI::Range(1, 65'535))
      ->capture_default_str();
  app.add_option("--window", a.window, "Messages unanswered at most")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000}))
      ->capture_default_str();
  app.add_option("--messages", a.messages, "Messages in all")->check(count)->capture_default_str();
  app.add_option("--events", a.events, "Events in each message")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000}))
      ->capture_default_str();
  app.add_option("--threads", a.threads, "Threads that submit")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000}))
      ->capture_default_str();
  app.add_option("--coalesced", a.coalesced, "UDP: gather messages up to so many bytes")
      ->check(CLI::Range(std::size_t{0}, std::size_t{65'507}))
      ->capture_default_str();
  app.add_flag("--latency", a.latency, "Record how long each message takes");
  app.add_flag("--fresh", a.fresh, "The C client: make each event anew");
  declare_tls(app, p, a);
}

std::string percentiles(std::vector<std::uint64_t> sorted)
{
  constexpr std::array<double, 13> wanted{1,  5,  10,   25,    50,     75, 90,
                                          95, 99, 99.9, 99.99, 99.999, 100};
  std::ranges::sort(sorted);
  std::string text;
  for (const double p : wanted) {
    const auto rank = std::ceil(p / 100 * static_cast<double>(sorted.size()));
    const auto place = std::max<std::size_t>(static_cast<std::size_t>(rank), 1) - 1;
    char item[64];
    std::snprintf(item, sizeof item, "%s\"%g\": %llu", text.empty() ? "" : ", ", p,
                  static_cast<unsigned long long>(sorted[place]));
    text += item;
  }
  return text;
}

void print(const program& p, const arguments& a, const result& r)
{
  const auto messages = static_cast<double>(a.messages);
  std::printf("{\"program\": \"%s\", \"mode\": \"%s\", \"window\": %zu, \"messages\": %zu, "
              "\"events\": %zu, \"threads\": %zu, \"fresh\": %s, \"wall_s\": %.9f, "
              "\"cpu_s\": %.9f, \"rate\": %.3f, \"cpu_ns\": %.3f",
              p.name.c_str(), a.mode.c_str(), a.window, a.messages, a.events, a.threads,
              a.fresh ? "true" : "false", r.watch.wall(), r.watch.cpu(), messages / r.watch.wall(),
              r.watch.cpu() / messages * 1e9);
  if (!r.latency.nanoseconds().empty()) {
    std::printf(", \"latency_ns\": {%s}", percentiles(r.latency.nanoseconds()).c_str());
  }
  for (const auto& [name, count] : r.extra) {
    std::printf(", \"%s\": %zu", name.c_str(), count);
  }
  for (const auto& [name, word] : r.words) {
    std::printf(", \"%s\": \"%s\"", name.c_str(), word.c_str());
  }
  std::printf("}\n");
}

} // namespace

int run(const program& p, int argc, char** argv)
{
  arguments a;
  CLI::App app{p.about, p.name};
  declare(app, p, a);
  const program::mode* mode = nullptr;
  try {
    app.parse(argc, argv);
    mode = &*std::ranges::find(p.modes, a.mode, &program::mode::name);
    check(*mode, a);
  } catch (const CLI::ParseError& wrong) {
    return app.exit(wrong) == 0 ? 0 : 2;
  }
  try {
    result r{a};
    mode->run(a, r);
    print(p, a, r);
    return 0;
  } catch (const std::exception& failure) {
    std::cerr << p.name << ": " << failure.what() << '\n';
    return 1;
  }
}

} // namespace bench

#include "cli/commands.hpp"
#include "cli/failure.hpp"
#include "cli/output.hpp"
#include "cli/serve_tls.hpp"
#include "cli/stop_signal.hpp"
#include "cli/text.hpp"

#include <riemann/testkit/server.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace riemann::cli {

namespace {

using credentials = std::optional<serve_credentials>;

void listen(std::optional<testkit::server>& server, boost::asio::io_context& context,
            const serve_settings& settings, const credentials& tls)
{
  testkit::server_options options;
  options.address = settings.address;
  options.port = settings.port;
  options.sink = settings.sink;
  options.journal = settings.journal;
  if (tls) {
    options.tls = tls->options();
  }
  try {
    server.emplace(context.get_executor(), options);
  } catch (const boost::system::system_error& error) {
    // The library's text ends with the code's number, which is no news.
    if (const std::string what = error.what(); what.starts_with("journal ")) {
      throw failure{exit_code::other, "cannot use the " + what.substr(0, what.rfind(" [")) +
                                          "; give another --journal"};
    }
    const bool of_tls = std::string_view{error.what()}.find("TLS port") != std::string_view::npos;
    const std::string option = of_tls ? "--tls-port" : "--port";
    throw failure{exit_code::cannot_connect,
                  "cannot listen on " +
                      host_and_port(settings.address, of_tls ? settings.tls->port : settings.port) +
                      ": " + error.code().message() + "; give another --address or " + option +
                      ", or " + option + " 0 for any that is free"};
  }
}

/// 0 without one.
std::uintmax_t size_of_journal(const serve_settings& settings)
{
  std::error_code error;
  const auto size = std::filesystem::file_size(settings.journal, error);
  return error ? 0 : size;
}

template <class Endpoint>
std::string text_of(const Endpoint& endpoint)
{
  return host_and_port(endpoint.address().to_string(), endpoint.port());
}

std::string ready_line(const testkit::server& server, const credentials& tls)
{
  std::string line =
      "ready tcp=" + text_of(server.tcp_endpoint()) + " udp=" + text_of(server.udp_endpoint());
  if (tls) {
    line += " tls=" + text_of(server.tls_endpoint());
    if (!tls->directory().empty()) {
      line += " certificates=" + tls->directory();
    }
  }
  return line;
}

std::string summary(const testkit::server_counters& counters)
{
  return "served " + std::to_string(counters.messages) + " messages (" +
         std::to_string(counters.events) + " events, " + std::to_string(counters.queries) +
         " queries, " + std::to_string(counters.datagrams) + " datagrams) over " +
         std::to_string(counters.connections) + " connections: " + std::to_string(counters.acks) +
         " acknowledged, " + std::to_string(counters.rejections) + " rejected, " +
         std::to_string(counters.malformed) + " malformed, " + std::to_string(counters.too_large) +
         " too large, " + std::to_string(counters.cut_off) + " cut off";
}

} // namespace

exit_code run(const serve_settings& settings)
{
  boost::asio::io_context context{1};
  stop_signal signal{context};
  credentials tls;
  if (settings.tls) {
    tls.emplace(settings);
  }
  std::optional<testkit::server> server;
  const auto journal_before = size_of_journal(settings);
  listen(server, context, settings, tls);
  if (const auto now = size_of_journal(settings); now < journal_before) {
    complain_line("the journal \"" + settings.journal +
                  "\" ended within a frame, as a crash leaves it: its last " +
                  std::to_string(journal_before - now) + " bytes were cut off");
  }
  signal.on_first([&] { context.stop(); });
  print_line(ready_line(*server, tls));
  context.run();
  const auto counters = server->counters();
  server->stop();
  complain_line(summary(counters));
  return exit_code::acknowledged;
}

} // namespace riemann::cli

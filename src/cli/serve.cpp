#include "cli/commands.hpp"
#include "cli/failure.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"

#include <riemann/testkit/server.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/system/system_error.hpp>

#include <csignal>
#include <optional>
#include <string>

namespace riemann::cli {

namespace {

void listen(std::optional<testkit::server>& server, boost::asio::io_context& context,
            const serve_settings& settings)
{
  testkit::server_options options;
  options.address = settings.address;
  options.port = settings.port;
  options.sink = settings.sink;
  try {
    server.emplace(context.get_executor(), options);
  } catch (const boost::system::system_error& error) {
    throw failure{exit_code::cannot_connect,
                  "cannot listen on " + host_and_port(settings.address, settings.port) + ": " +
                      error.code().message() +
                      "; give another --address or --port, or --port 0 for any that is free"};
  }
}

template <class Endpoint>
std::string text_of(const Endpoint& endpoint)
{
  return host_and_port(endpoint.address().to_string(), endpoint.port());
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
  boost::asio::signal_set signals{context, SIGINT, SIGTERM};
  std::optional<testkit::server> server;
  listen(server, context, settings);
  signals.async_wait([&](boost::system::error_code error, int) {
    if (!error) {
      context.stop();
    }
  });
  print_line("ready tcp=" + text_of(server->tcp_endpoint()) +
             " udp=" + text_of(server->udp_endpoint()));
  context.run();
  const auto counters = server->counters();
  server->stop();
  complain_line(summary(counters));
  return exit_code::acknowledged;
}

} // namespace riemann::cli

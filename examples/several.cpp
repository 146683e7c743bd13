// Ways to a server beyond one connection: datagrams with TCP behind them, and a pool.
#include <riemann/client.hpp>
#include <riemann/connection_log.hpp>
#include <riemann/hybrid_transport.hpp>
#include <riemann/pool_transport.hpp>
#include <riemann/tcp_transport.hpp>

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <string>

namespace {

using namespace std::chrono_literals;

/// Sends one event over it and says how that went.
template <class Transport>
bool talk(boost::asio::io_context& context, Transport& transport, const char* name)
{
  bool good = false;
  riemann::client client{transport};
  client.async_send({.service = "example several", .tags = {name}},
                    [&](boost::system::error_code error, const riemann::response&) {
                      good = !error;
                      std::cout << name << ": " << error.message() << '\n';
                    });
  transport.async_disconnect(5s, [](boost::system::error_code) {});
  context.restart();
  context.run();
  return good;
}

bool one_server_or_another(boost::asio::io_context& context, const std::string& host,
                           std::uint16_t port)
{
  // [shown]
  riemann::tcp_options options{.host = host, .port = port};
  options.fallbacks = {{.host = "riemann-b.example.net", .port = 5555}}; // if that cannot be had
  options.session.max_queued = 10'000;
  options.session.when_full = riemann::overload_policy::drop_oldest;
  options.session.answer_timeout = 2s;
  riemann::tcp_transport transport{context, options};
  transport.observe(riemann::connection_log{[](riemann::log_level level, std::string_view line) {
    std::clog << riemann::to_string(level) << ": " << line << '\n';
  }});
  // [/shown]
  return talk(context, transport, "fallbacks");
}

bool datagrams_first(boost::asio::io_context& context, const std::string& host, std::uint16_t port)
{
  // [shown]
  riemann::hybrid_options options;
  options.tcp = {.host = host, .port = port}; // queries, and what is too long
  options.udp = {.host = host, .port = port};
  options.udp.max_coalesced_size = 1'400; // several messages in a datagram
  options.udp.linger = 1ms;
  riemann::hybrid_transport transport{context, options};
  // [/shown]
  return talk(context, transport, "hybrid");
}

bool several_connections(boost::asio::io_context& context, const std::string& host,
                         std::uint16_t port)
{
  // [shown]
  riemann::pool_options options;
  options.servers = {{.host = host, .port = port}};
  options.connections = 4;
  riemann::pool_transport transport{context, options};
  // [/shown]
  return talk(context, transport, "pool");
}

} // namespace

int main(int argc, char** argv)
{
  const std::string host = argc > 1 ? argv[1] : "localhost";
  const auto port = static_cast<std::uint16_t>(argc > 2 ? std::atoi(argv[2]) : 5555);
  boost::asio::io_context context;
  const bool first = one_server_or_another(context, host, port);
  const bool second = datagrams_first(context, host, port);
  const bool third = several_connections(context, host, port);
  return first && second && third ? 0 : 1;
}

#include "client/pool_implementation.hpp"
#include "codec/option_checks.hpp"
#include "net/make_shell.hpp"
#include "net/tcp_kind.hpp"

#include <riemann/detail/socket_implementation.hpp>
#include <riemann/pool_transport.hpp>

#include <memory>
#include <string>

namespace riemann::inline v0 {

namespace {

std::shared_ptr<detail::implementation> make_pool(const boost::asio::any_io_executor& executor,
                                                  const pool_options& options)
{
  options.validate();
  clients::pool_implementation::transports inside;
  for (std::size_t i = 0; i != options.connections; ++i) {
    const auto& server = options.servers[i % options.servers.size()];
    inside.push_back(net::make_shell<net::tcp_kind>(executor, server));
  }
  const auto pool =
      std::make_shared<clients::pool_implementation>(executor, options.retry_interval, inside);
  for (clients::place p = 0; p != inside.size(); ++p) {
    using sockets = detail::socket_implementation<boost::asio::ip::tcp>;
    static_cast<sockets&>(*inside[p]).observe(pool->observer_of(p));
  }
  return pool;
}

} // namespace

void pool_options::validate() const
{
  if (servers.empty()) {
    codec::refuse_option("servers", "empty", "one or more");
  }
  for (const auto& server : servers) {
    server.validate();
  }
  if (connections < servers.size() || connections > max_connections) {
    codec::refuse_option("connections", std::to_string(connections),
                         std::to_string(servers.size()) + ", one a server, to " +
                             std::to_string(max_connections));
  }
  codec::check_duration("retry_interval", retry_interval);
}

pool_transport::pool_transport(const executor_type& executor, const pool_options& options)
    : basic_transport{make_pool(executor, options)}
{}

} // namespace riemann::inline v0

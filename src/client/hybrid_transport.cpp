#include "client/hybrid_implementation.hpp"
#include "codec/option_checks.hpp"
#include "net/make_shell.hpp"
#include "net/tcp_kind.hpp"
#include "net/udp_kind.hpp"

#include <riemann/detail/socket_implementation.hpp>
#include <riemann/hybrid_transport.hpp>

#include <memory>

namespace riemann::inline v0 {

namespace {

boost::system::result<boost::asio::ip::udp::endpoint>
address_of(const detail::implementation& datagrams)
{
  using sockets = detail::socket_implementation<boost::asio::ip::udp>;
  return static_cast<const sockets&>(datagrams).address();
}

std::shared_ptr<detail::implementation> make_hybrid(const boost::asio::any_io_executor& executor,
                                                    const hybrid_options& options)
{
  options.validate();
  const auto make_datagrams = [udp = options.udp](const boost::asio::any_io_executor& on) {
    return net::make_shell<net::udp_kind>(on, udp);
  };
  return std::make_shared<clients::hybrid_implementation>(
      executor, options,
      clients::hybrid_implementation::parts{net::make_shell<net::tcp_kind>(executor, options.tcp),
                                            make_datagrams, &address_of});
}

} // namespace

void hybrid_options::validate() const
{
  tcp.validate();
  udp.validate();
  codec::check_duration("resolve_interval", resolve_interval);
}

hybrid_transport::hybrid_transport(const executor_type& executor, const hybrid_options& options)
    : basic_transport{make_hybrid(executor, options)}
{}

boost::system::result<boost::asio::ip::udp::endpoint> hybrid_transport::datagram_address() const
{
  return static_cast<const clients::hybrid_implementation&>(implementation()).datagram_address();
}

} // namespace riemann::inline v0

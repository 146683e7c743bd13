#include "testkit/listeners.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/system/system_error.hpp>

namespace riemann::inline v0::testkit::detail {

namespace asio = boost::asio;

namespace {

/// Its error says which of the ports it is about.
asio::ip::tcp::acceptor listen_for_tls(const asio::any_io_executor& executor,
                                       const asio::ip::tcp::endpoint& at)
{
  try {
    return {executor, at};
  } catch (const boost::system::system_error& error) {
    throw boost::system::system_error{error.code(),
                                      "listen on TLS port " + std::to_string(at.port())};
  }
}

} // namespace

listeners listen(const asio::any_io_executor& executor, const listen_options& options)
{
  const auto address = asio::ip::make_address(options.address);
  for (unsigned attempt = 1;; ++attempt) {
    asio::ip::tcp::acceptor tcp{executor, asio::ip::tcp::endpoint{address, options.port}};
    const asio::ip::udp::endpoint same{address, tcp.local_endpoint().port()};
    asio::ip::udp::socket udp{executor, same.protocol()};
    boost::system::error_code ec;
    udp.bind(same, ec);
    if (!ec) {
      listeners bound{std::move(tcp), std::move(udp)};
      if (options.tls_port) {
        bound.tls = listen_for_tls(executor, {address, *options.tls_port});
      }
      return bound;
    }
    const bool may_retry = options.port == 0 && ec == asio::error::address_in_use;
    if (!may_retry || attempt == options.attempts) {
      throw boost::system::system_error{ec, "bind UDP port " + std::to_string(same.port())};
    }
  }
}

} // namespace riemann::inline v0::testkit::detail

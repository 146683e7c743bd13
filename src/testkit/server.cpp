#include "testkit/server_impl.hpp"

#include <riemann/options.hpp>
#include <riemann/testkit/server.hpp>

#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace riemann::inline v0::testkit {

namespace {

void require(bool holds, const char* complaint)
{
  if (!holds) {
    throw std::invalid_argument{complaint};
  }
}

bool is_possible(std::chrono::milliseconds time)
{
  return time.count() > 0 && time <= session_options::max_duration;
}

void check(const server_tls_options& tls)
{
  require(!tls.certificate_pem.empty(), "server_tls_options::certificate_pem must not be empty");
  require(!tls.key_pem.empty(), "server_tls_options::key_pem must not be empty");
  require(tls.min_version <= tls.max_version,
          "server_tls_options::min_version must be at most max_version");
  require(is_possible(tls.handshake_timeout),
          "server_tls_options::handshake_timeout must be greater than 0, and at most "
          "session_options::max_duration");
}

} // namespace

void server_options::validate() const
{
  boost::system::error_code ec;
  boost::asio::ip::make_address(address, ec);
  require(!ec, "server_options::address must be an IPv4 or IPv6 address");
  require(max_message_size > 0, "server_options::max_message_size must be greater than 0");
  require(max_datagram_size > 0, "server_options::max_datagram_size must be greater than 0");
  require(max_unread_answers > 0, "server_options::max_unread_answers must be greater than 0");
  require(is_possible(unread_timeout),
          "server_options::unread_timeout must be greater than 0, and at most "
          "session_options::max_duration");
  require(std::isfinite(default_ttl.count()) && default_ttl.count() >= 0,
          "server_options::default_ttl must be finite and not negative");
  require(is_possible(reap_interval),
          "server_options::reap_interval must be greater than 0, and at most "
          "session_options::max_duration");
  if (tls) {
    check(*tls);
  }
}

server::server(const boost::asio::any_io_executor& executor, server_options options)
    : impl_{(options.validate(), std::make_shared<impl>(executor, options))}
{
  try {
    impl_->start();
  } catch (...) {
    impl_->stop();
    throw;
  }
}

server::~server()
{
  impl_->stop();
}

std::uint16_t server::port() const noexcept
{
  return impl_->endpoint().port();
}

boost::asio::ip::tcp::endpoint server::tcp_endpoint() const
{
  return impl_->endpoint();
}

boost::asio::ip::udp::endpoint server::udp_endpoint() const
{
  return {impl_->endpoint().address(), impl_->endpoint().port()};
}

boost::asio::ip::tcp::endpoint server::tls_endpoint() const
{
  const auto endpoint = impl_->tls_endpoint();
  if (!endpoint) {
    throw std::logic_error{"server::tls_endpoint: server_options::tls was not given"};
  }
  return *endpoint;
}

void server::stop()
{
  impl_->stop();
}

void server::close_connections()
{
  impl_->close_connections();
}

void server::inject(fault f, fault_place where)
{
  impl_->inject({std::move(f)}, where);
}

void server::inject(std::vector<fault> together, fault_place where)
{
  impl_->inject(std::move(together), where);
}

void server::clear_faults()
{
  impl_->clear_faults();
}

server_counters server::counters() const
{
  return impl_->counters();
}

std::vector<event> server::index() const
{
  return impl_->index();
}

} // namespace riemann::inline v0::testkit

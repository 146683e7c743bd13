#include "client/sync_engine.hpp"
#include "codec/option_checks.hpp"

#include <riemann/hybrid_transport.hpp>
#include <riemann/sync_client.hpp>
#include <riemann/tcp_transport.hpp>
#include <riemann/tls_transport.hpp>
#include <riemann/udp_transport.hpp>

#include <utility>

namespace riemann::inline v0 {

namespace {

sync_client::done_result result_of(boost::system::error_code error)
{
  if (error) {
    return failure{error, response::failure({})};
  }
  return {};
}

} // namespace

void sync_options::validate() const
{
  codec::check_duration("call_timeout", call_timeout);
  codec::check_duration("drain_timeout", drain_timeout);
}

sync_client::sync_client(tcp_options server, sync_options options)
    : engine_{clients::sync_engine::over<tcp_transport>(std::move(server), options)}
{}

sync_client::sync_client(tls_options server, sync_options options)
    : engine_{clients::sync_engine::over<tls_transport>(std::move(server), options)}
{}

sync_client::sync_client(udp_options server, sync_options options)
    : engine_{clients::sync_engine::over<udp_transport>(std::move(server), options)}
{}

sync_client::sync_client(hybrid_options servers, sync_options options)
    : engine_{clients::sync_engine::over<hybrid_transport>(std::move(servers), options)}
{}

sync_client::sync_client(sync_client&& other) noexcept = default;

sync_client& sync_client::operator=(sync_client&& other) noexcept
{
  if (this != &other) {
    leave();
    engine_ = std::move(other.engine_);
  }
  return *this;
}

sync_client::~sync_client()
{
  leave();
}

void sync_client::leave() noexcept
{
  if (engine_ && !engine_->is_here()) {
    // There is no thread to join, and locks may be held by those that are not here.
    static_cast<void>(engine_.release());
  }
  engine_.reset();
}

sync_client::done_result sync_client::connect()
{
  return connect(engine_->options().call_timeout);
}

sync_client::done_result sync_client::connect(duration deadline)
{
  return result_of(engine_->connect(deadline));
}

sync_client::done_result sync_client::disconnect()
{
  return disconnect(engine_->options().drain_timeout);
}

sync_client::done_result sync_client::disconnect(duration deadline)
{
  return result_of(engine_->disconnect(deadline));
}

send_result sync_client::send(message m, send_options options)
{
  return engine_->send(std::move(m), std::move(options));
}

void sync_client::cancel()
{
  engine_->cancel();
}

riemann::statistics sync_client::statistics() const
{
  return engine_->statistics();
}

} // namespace riemann::inline v0

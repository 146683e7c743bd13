// How a TLS connection begins and ends.

#include "testkit/connection.hpp"

#include <mutex>

namespace riemann::inline v0::testkit::detail {

namespace asio = boost::asio;

template <class Wire>
void connection<Wire>::shake_hands()
  requires(Wire::is_secure)
{
  const std::lock_guard lock{mutex_};
  if (!io_) {
    return;
  }
  set_deadline();
  io_->wire.handshake([self = this->shared_from_this()](const boost::system::error_code& ec) {
    self->on_handshake(ec);
  });
}

template <class Wire>
void connection<Wire>::on_handshake(const boost::system::error_code& ec)
  requires(Wire::is_secure)
{
  const std::lock_guard lock{mutex_};
  if (!io_) {
    return;
  }
  if (ec) {
    return refuse();
  }
  io_->wire.lift_deadline();
  {
    const std::lock_guard shared{state_->mutex};
    auto& counters = state_->handler.counters();
    ++counters.handshakes;
    counters.resumed += io_->wire.is_resumed() ? 1 : 0;
  }
  begin();
}

template <class Wire>
void connection<Wire>::refuse()
  requires(Wire::is_secure)
{
  {
    const std::lock_guard shared{state_->mutex};
    ++state_->handler.counters().handshakes_failed;
  }
  count_closed();
  // Closed with bytes unread it would be reset, and the reset may overtake the alert.
  io_->wire.become_raw();
  core_.refuse();
  boost::system::error_code ignored;
  io_->wire.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  proceed_reading();
}

template <class Wire>
void connection<Wire>::say_goodbye()
  requires(Wire::is_secure)
{
  sending_ = true;
  io_->wire.say_goodbye([self = this->shared_from_this()] { self->on_goodbye(); });
}

template <class Wire>
void connection<Wire>::on_goodbye()
  requires(Wire::is_secure)
{
  const std::lock_guard lock{mutex_};
  if (!io_) {
    return;
  }
  sending_ = false;
  if (core_.phase() == connection_phase::closed) {
    return close_socket();
  }
  boost::system::error_code ignored;
  io_->wire.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
}

template <class Wire>
void connection<Wire>::set_deadline()
  requires(Wire::is_secure)
{
  io_->wire.set_deadline(
      [self = this->shared_from_this()](const boost::system::error_code&) { self->on_deadline(); });
}

template <class Wire>
void connection<Wire>::on_deadline()
  requires(Wire::is_secure)
{
  const std::lock_guard lock{mutex_};
  if (!io_ || !io_->wire.is_late()) {
    return;
  }
  if (core_.phase() == connection_phase::open) {
    const std::lock_guard shared{state_->mutex};
    ++state_->handler.counters().handshakes_failed;
  }
  close_socket();
}

template void connection<tls_wire>::shake_hands();
template void connection<tls_wire>::on_handshake(const boost::system::error_code&);
template void connection<tls_wire>::refuse();
template void connection<tls_wire>::say_goodbye();
template void connection<tls_wire>::on_goodbye();
template void connection<tls_wire>::set_deadline();
template void connection<tls_wire>::on_deadline();

} // namespace riemann::inline v0::testkit::detail

#include "testkit/datagram_receiver.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#include <span>
#include <utility>

namespace riemann::inline v0::testkit::detail {

namespace asio = boost::asio;

datagram_receiver::datagram_receiver(asio::ip::udp::socket socket,
                                     std::shared_ptr<server_state> state, datagram_options options)
    : state_{std::move(state)},
      options_{options},
      socket_{std::move(socket)},
      buffer_(options.max_datagram_size)
{}

void datagram_receiver::start()
{
  const std::lock_guard lock{mutex_};
  if (socket_) {
    socket_->non_blocking(true);
    if (options_.receive_buffer != 0) {
      boost::system::error_code ignored;
      socket_->set_option(asio::socket_base::receive_buffer_size{options_.receive_buffer}, ignored);
    }
    wait();
  }
}

void datagram_receiver::close() noexcept
{
  const std::lock_guard lock{mutex_};
  socket_.reset();
}

void datagram_receiver::wait()
{
  socket_->async_wait(
      asio::ip::udp::socket::wait_read,
      [self = shared_from_this()](const boost::system::error_code& ec) { self->on_readable(ec); });
}

void datagram_receiver::on_readable(const boost::system::error_code& ec)
{
  const std::lock_guard lock{mutex_};
  // No datagram's fault is told here: an error means that the socket is gone.
  if (!socket_ || ec) {
    return;
  }
  {
    const auto now = current_time();
    const std::lock_guard shared{state_->mutex};
    for (unsigned i = 0; i < options_.burst && receive(now); ++i) {
    }
  }
  wait();
}

bool datagram_receiver::receive(timestamp now)
{
  boost::system::error_code ec;
  const auto n = socket_->receive(asio::buffer(buffer_), 0, ec);
  if (ec) {
    // Nothing there, or a fault of that datagram alone: the next is waited for.
    return false;
  }
  state_->handler.handle_datagram(std::span{std::as_const(buffer_)}.first(n), now);
  return true;
}

} // namespace riemann::inline v0::testkit::detail

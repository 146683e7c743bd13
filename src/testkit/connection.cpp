#include "testkit/connection.hpp"

#include <boost/asio/buffer.hpp>

#include <utility>

namespace riemann::testkit::detail {

namespace asio = boost::asio;

connection::connection(asio::ip::tcp::socket socket, std::shared_ptr<server_state> state,
                       connection_options options, answer_policy policy)
    : state_{std::move(state)}, socket_{std::move(socket)}, core_{options, std::move(policy)}
{
  const std::lock_guard lock{state_->mutex};
  ++state_->handler.counters().connections;
  ++state_->handler.counters().open_connections;
}

connection::~connection()
{
  close_socket();
}

void connection::start()
{
  const std::lock_guard lock{mutex_};
  if (!socket_) {
    return;
  }
  boost::system::error_code ignored;
  socket_->set_option(asio::ip::tcp::no_delay{true}, ignored);
  read();
}

void connection::close() noexcept
{
  const std::lock_guard lock{mutex_};
  close_socket();
}

void connection::close_socket() noexcept
{
  if (!socket_) {
    return;
  }
  {
    // Counted first: whoever sees the connection end sees it counted so.
    const std::lock_guard shared{state_->mutex};
    --state_->handler.counters().open_connections;
  }
  boost::system::error_code ignored;
  socket_->shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  socket_->close(ignored);
  socket_.reset();
}

void connection::read()
{
  const auto room = core_.prepare_read();
  socket_->async_read_some(asio::buffer(room.data(), room.size()),
                           [self = shared_from_this()](const boost::system::error_code& ec,
                                                       std::size_t n) { self->on_read(ec, n); });
}

void connection::on_read(const boost::system::error_code& ec, std::size_t n)
{
  const std::lock_guard lock{mutex_};
  if (!socket_) {
    return;
  }
  if (ec) {
    core_.ended();
  } else {
    const auto now = current_time();
    const std::lock_guard shared{state_->mutex};
    core_.received(n, state_->handler, now);
  }
  proceed();
  if (socket_ && core_.phase() == connection_phase::open) {
    read();
  }
}

void connection::write()
{
  const auto bytes = core_.prepare_write();
  writing_ = true;
  socket_->async_write_some(
      asio::buffer(bytes.data(), bytes.size()),
      [self = shared_from_this()](const boost::system::error_code& ec, std::size_t n) {
        self->on_written(ec, n);
      });
}

void connection::on_written(const boost::system::error_code& ec, std::size_t n)
{
  const std::lock_guard lock{mutex_};
  if (!socket_) {
    return;
  }
  writing_ = false;
  if (ec) {
    core_.ended();
  } else {
    core_.sent(n);
  }
  proceed();
}

void connection::proceed()
{
  switch (core_.phase()) {
  case connection_phase::open:
  case connection_phase::finishing:
    if (core_.has_unsent() && !writing_) {
      write();
    }
    break;
  case connection_phase::closed:
    close_socket();
    break;
  }
}

} // namespace riemann::testkit::detail

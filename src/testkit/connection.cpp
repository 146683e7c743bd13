#include "testkit/connection.hpp"

#include <boost/asio/buffer.hpp>

#include <utility>

namespace riemann::testkit::detail {

namespace asio = boost::asio;

connection::connection(asio::ip::tcp::socket socket, std::shared_ptr<server_state> state,
                       connection_options options, std::uint64_t number)
    : state_{std::move(state)},
      io_{std::in_place, std::move(socket)},
      // Asked with the state's mutex held, as `received` and `begin` are called.
      core_{options, [s = state_.get(), number](std::uint64_t message) {
              return s->faults.take(number, message);
            }}
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
  if (!io_) {
    return;
  }
  boost::system::error_code ignored;
  io_->socket.set_option(asio::ip::tcp::no_delay{true}, ignored);
  {
    const std::lock_guard shared{state_->mutex};
    core_.begin(state_->handler);
  }
  proceed();
  proceed_reading();
}

void connection::close() noexcept
{
  const std::lock_guard lock{mutex_};
  close_socket();
}

void connection::close_socket(bool reset) noexcept
{
  if (!io_) {
    return;
  }
  {
    // Counted first: whoever sees the connection end sees it counted so.
    const std::lock_guard shared{state_->mutex};
    --state_->handler.counters().open_connections;
  }
  boost::system::error_code ignored;
  if (reset) {
    io_->socket.set_option(asio::socket_base::linger{true, 0}, ignored);
  } else {
    io_->socket.shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
  }
  io_->socket.close(ignored);
  io_.reset();
}

void connection::read()
{
  const auto room = core_.prepare_read();
  io_->socket.async_read_some(asio::buffer(room.data(), room.size()),
                              [self = shared_from_this()](const boost::system::error_code& ec,
                                                          std::size_t n) { self->on_read(ec, n); });
}

void connection::on_read(const boost::system::error_code& ec, std::size_t n)
{
  const std::lock_guard lock{mutex_};
  if (!io_) {
    return;
  }
  if (ec) {
    core_.ended();
  } else {
    const auto now = current_time();
    const std::lock_guard shared{state_->mutex};
    core_.received(n, state_->handler, now, !state_->faults.empty());
  }
  proceed();
  proceed_reading();
}

void connection::proceed_reading()
{
  if (!io_ || core_.phase() == connection_phase::finishing) {
    return;
  }
  if (const auto pause = core_.read_pause(); pause.count() != 0) {
    io_->read_pause.expires_after(pause);
    io_->read_pause.async_wait([self = shared_from_this()](const boost::system::error_code&) {
      self->read_after_pause();
    });
  } else {
    read();
  }
}

void connection::read_after_pause()
{
  const std::lock_guard lock{mutex_};
  if (io_) {
    read();
  }
}

void connection::write()
{
  const auto bytes = core_.to_write();
  sending_ = true;
  io_->socket.async_write_some(
      asio::buffer(bytes.data(), bytes.size()),
      [self = shared_from_this()](const boost::system::error_code& ec, std::size_t n) {
        self->on_written(ec, n);
      });
}

void connection::on_written(const boost::system::error_code& ec, std::size_t n)
{
  const std::lock_guard lock{mutex_};
  if (!io_) {
    return;
  }
  sending_ = false;
  if (ec) {
    core_.ended();
  } else {
    core_.sent(n);
  }
  proceed();
}

void connection::wait()
{
  sending_ = true;
  io_->write_pause.expires_after(core_.take_pause());
  io_->write_pause.async_wait(
      [self = shared_from_this()](const boost::system::error_code&) { self->on_waited(); });
}

void connection::on_waited()
{
  const std::lock_guard lock{mutex_};
  sending_ = false;
  if (io_) {
    proceed();
  }
}

void connection::proceed()
{
  if (!sending_) {
    switch (core_.next_output()) {
    case connection_core::output::write:
      write();
      break;
    case connection_core::output::wait:
      wait();
      break;
    case connection_core::output::shut: {
      boost::system::error_code ignored;
      io_->socket.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
      break;
    }
    case connection_core::output::none:
      break;
    }
  }
  switch (core_.phase()) {
  case connection_phase::open:
  case connection_phase::finishing:
  case connection_phase::half_closed:
    break;
  case connection_phase::closed:
    return close_socket();
  case connection_phase::reset:
    return close_socket(true);
  }
}

} // namespace riemann::testkit::detail

#include "testkit/connection.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>

#include <utility>

namespace riemann::inline v0::testkit::detail {

namespace asio = boost::asio;

namespace {

/// To be called with the state's mutex held.
frame_keeper make_keeper(server_state& state)
{
  if (!state.kept) {
    return {};
  }
  return [&state](std::span<const std::byte> frames) { return keep(state, frames); };
}

} // namespace

template <class Wire>
connection<Wire>::connection(Wire wire, std::shared_ptr<server_state> state,
                             connection_options options, std::chrono::milliseconds unread_timeout,
                             std::uint64_t number)
    : state_{std::move(state)},
      io_{std::in_place, std::move(wire)},
      // Asked with the state's mutex held, as `received` and `begin` are called.
      core_{options,
            [s = state_.get(), number](std::uint64_t message) {
              return s->faults.take(number, message);
            },
            make_keeper(*state_)},
      unread_timeout_{unread_timeout}
{
  const std::lock_guard lock{state_->mutex};
  ++state_->handler.counters().connections;
  ++state_->handler.counters().open_connections;
}

template <class Wire>
connection<Wire>::~connection()
{
  close_socket();
}

template <class Wire>
void connection<Wire>::start()
{
  const std::lock_guard lock{mutex_};
  if (!io_) {
    return;
  }
  boost::system::error_code ignored;
  io_->wire.socket().set_option(asio::ip::tcp::no_delay{true}, ignored);
  if constexpr (Wire::is_secure) {
    asio::post(io_->wire.socket().get_executor(),
               [self = this->shared_from_this()] { self->shake_hands(); });
  } else {
    begin();
  }
}

template <class Wire>
void connection<Wire>::begin()
{
  {
    const std::lock_guard shared{state_->mutex};
    core_.begin(state_->handler);
  }
  proceed();
  proceed_reading();
}

template <class Wire>
void connection<Wire>::close() noexcept
{
  const std::lock_guard lock{mutex_};
  if (io_) {
    count_closed();
    io_->wire.cut();
    io_.reset();
  }
}

template <class Wire>
void connection<Wire>::count_closed() noexcept
{
  if (std::exchange(counted_, false)) {
    const std::lock_guard shared{state_->mutex};
    --state_->handler.counters().open_connections;
  }
}

template <class Wire>
void connection<Wire>::close_socket() noexcept
{
  if (io_) {
    // Counted first: whoever sees the connection end sees it counted so.
    count_closed();
    close_both_ways(io_->wire.socket());
    io_.reset();
  }
}

template <class Wire>
void connection<Wire>::reset_socket() noexcept
{
  if (io_) {
    count_closed();
    reset(io_->wire.socket());
    io_.reset();
  }
}

template <class Wire>
void connection<Wire>::read()
{
  const auto room = core_.prepare_read();
  io_->wire.read(asio::buffer(room.data(), room.size()),
                 [self = this->shared_from_this()](const boost::system::error_code& ec,
                                                   std::size_t n) { self->on_read(ec, n); });
}

template <class Wire>
void connection<Wire>::on_read(const boost::system::error_code& ec, std::size_t n)
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

template <class Wire>
void connection<Wire>::proceed_reading()
{
  if (!io_) {
    return;
  }
  if (core_.is_full()) {
    holding_ = true;
    hold_back();
  } else if (!core_.takes_input()) {
    return;
  } else if (const auto pause = core_.read_pause(); pause.count() != 0) {
    io_->read_pause.expires_after(pause);
    io_->read_pause.async_wait([self = this->shared_from_this()](const boost::system::error_code&) {
      self->read_after_pause();
    });
  } else {
    read();
  }
}

template <class Wire>
void connection<Wire>::read_after_pause()
{
  const std::lock_guard lock{mutex_};
  if (io_) {
    read();
  }
}

template <class Wire>
void connection<Wire>::hold_back()
{
  written_before_ = written_;
  io_->read_pause.expires_after(unread_timeout_);
  io_->read_pause.async_wait([self = this->shared_from_this()](
                                 const boost::system::error_code& ec) { self->on_unread(ec); });
}

template <class Wire>
void connection<Wire>::on_unread(const boost::system::error_code& ec)
{
  const std::lock_guard lock{mutex_};
  // It may have been set anew while this was on its way.
  if (!io_ || !holding_ || ec || io_->read_pause.expiry() > std::chrono::steady_clock::now()) {
    return;
  }
  if (written_ != written_before_) {
    hold_back();
    return;
  }
  {
    const std::lock_guard shared{state_->mutex};
    core_.cut_off(state_->handler);
  }
  proceed();
}

template <class Wire>
void connection<Wire>::take_held_back()
{
  holding_ = false;
  io_->read_pause.cancel();
  const auto now = current_time();
  const std::lock_guard shared{state_->mutex};
  core_.go_on(state_->handler, now, !state_->faults.empty());
}

template <class Wire>
void connection<Wire>::write()
{
  const auto bytes = core_.to_write();
  sending_ = true;
  io_->wire.write(asio::buffer(bytes.data(), bytes.size()),
                  [self = this->shared_from_this()](const boost::system::error_code& ec,
                                                    std::size_t n) { self->on_written(ec, n); });
}

template <class Wire>
void connection<Wire>::on_written(const boost::system::error_code& ec, std::size_t n)
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
    written_ += n;
  }
  proceed();
}

template <class Wire>
void connection<Wire>::wait()
{
  sending_ = true;
  io_->write_pause.expires_after(core_.take_pause());
  io_->write_pause.async_wait(
      [self = this->shared_from_this()](const boost::system::error_code&) { self->on_waited(); });
}

template <class Wire>
void connection<Wire>::on_waited()
{
  const std::lock_guard lock{mutex_};
  sending_ = false;
  if (io_) {
    proceed();
  }
}

template <class Wire>
void connection<Wire>::proceed()
{
  carry_out();
  if (io_ && holding_ && core_.takes_input()) {
    take_held_back();
    carry_out();
    proceed_reading();
  }
}

template <class Wire>
void connection<Wire>::carry_out()
{
  if (!sending_) {
    switch (core_.next_output()) {
    case connection_core::output::write:
      write();
      break;
    case connection_core::output::wait:
      wait();
      break;
    case connection_core::output::shut:
      shut();
      break;
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
    return leave();
  case connection_phase::cut_off:
    return close_socket();
  case connection_phase::reset:
    return reset_socket();
  }
}

template <class Wire>
void connection<Wire>::shut()
{
  if constexpr (Wire::is_secure) {
    say_goodbye();
  } else {
    boost::system::error_code ignored;
    io_->wire.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  }
}

template <class Wire>
void connection<Wire>::leave()
{
  if constexpr (Wire::is_secure) {
    if (!io_->wire.is_raw()) {
      if (counted_) {
        count_closed();
        set_deadline();
        io_->write_pause.cancel();
      }
      // Within a write it would not be understood: then it comes behind it.
      if (!sending_) {
        say_goodbye();
      }
      return;
    }
  }
  close_socket();
}

// What is for TLS alone is in connection_tls.cpp.
template class connection<plain_wire>;
template class connection<tls_wire>;

} // namespace riemann::inline v0::testkit::detail

#include "core/session.hpp"

#include <riemann/tls_error.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/errc.hpp>

#include <algorithm>
#include <new>
#include <utility>

namespace riemann::core {

namespace {

boost::system::error_code aborted() noexcept
{
  return boost::asio::error::operation_aborted;
}

/// Of a write: the other side takes nothing more, but may have said something.
bool peer_has_gone(boost::system::error_code error) noexcept
{
  return error == boost::asio::error::broken_pipe || error == boost::asio::error::connection_reset;
}

/// The server will not have us.
bool is_refusal(boost::system::error_code read) noexcept
{
  return read == tls_error::client_certificate_required ||
         read == tls_error::client_certificate_refused || read == tls_error::refused;
}

std::string ending_of(boost::system::error_code read)
{
  if (read == boost::asio::error::eof) {
    return "the server closed the connection";
  }
  if (read == tls_error::truncated) {
    return "the connection was cut off, without TLS's close_notify";
  }
  if (read == tls_error::client_certificate_refused) {
    // A Riemann says it of a missing one, too.
    return "TLS: " + read.message() + ", of our certificate or for want of one";
  }
  return (is_tls_error(read) ? "TLS: " : "read: ") + read.message();
}

} // namespace

template <class Pipeline>
basic_session<Pipeline>::basic_session(const options_type& options)
    : options_{options}, pipeline_{options_, ledger_}, reader_{options_.max_answer_size}
{}

// --- from the user's side

template <class Pipeline>
void basic_session<Pipeline>::submit(request& r, time_point now)
{
  ledger_.submitted(r);
  pipeline_.enqueue(r, now);
  if (mode_ == mode::shut) {
    return refuse(r, errc::cancelled);
  }
  if (mode_ != mode::running) {
    return refuse(r, errc::disconnected);
  }
  if (const auto error = Pipeline::refusal(r.payload)) {
    return refuse(r, static_cast<errc>(error.value()));
  }
  if (r.payload.size() > options_.max_message_size) {
    return refuse(r, errc::message_too_large);
  }
  if (r.expires_at <= now) {
    return refuse(r, errc::expired);
  }
  if (state_ == state::idle) {
    start_connecting(now);
  }
}

template <class Pipeline>
void basic_session<Pipeline>::refuse(request& r, errc code)
{
  pipeline_.give_up(r, code, code);
}

template <class Pipeline>
void basic_session<Pipeline>::give_up(request& r)
{
  pipeline_.give_up(r, errc::cancelled, errc::abandoned);
  if (!connect_wanted_) {
    connect_unwanted();
  }
  finish_drain_if_done();
}

template <class Pipeline>
boost::system::error_code basic_session<Pipeline>::connect(time_point now)
{
  switch (mode_) {
  case mode::shut:
    return aborted();
  case mode::draining:
    return errc::disconnected;
  case mode::disconnected:
    mode_ = mode::running;
    break;
  case mode::running:
    break;
  }
  switch (state_) {
  case state::open:
    connect_result_ = boost::system::error_code{};
    break;
  case state::idle:
    connect_wanted_ = true;
    start_connecting(now);
    break;
  case state::connecting:
  case state::closing:
    connect_wanted_ = true;
    break;
  }
  return {};
}

template <class Pipeline>
void basic_session<Pipeline>::connect_unwanted()
{
  connect_wanted_ = false;
  if (state_ == state::connecting && pipeline_.queue_empty()) {
    stop_connecting(aborted());
  }
}

template <class Pipeline>
void basic_session<Pipeline>::drain(time_point deadline, time_point now)
{
  switch (mode_) {
  case mode::shut:
    drain_result_ = aborted();
    return;
  case mode::disconnected:
    // One that is still closing keeps what it has to say.
    drain_result_ = drain_result_.value_or(boost::system::error_code{});
    return;
  case mode::draining:
    return;
  case mode::running:
    mode_ = mode::draining;
    drain_due_ = deadline;
    drain_error_ = {};
    break;
  }
  finish_drain_if_done();
  if (drain_due_ <= now) {
    drain_overdue(errc::drain_timeout);
  }
}

template <class Pipeline>
void basic_session<Pipeline>::stop_draining()
{
  if (mode_ == mode::draining) {
    drain_overdue(aborted());
  }
}

template <class Pipeline>
void basic_session<Pipeline>::cancel()
{
  if (mode_ == mode::draining) {
    end_drain(aborted());
  }
  end_everything();
}

template <class Pipeline>
void basic_session<Pipeline>::shut()
{
  if (mode_ == mode::draining) {
    end_drain(aborted());
  }
  mode_ = mode::shut;
  end_everything();
}

template <class Pipeline>
void basic_session<Pipeline>::end_everything()
{
  pipeline_.fail_queue(errc::cancelled, {});
  connect_wanted_ = false;
  switch (state_) {
  case state::connecting:
    return stop_connecting(aborted());
  case state::open:
    return break_off({errc::abandoned, errc::cancelled});
  case state::closing:
    connect_result_ = aborted();
    return;
  case state::idle:
    return;
  }
}

// --- from the connection's side

template <class Pipeline>
void basic_session<Pipeline>::start_connecting(time_point now)
{
  state_ = state::connecting;
  connect_pending_ = true;
  connect_due_ = now + options_.connect_timeout;
}

template <class Pipeline>
void basic_session<Pipeline>::stop_connecting(boost::system::error_code error)
{
  state_ = state::closing;
  // Not even begun: there is nothing to close, but one path to `on_closed`.
  connect_pending_ = false;
  close_pending_ = true;
  close_cleanly_ = false;
  connect_due_ = never;
  handshake_due_ = never;
  connect_wanted_ = false;
  connect_result_ = error;
}

template <class Pipeline>
void basic_session<Pipeline>::on_handshake(time_point due)
{
  if (state_ == state::connecting) {
    connect_due_ = never;
    handshake_due_ = due;
  }
}

template <class Pipeline>
void basic_session<Pipeline>::on_connected()
{
  if (state_ != state::connecting) {
    return;
  }
  state_ = state::open;
  reading_ = false;
  writing_ = false;
  heard_ = false;
  write_failure_ = {};
  connect_due_ = never;
  handshake_due_ = never;
  connect_wanted_ = false;
  connect_result_ = boost::system::error_code{};
  reader_.reset();
  ++ledger_.books().connections_opened;
  finish_drain_if_done();
}

template <class Pipeline>
void basic_session<Pipeline>::on_connect_failed(boost::system::error_code error,
                                                std::string_view reason)
{
  if (state_ != state::connecting) {
    return;
  }
  const errc code = handshake_due_ == never ? errc::connect_failed : errc::handshake_failed;
  state_ = state::idle;
  connect_due_ = never;
  handshake_due_ = never;
  connect_wanted_ = false;
  connect_result_ = error;
  ++ledger_.books().connects_failed;
  ledger_.books().last_failure = error;
  pipeline_.fail_queue(code, response::failure(std::string{reason}));
  if (mode_ == mode::draining) {
    end_drain(error);
  }
}

template <class Pipeline>
void basic_session<Pipeline>::on_written(boost::system::error_code error, std::size_t n,
                                         time_point now)
{
  writing_ = false;
  write_due_ = never;
  if (state_ != state::open) {
    return;
  }
  if (pipeline_.wrote(n, error, now)) {
    if (reading_ && peer_has_gone(error)) {
      // Answers, or the reason, may have come before it went: the read ends in both.
      write_failure_ = error;
      write_due_ = now + options_.write_timeout;
    } else {
      lose_by_write(error);
    }
  }
  finish_drain_if_done();
}

template <class Pipeline>
void basic_session<Pipeline>::lose_by_write(boost::system::error_code error)
{
  const bool tls = is_tls_error(error);
  lose(tls ? errc::tls_failed : errc::connection_lost,
       (tls ? "TLS: " : "write: ") + error.message(), error);
}

template <class Pipeline>
void basic_session<Pipeline>::on_read(boost::system::error_code error, std::size_t n)
  requires answered
{
  reading_ = false;
  if (state_ != state::open) {
    return;
  }
  if (n != 0) {
    heard_ = true;
    refused_ = false;
  }
  ledger_.books().bytes_read += n;
  reader_.commit(n);
  read_frames();
  finish_drain_if_done();
  if (error && state_ == state::open) {
    lose_by_read(error);
  }
}

template <class Pipeline>
void basic_session<Pipeline>::lose_by_read(boost::system::error_code error)
{
  if (!is_tls_error(error) || error == tls_error::truncated) {
    return lose(errc::connection_lost, ending_of(error), error);
  }
  if (heard_ || !is_refusal(error)) {
    return lose(errc::tls_failed, ending_of(error), error);
  }
  refused_after_handshake(ending_of(error), error);
}

/// TLS 1.3: what the server has against our certificate it says after the handshake.
/// A new connection would fare no better, and is tried with one message alone.
template <class Pipeline>
void basic_session<Pipeline>::refused_after_handshake(std::string reason,
                                                      boost::system::error_code cause)
{
  const auto words = response::failure(std::move(reason));
  refused_ = true;
  lose({errc::tls_failed, errc::handshake_failed, words}, cause);
  pipeline_.fail_queue(errc::handshake_failed, words);
}

template <class Pipeline>
void basic_session<Pipeline>::read_frames()
  requires answered
{
  try {
    for (auto body = reader_.next(); body.data() != nullptr; body = reader_.next()) {
      // Nothing that a failed write has left is on its way.
      const bool unasked = write_failure_ && !pipeline_.awaits_answer();
      if (const auto error = unasked ? errc::surplus_answer : pipeline_.answer(body)) {
        return lose(static_cast<errc>(error.value()), error.message(), error);
      }
    }
  } catch (const std::bad_alloc&) {
    // The answer is lost, and with it which one the next would be.
    return lose(errc::connection_lost, "no memory for an answer",
                make_error_code(boost::system::errc::not_enough_memory));
  }
  if (reader_.over_limit()) {
    const boost::system::error_code error = errc::answer_too_large;
    lose(errc::answer_too_large, error.message(), error);
  }
}

template <class Pipeline>
void basic_session<Pipeline>::lose(errc code, std::string reason, boost::system::error_code cause)
{
  lose({code, errc::not_written, response::failure(std::move(reason))}, cause);
}

template <class Pipeline>
void basic_session<Pipeline>::lose(const verdict& why, boost::system::error_code cause)
{
  ++ledger_.books().connections_lost;
  ledger_.books().last_failure = cause;
  if (mode_ == mode::draining) {
    drain_error_ = why.written;
  }
  break_off(why);
}

template <class Pipeline>
void basic_session<Pipeline>::break_off(const verdict& why)
{
  pipeline_.fail_window(why, writing_);
  state_ = state::closing;
  close_pending_ = true;
  close_cleanly_ = false;
  write_due_ = never;
}

template <class Pipeline>
void basic_session<Pipeline>::on_closed(time_point now)
{
  if (state_ != state::closing) {
    return;
  }
  state_ = state::idle;
  pipeline_.reset_stream();
  finish_drain_if_done();
  if (connect_wanted_ || !pipeline_.queue_empty()) {
    start_connecting(now);
  }
}

template <class Pipeline>
void basic_session<Pipeline>::on_time(time_point now)
{
  pipeline_.expire(now);
  if (connect_due_ <= now) {
    connect_overdue(errc::connect_timeout);
  }
  if (handshake_due_ <= now) {
    connect_overdue(errc::handshake_timeout);
  }
  if (state_ == state::open && write_due_ <= now) {
    const boost::system::error_code error = errc::write_timeout;
    write_failure_ ? lose_by_write(write_failure_)
                   : lose(errc::write_timeout, error.message(), error);
  }
  if (state_ == state::open && pipeline_.answer_overdue(now)) {
    const boost::system::error_code error = errc::answer_timeout;
    lose(errc::answer_timeout, error.message(), error);
  }
  if (mode_ == mode::draining && drain_due_ <= now) {
    drain_overdue(errc::drain_timeout);
  }
  if (!connect_wanted_) {
    connect_unwanted();
  }
  finish_drain_if_done();
}

template <class Pipeline>
void basic_session<Pipeline>::connect_overdue(errc code)
{
  const boost::system::error_code error = code;
  ++ledger_.books().connects_failed;
  ledger_.books().last_failure = error;
  pipeline_.fail_queue(code, response::failure(error.message()));
  stop_connecting(error);
  if (mode_ == mode::draining) {
    end_drain(error);
  }
}

// --- draining

template <class Pipeline>
void basic_session<Pipeline>::finish_drain_if_done()
{
  if (mode_ != mode::draining || !pipeline_.queue_empty() || !pipeline_.window_empty()) {
    return;
  }
  switch (state_) {
  case state::idle:
    return end_drain(drain_error_);
  case state::connecting:
    end_drain(drain_error_);
    return stop_connecting(aborted());
  case state::open:
    end_drain(drain_error_);
    break_off({errc::connection_lost, errc::not_written});
    close_cleanly_ = !write_failure_;
    return;
  case state::closing:
    return;
  }
}

template <class Pipeline>
void basic_session<Pipeline>::end_drain(boost::system::error_code error)
{
  mode_ = mode::disconnected;
  drain_due_ = never;
  // Whoever waits since a drain that went wrong is not to hear of this one alone.
  if (!drain_result_ || !drain_result_->failed()) {
    drain_result_ = error;
  }
  if (connect_wanted_) {
    connect_wanted_ = false;
    connect_result_ = aborted();
  }
}

template <class Pipeline>
void basic_session<Pipeline>::drain_overdue(boost::system::error_code error)
{
  end_drain(error);
  pipeline_.fail_queue(errc::disconnected, {});
  if (state_ == state::connecting) {
    stop_connecting(aborted());
  } else if (state_ == state::open) {
    break_off({errc::drain_timeout, errc::disconnected});
  }
}

// --- out

template <class Pipeline>
action basic_session<Pipeline>::next_action(time_point now)
{
  if (connect_result_) {
    return finish_connect{*std::exchange(connect_result_, std::nullopt)};
  }
  if (close_pending_) {
    close_pending_ = false;
    return close_connection{close_cleanly_};
  }
  if (drain_result_ && state_ != state::closing && mode_ != mode::draining) {
    return finish_disconnect{*std::exchange(drain_result_, std::nullopt)};
  }
  if (connect_pending_) {
    connect_pending_ = false;
    return start_connect{};
  }
  if (state_ != state::open) {
    return {};
  }
  if (!writing_ && !write_failure_) {
    if (!pipeline_.has_pending()) {
      if constexpr (answered) {
        pipeline_.stage(refused_ && !heard_ ? 1 : options_.max_in_flight);
      } else {
        pipeline_.stage(now, mode_ == mode::draining);
      }
    }
    if (pipeline_.has_pending()) {
      writing_ = true;
      write_due_ = now + options_.write_timeout;
      return start_write{pipeline_.pending()};
    }
  }
  if constexpr (answered) {
    if (!reading_) {
      const auto room = reader_.prepare(pipeline_.window_empty());
      reading_ = true;
      return start_read{room};
    }
  }
  return {};
}

template <class Pipeline>
time_point basic_session<Pipeline>::next_deadline() const noexcept
{
  const auto due =
      std::min({pipeline_.next_deadline(), connect_due_, handshake_due_, write_due_, drain_due_});
  if constexpr (!answered) {
    // While nothing can be written, nothing waits for company.
    if (state_ == state::open && !writing_) {
      return std::min(due, pipeline_.linger_due());
    }
  }
  return due;
}

template class basic_session<pipeline>;
template class basic_session<datagram_pipeline>;

} // namespace riemann::core

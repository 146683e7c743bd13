#include "core/session.hpp"

#include <riemann/tls_error.hpp>

#include <boost/asio/error.hpp>
#include <boost/system/errc.hpp>

#include <algorithm>
#include <new>
#include <utility>

namespace riemann::inline v0::core {

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
basic_session<Pipeline>::basic_session(const options_type& options, destinations where)
    : options_{options},
      pipeline_{options_, ledger_},
      reader_{options_.max_answer_size},
      servers_{options_, where}
{
  // What is told is told in the midst of a change, which want of memory is not to break off.
  reports_.reserve(max_reports);
}

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
    seek_connection(now);
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
    seek_connection(now);
    break;
  case state::backing_off:
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
  if (wants_connection()) {
    return;
  }
  if (state_ == state::connecting) {
    stop_connecting(aborted());
  } else if (state_ == state::backing_off) {
    state_ = state::idle;
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
    keep_open_ = false;
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
  keep_open_ = false;
  switch (state_) {
  case state::connecting:
    return stop_connecting(aborted());
  case state::open:
    report(connection_state::closed);
    break_off({errc::abandoned, errc::cancelled});
    return;
  case state::backing_off:
    state_ = state::idle;
    connect_result_ = aborted();
    return;
  case state::closing:
    connect_result_ = aborted();
    return;
  case state::idle:
    return;
  }
}

// --- from the connection's side

template <class Pipeline>
bool basic_session<Pipeline>::wants_connection() const noexcept
{
  return connect_wanted_ || keep_open_ || !pipeline_.queue_empty();
}

template <class Pipeline>
void basic_session<Pipeline>::seek_connection(time_point now)
{
  keep_open_ = options_.stay_connected && mode_ == mode::running;
  if (servers_.retry_at() <= now) {
    return start_connecting(now);
  }
  state_ = state::backing_off;
  report(connection_state::backing_off);
}

template <class Pipeline>
void basic_session<Pipeline>::start_connecting(time_point now)
{
  state_ = state::connecting;
  connect_pending_ = true;
  connect_due_ = now + options_.connect_timeout;
  report(connection_state::connecting);
}

template <class Pipeline>
void basic_session<Pipeline>::close_attempt()
{
  state_ = state::closing;
  // Not even begun: there is nothing to close, but one path to `on_closed`.
  connect_pending_ = false;
  close_pending_ = true;
  close_cleanly_ = false;
  connect_due_ = never;
  handshake_due_ = never;
}

template <class Pipeline>
void basic_session<Pipeline>::stop_connecting(boost::system::error_code error)
{
  close_attempt();
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
void basic_session<Pipeline>::on_connected(time_point now)
{
  if (state_ != state::connecting) {
    return;
  }
  state_ = state::open;
  report(connection_state::open);
  pipeline_.explain({});
  heard_at_ = now;
  if constexpr (answered) {
    probe_due_ = servers_.on_preferred() ? never : later(now, options_.preferred_interval);
  } else {
    servers_.well();
  }
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
                                                const std::string& reason, time_point now)
{
  if (state_ != state::connecting) {
    return;
  }
  const errc code = handshake_due_ == never ? errc::connect_failed : errc::handshake_failed;
  state_ = state::idle;
  connect_due_ = never;
  handshake_due_ = never;
  connect_failed(code, error, reason, now);
  if (wants_connection()) {
    seek_connection(now);
  }
  finish_drain_if_done();
}

template <class Pipeline>
void basic_session<Pipeline>::connect_failed(errc code, boost::system::error_code error,
                                             const std::string& reason, time_point now)
{
  ++ledger_.books().connects_failed;
  ledger_.books().last_failure = error;
  report(connection_state::failed, error, reason);
  pipeline_.explain(response::failure(reason));
  if (servers_.failed(now)) {
    round_failed(code, error, reason);
  }
}

/// Whoever asked for a connection is told; what is queued waits for the next round, if
/// there is one.
template <class Pipeline>
void basic_session<Pipeline>::round_failed(errc code, boost::system::error_code error,
                                           const std::string& reason)
{
  connect_wanted_ = false;
  connect_result_ = error;
  if (servers_.exhausted()) {
    give_up_trying(code, error, reason);
  }
}

template <class Pipeline>
void basic_session<Pipeline>::give_up_trying(errc code, boost::system::error_code error,
                                             const std::string& reason)
{
  servers_.start_over();
  keep_open_ = false;
  pipeline_.fail_queue(code, response::failure(reason));
  if (mode_ == mode::draining) {
    end_drain(error);
  }
}

template <class Pipeline>
void basic_session<Pipeline>::on_probe(bool well, time_point now)
{
  if (!probing_) {
    return;
  }
  probing_ = false;
  leaving_ = well;
  probe_due_ = well ? never : later(now, options_.preferred_interval);
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
      lose_by_write(error, now);
    }
  }
  finish_drain_if_done();
}

template <class Pipeline>
void basic_session<Pipeline>::lose_by_write(boost::system::error_code error, time_point now)
{
  const bool tls = is_tls_error(error);
  lose(tls ? errc::tls_failed : errc::connection_lost,
       (tls ? "TLS: " : "write: ") + error.message(), error, now);
}

template <class Pipeline>
void basic_session<Pipeline>::on_read(boost::system::error_code error, std::size_t n,
                                      time_point now)
  requires answered
{
  reading_ = false;
  if (state_ != state::open) {
    return;
  }
  if (n != 0) {
    heard_ = true;
    heard_at_ = now;
    refused_ = false;
    servers_.well();
  }
  ledger_.books().bytes_read += n;
  reader_.commit(n);
  read_frames(now);
  finish_drain_if_done();
  if (error && state_ == state::open) {
    lose_by_read(error, now);
  }
}

template <class Pipeline>
void basic_session<Pipeline>::lose_by_read(boost::system::error_code error, time_point now)
{
  if (!is_tls_error(error) || error == tls_error::truncated) {
    return lose(errc::connection_lost, ending_of(error), error, now);
  }
  if (heard_ || !is_refusal(error)) {
    return lose(errc::tls_failed, ending_of(error), error, now);
  }
  refused_after_handshake(ending_of(error), error, now);
}

/// TLS 1.3: what the server has against our certificate it says after the handshake.
/// A new connection may fare no better, and is tried with an empty message.
template <class Pipeline>
void basic_session<Pipeline>::refused_after_handshake(const std::string& reason,
                                                      boost::system::error_code cause,
                                                      time_point now)
{
  refused_ = true;
  lose(errc::tls_failed, reason, cause, now);
  lost_ = false;
  pipeline_.explain(response::failure(reason));
  if (servers_.failed(now)) {
    round_failed(errc::handshake_failed, cause, reason);
  }
}

template <class Pipeline>
void basic_session<Pipeline>::read_frames(time_point now)
  requires answered
{
  try {
    for (auto body = reader_.next(); body.data() != nullptr; body = reader_.next()) {
      // Nothing that a failed write has left is on its way.
      const bool unasked = write_failure_ && !pipeline_.awaits_answer();
      if (const auto error = unasked ? errc::surplus_answer : pipeline_.answer(body, now)) {
        return lose(static_cast<errc>(error.value()), error.message(), error, now);
      }
    }
  } catch (const std::bad_alloc&) {
    // The answer is lost, and with it which one the next would be.
    return lose(errc::connection_lost, "no memory for an answer",
                make_error_code(boost::system::errc::not_enough_memory), now);
  }
  if (reader_.over_limit()) {
    const boost::system::error_code error = errc::answer_too_large;
    lose(errc::answer_too_large, error.message(), error, now);
  }
}

template <class Pipeline>
void basic_session<Pipeline>::lose(errc code, const std::string& reason,
                                   boost::system::error_code cause, time_point now)
{
  ++ledger_.books().connections_lost;
  ledger_.books().last_failure = cause;
  report(connection_state::lost, cause, reason);
  lost_ = true;
  const bool nothing_lost =
      break_off({code, errc::not_written, response::failure(reason), answered});
  if (mode_ == mode::draining && !nothing_lost) {
    drain_error_ = code;
  }
  pipeline_.expire(now); // some that were put back may have grown too old meanwhile
}

/// True: nothing that was handed over ends by it.
template <class Pipeline>
bool basic_session<Pipeline>::break_off(const verdict& why)
{
  state_ = state::closing;
  close_pending_ = true;
  close_cleanly_ = false;
  write_due_ = never;
  probe_due_ = never;
  stop_probe_pending_ = stop_probe_pending_ || (probing_ && !probe_pending_);
  probing_ = false;
  probe_pending_ = false;
  leaving_ = false;
  ping_wanted_ = false;
  return pipeline_.fail_window(why, writing_);
}

template <class Pipeline>
void basic_session<Pipeline>::on_closed(time_point now)
{
  if (state_ != state::closing) {
    return;
  }
  state_ = state::idle;
  pipeline_.reset_stream();
  if (std::exchange(lost_, false)) {
    servers_.lost(heard_ || !answered, now);
  }
  finish_drain_if_done();
  if (wants_connection()) {
    seek_connection(now);
  }
}

template <class Pipeline>
void basic_session<Pipeline>::on_time(time_point now)
{
  pipeline_.expire(now);
  if (connect_due_ <= now) {
    connect_overdue(errc::connect_timeout, now);
  }
  if (handshake_due_ <= now) {
    connect_overdue(errc::handshake_timeout, now);
  }
  if (state_ == state::open && write_due_ <= now) {
    const boost::system::error_code error = errc::write_timeout;
    write_failure_ ? lose_by_write(write_failure_, now)
                   : lose(errc::write_timeout, error.message(), error, now);
  }
  if (state_ == state::open && pipeline_.answer_overdue(now)) {
    const boost::system::error_code error = errc::answer_timeout;
    lose(errc::answer_timeout, error.message(), error, now);
  }
  if (mode_ == mode::draining && drain_due_ <= now) {
    drain_overdue(errc::drain_timeout);
  }
  if constexpr (answered) {
    be_curious(now);
  }
  if (!connect_wanted_) {
    connect_unwanted();
  }
  if (state_ == state::backing_off && servers_.retry_at() <= now) {
    start_connecting(now);
  }
  finish_drain_if_done();
}

template <class Pipeline>
void basic_session<Pipeline>::connect_overdue(errc code, time_point now)
{
  close_attempt();
  const boost::system::error_code error = code;
  connect_failed(code, error, error.message(), now);
}

/// Is the server there? Is the preferred one?
template <class Pipeline>
void basic_session<Pipeline>::be_curious(time_point now)
  requires answered
{
  if (ping_due() <= now) {
    ping_wanted_ = true;
  }
  if (probe_due_ > now) {
    return;
  }
  if (probing_) {
    stop_probe_pending_ = !std::exchange(probe_pending_, false);
    on_probe(false, now);
  } else {
    probing_ = true;
    probe_pending_ = true;
    probe_due_ = later(now, options_.connect_timeout);
  }
}

template <class Pipeline>
time_point basic_session<Pipeline>::ping_due() const noexcept
{
  const bool silent = state_ == state::open && !writing_ && !write_failure_ && !ping_wanted_ &&
                      pipeline_.window_empty();
  return silent && options_.ping_interval.count() != 0 ? later(heard_at_, options_.ping_interval)
                                                       : never;
}

// --- draining

template <class Pipeline>
void basic_session<Pipeline>::finish_drain_if_done()
{
  if (mode_ != mode::draining || !pipeline_.queue_empty() || !pipeline_.window_empty()) {
    return;
  }
  switch (state_) {
  case state::backing_off:
    state_ = state::idle;
    return end_drain(drain_error_);
  case state::idle:
    return end_drain(drain_error_);
  case state::connecting:
    end_drain(drain_error_);
    return stop_connecting(aborted());
  case state::open:
    end_drain(drain_error_);
    report(connection_state::closed);
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
  pipeline_.fail_queue(errc::disconnected, pipeline_.explanation());
  if (state_ == state::connecting) {
    stop_connecting(aborted());
  } else if (state_ == state::backing_off) {
    state_ = state::idle;
  } else if (state_ == state::open) {
    report(connection_state::closed);
    break_off({errc::drain_timeout, errc::disconnected});
  }
}

// --- out

template <class Pipeline>
void basic_session<Pipeline>::report(connection_state s, boost::system::error_code error,
                                     std::string reason)
{
  const bool waits = s == connection_state::backing_off;
  reports_.push_back({s, servers_.current(), error, std::move(reason),
                      waits ? servers_.retry_at() : time_point{}, servers_.failures()});
}

template <class Pipeline>
action basic_session<Pipeline>::next_action(time_point now)
{
  if (!reports_.empty()) {
    action next = std::move(reports_.front());
    reports_.erase(reports_.begin());
    return next;
  }
  if (connect_result_) {
    return finish_connect{*std::exchange(connect_result_, std::nullopt)};
  }
  if (std::exchange(stop_probe_pending_, false)) {
    return stop_probe{};
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
    return start_connect{servers_.current()};
  }
  if (std::exchange(probe_pending_, false)) {
    return start_probe{0};
  }
  return state_ == state::open ? act_on_connection(now) : action{};
}

template <class Pipeline>
action basic_session<Pipeline>::act_on_connection(time_point now)
{
  if (may_leave()) {
    leave();
    return next_action(now);
  }
  if (!writing_ && !write_failure_) {
    if (!pipeline_.has_pending()) {
      stage(now);
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
void basic_session<Pipeline>::stage(time_point now)
{
  if constexpr (answered) {
    stage_frames();
  } else {
    pipeline_.stage(now, mode_ == mode::draining);
  }
}

template <class Pipeline>
void basic_session<Pipeline>::stage_frames()
  requires answered
{
  if (leaving_) {
    return;
  }
  const bool wary = refused_ && !heard_;
  if (!wary) {
    pipeline_.stage();
  }
  // While answers are owed, they tell.
  if ((wary || std::exchange(ping_wanted_, false)) && pipeline_.window_empty()) {
    pipeline_.stage_ping();
  }
}

/// For the preferred server: nothing is owed here any more.
template <class Pipeline>
bool basic_session<Pipeline>::may_leave() const noexcept
{
  return leaving_ && !writing_ && !write_failure_ && !pipeline_.has_pending() &&
         pipeline_.window_empty();
}

template <class Pipeline>
void basic_session<Pipeline>::leave()
{
  report(connection_state::closed);
  servers_.start_over();
  break_off({errc::connection_lost, errc::not_written});
  close_cleanly_ = true;
}

template <class Pipeline>
time_point basic_session<Pipeline>::next_deadline() const noexcept
{
  const time_point retry = state_ == state::backing_off ? servers_.retry_at() : never;
  const auto due = std::min({pipeline_.next_deadline(), connect_due_, handshake_due_, write_due_,
                             drain_due_, probe_due_, retry});
  if constexpr (answered) {
    return std::min(due, ping_due());
  } else {
    // While nothing can be written, nothing waits for company.
    return state_ == state::open && !writing_ ? std::min(due, pipeline_.linger_due()) : due;
  }
}

template class basic_session<pipeline>;
template class basic_session<datagram_pipeline>;

} // namespace riemann::inline v0::core

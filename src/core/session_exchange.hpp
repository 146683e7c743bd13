#ifndef RIEMANN_CORE_SESSION_EXCHANGE_HPP
#define RIEMANN_CORE_SESSION_EXCHANGE_HPP

// Of a session: what is read and written, and how the connection is lost. For session.cpp alone.

#include "core/causes.hpp"
#include "core/session.hpp"

#include <riemann/tls_error.hpp>

#include <boost/system/errc.hpp>

#include <new>
#include <utility>

namespace riemann::inline v0::core {

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
    heard_at_ = now;
  }
  ledger_.books().bytes_read += n;
  reader_.commit(n);
  read_frames(now);
  finish_drain_if_done();
  if (error && state_ == state::open) {
    lose_by_read(error, now);
  }
}

/// An answer. Bytes alone say nothing of a server: what listens there may be no Riemann.
template <class Pipeline>
void basic_session<Pipeline>::hear() noexcept
{
  if (!heard_) {
    heard_ = true;
    wary_ = false;
    servers_.well();
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
  wary_ = true;
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
      hear();
    }
  } catch (const std::bad_alloc&) {
    if (state_ != state::open) {
      throw; // it was lost, and only nobody was told
    }
    // The answer is lost, and with it which one the next would be.
    return lose(errc::connection_lost, "out of memory", // few enough to need none themselves
                make_error_code(boost::system::errc::not_enough_memory), now);
  }
  if (reader_.over_limit()) {
    const boost::system::error_code error = errc::answer_too_large;
    lose(errc::answer_too_large, error.message(), error, now);
  }
}

/// Without memory for words it ends nevertheless: whose the next answer is, nobody knows.
template <class Pipeline>
void basic_session<Pipeline>::lose(errc code, const std::string& reason,
                                   boost::system::error_code cause, time_point now)
{
  verdict why{code, errc::not_written, {}, answered};
  try {
    why.reason = response::failure(reason);
    pipeline_.explain(why.reason);  // until there is a connection again
  } catch (const std::bad_alloc&) { // NOLINT(bugprone-empty-catch): the error says it
  }
  ++ledger_.books().connections_lost;
  ledger_.failed(cause, now);
  lost_ = true;
  const bool nothing_lost = break_off(why);
  if (mode_ == mode::draining && !nothing_lost) {
    drain_error_ = code;
  }
  pipeline_.expire(now); // some that were put back may have grown too old meanwhile
  report(connection_state::lost, cause, reason);
}

/// True: nothing that was handed over ends by it.
template <class Pipeline>
bool basic_session<Pipeline>::break_off(const verdict& why)
{
  state_ = state::closing;
  close_pending_ = true;
  close_cleanly_ = false;
  write_due_ = never;
  probe_.stop();
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

} // namespace riemann::inline v0::core

#endif

#ifndef RIEMANN_CORE_SESSION_CONNECTING_HPP
#define RIEMANN_CORE_SESSION_CONNECTING_HPP

// Of a session: how a connection comes to be. For session.cpp alone.

#include "core/causes.hpp"
#include "core/session.hpp"

#include <utility>

namespace riemann::inline v0::core {

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
    if (!servers_.on_preferred()) {
      probe_.begin(now);
    }
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
  // Without memory for that, the deadline sees to the rest.
  connect_failed(code, error, reason, now);
  state_ = state::idle;
  connect_due_ = never;
  handshake_due_ = never;
  if (wants_connection()) {
    seek_connection(now);
  }
  finish_drain_if_done();
}

template <class Pipeline>
void basic_session<Pipeline>::connect_failed(errc code, boost::system::error_code error,
                                             const std::string& reason, time_point now)
{
  auto explanation = response::failure(reason);
  report(connection_state::failed, error, reason);
  pipeline_.explain(std::move(explanation));
  ++ledger_.books().connects_failed;
  ledger_.failed(error, now);
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
void basic_session<Pipeline>::connect_overdue(errc code, time_point now)
{
  close_attempt();
  const boost::system::error_code error = code;
  connect_failed(code, error, error.message(), now);
}

} // namespace riemann::inline v0::core

#endif

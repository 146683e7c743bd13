#ifndef RIEMANN_CORE_SESSION_DRAINING_HPP
#define RIEMANN_CORE_SESSION_DRAINING_HPP

// Of a session: the end, once all is answered or time is over. For session.cpp alone.

#include "core/causes.hpp"
#include "core/session.hpp"

#include <algorithm>

namespace riemann::inline v0::core {

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
    drain_due_ = std::min(drain_due_, deadline);
    break;
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
  // What came of it is nobody's business who asks later.
  drain_result_.reset();
}

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
  servers_.set_back();
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

} // namespace riemann::inline v0::core

#endif

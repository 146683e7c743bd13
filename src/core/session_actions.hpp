#ifndef RIEMANN_CORE_SESSION_ACTIONS_HPP
#define RIEMANN_CORE_SESSION_ACTIONS_HPP

// Of a session: what is to be done, and when. For session.cpp alone.

#include "core/session.hpp"

#include <algorithm>
#include <utility>

namespace riemann::inline v0::core {

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
  if (probe_.take_stop()) {
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
  if (probe_.take_start()) {
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
  if (probe_.leaving()) {
    return;
  }
  const bool wary = wary_ && !heard_;
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
  return probe_.leaving() && !writing_ && !write_failure_ && !pipeline_.has_pending() &&
         pipeline_.window_empty();
}

template <class Pipeline>
void basic_session<Pipeline>::leave()
{
  report(connection_state::closed);
  servers_.start_over();
  wary_ = true; // it accepts, which a program that hangs does too
  break_off({errc::connection_lost, errc::not_written});
  close_cleanly_ = true;
}

template <class Pipeline>
time_point basic_session<Pipeline>::ping_due() const noexcept
{
  const bool silent = state_ == state::open && !writing_ && !write_failure_ && !ping_wanted_ &&
                      pipeline_.window_empty();
  return silent && options_.ping_interval.count() != 0 ? later(heard_at_, options_.ping_interval)
                                                       : never;
}

template <class Pipeline>
time_point basic_session<Pipeline>::next_deadline() const noexcept
{
  const time_point retry = state_ == state::backing_off ? servers_.retry_at() : never;
  const auto due = std::min({pipeline_.next_deadline(), connect_due_, handshake_due_, write_due_,
                             drain_due_, probe_.due(), retry});
  if constexpr (answered) {
    return std::min(due, ping_due());
  } else {
    // While nothing can be written, nothing waits for company.
    return state_ == state::open && !writing_ ? std::min(due, pipeline_.linger_due()) : due;
  }
}

} // namespace riemann::inline v0::core

#endif

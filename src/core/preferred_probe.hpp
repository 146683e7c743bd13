#ifndef RIEMANN_CORE_PREFERRED_PROBE_HPP
#define RIEMANN_CORE_PREFERRED_PROBE_HPP

#include "core/request_queue.hpp"

#include <riemann/options.hpp>

#include <chrono>
#include <utility>

namespace riemann::inline v0::core {

/**
 * While another server serves: is the preferred one well again? Asked from time to time, one
 * probe after the other; once it is, the connection is to be left for it.
 */
class preferred_probe {
public:
  explicit preferred_probe(const session_options& options)
      : interval_{options.preferred_interval}, patience_{options.connect_timeout}
  {}

  /// A connection to another server is open.
  void begin(time_point now) noexcept { due_ = later(now, interval_); }

  /// It is no more.
  void stop() noexcept
  {
    due_ = never;
    stop_pending_ = stop_pending_ || (asking_ && !start_pending_);
    asking_ = false;
    start_pending_ = false;
    leaving_ = false;
  }

  void on_result(bool well, time_point now) noexcept
  {
    if (!asking_) {
      return;
    }
    asking_ = false;
    leaving_ = well;
    due_ = well ? never : later(now, interval_);
  }

  void on_time(time_point now) noexcept
  {
    if (due_ > now) {
      return;
    }
    if (asking_) {
      stop_pending_ = !std::exchange(start_pending_, false);
      on_result(false, now);
    } else {
      asking_ = true;
      start_pending_ = true;
      due_ = later(now, patience_);
    }
  }

  /// To begin a probe, or to end it.
  [[nodiscard]] time_point due() const noexcept { return due_; }
  /// Nothing more is to be sent to the server that there is.
  [[nodiscard]] bool leaving() const noexcept { return leaving_; }

  // What is to be done, once each.
  [[nodiscard]] bool take_start() noexcept { return std::exchange(start_pending_, false); }
  [[nodiscard]] bool take_stop() noexcept { return std::exchange(stop_pending_, false); }

private:
  std::chrono::milliseconds interval_;
  std::chrono::milliseconds patience_;
  time_point due_ = never;
  bool asking_ = false;
  bool leaving_ = false;
  bool start_pending_ = false;
  bool stop_pending_ = false;
};

} // namespace riemann::inline v0::core

#endif

#ifndef RIEMANN_CORE_REPORT_TICKS_HPP
#define RIEMANN_CORE_REPORT_TICKS_HPP

#include "core/request.hpp"

#include <chrono>
#include <cstdint>

namespace riemann::inline v0::core {

/// When reports are due: at whole intervals after the first one.
class report_ticks {
public:
  using duration = std::chrono::steady_clock::duration;

  explicit report_ticks(duration interval) noexcept : interval_{interval} {}

  void begin(time_point first) noexcept { next_ = first; }
  [[nodiscard]] time_point next() const noexcept { return next_; }

  /// The one that was due has been seen to; returns how many more are past.
  std::uint64_t pass(time_point now) noexcept
  {
    next_ += interval_;
    if (next_ > now) {
      return 0;
    }
    const auto missed = (now - next_) / interval_ + 1;
    next_ += missed * interval_;
    return static_cast<std::uint64_t>(missed);
  }

private:
  duration interval_;
  time_point next_{};
};

} // namespace riemann::inline v0::core

#endif

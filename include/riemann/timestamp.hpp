#ifndef RIEMANN_TIMESTAMP_HPP
#define RIEMANN_TIMESTAMP_HPP

#include <riemann/detail/export.hpp>

#include <chrono>
#include <cstdint>
#include <ratio>

namespace riemann::inline v0 {

/**
 * When an event happened, since the Unix epoch, in the resolution it was given
 * in. A time that counts whole seconds (or coarser) goes on the wire as `time` alone; a
 * finer one as `time_micros`, floored to the microsecond, and as `time` beside
 * it for servers that read no other. Riemann lets `time_micros` win.
 */
class RIEMANN_EXPORT timestamp {
public:
  /// Any system-clock time: `.time = std::chrono::system_clock::now()`.
  template <class Duration>
  // NOLINTNEXTLINE(google-explicit-constructor): a time is a timestamp
  constexpr timestamp(std::chrono::sys_time<Duration> t) noexcept
  {
    constexpr bool has_fractions = std::chrono::treat_as_floating_point_v<typename Duration::rep>;
    if constexpr (!has_fractions &&
                  std::ratio_greater_equal_v<typename Duration::period, std::ratio<1>>) {
      count_ = std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count();
    } else {
      count_ = std::chrono::floor<std::chrono::microseconds>(t).time_since_epoch().count();
      has_micros_ = true;
    }
  }

  /// Of whole seconds since the epoch: only `time` goes on the wire.
  static constexpr timestamp from_seconds(std::int64_t seconds) noexcept
  {
    return timestamp{seconds, false};
  }
  /// Of microseconds since the epoch.
  static constexpr timestamp from_micros(std::int64_t micros) noexcept
  {
    return timestamp{micros, true};
  }

  /// Whether it was given finer than whole seconds.
  [[nodiscard]] constexpr bool has_micros() const noexcept { return has_micros_; }

  /// Whole seconds since the epoch, floored.
  [[nodiscard]] constexpr std::int64_t seconds() const noexcept
  {
    if (!has_micros_) {
      return count_;
    }
    return count_ / 1'000'000 - (count_ % 1'000'000 < 0 ? 1 : 0);
  }

  /// Microseconds since the epoch; seconds out of its range are held at the end
  /// of the range.
  [[nodiscard]] constexpr std::int64_t micros() const noexcept
  {
    constexpr std::int64_t limit = INT64_MAX / 1'000'000;
    if (has_micros_) {
      return count_;
    }
    if (count_ > limit) {
      return INT64_MAX;
    }
    return count_ < -limit ? INT64_MIN : count_ * 1'000'000;
  }

  /// As a time of the system clock's, which is out of its range where `micros()` is.
  [[nodiscard]] constexpr std::chrono::sys_time<std::chrono::microseconds>
  to_sys_time() const noexcept
  {
    return std::chrono::sys_time<std::chrono::microseconds>{std::chrono::microseconds{micros()}};
  }

  /// Same count and same unit: one of seconds equals none of microseconds.
  friend constexpr bool operator==(const timestamp&, const timestamp&) = default;

private:
  constexpr timestamp(std::int64_t count, bool micros) noexcept : count_{count}, has_micros_{micros}
  {}

  std::int64_t count_ = 0;
  bool has_micros_ = false;
};

} // namespace riemann::inline v0

#endif

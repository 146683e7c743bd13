#ifndef RIEMANN_DURATION_HISTOGRAM_HPP
#define RIEMANN_DURATION_HISTOGRAM_HPP

#include <riemann/detail/export.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace riemann::inline v0 {

namespace detail {
class atomic_histogram;
}

/**
 * How long things took: counts of durations in buckets, four to a doubling, so that
 * a duration is told at most a quarter too high, or a microsecond where that is more. From
 * 1 us to 67 s; what is shorter or longer counts in the first or last.
 */
class RIEMANN_EXPORT duration_histogram {
public:
  /// What is counted, in the steady clock's ticks.
  using duration = std::chrono::steady_clock::duration;

  /// Counts one; below zero it counts as zero.
  constexpr void add(duration d) noexcept
  {
    ++counts_[bucket_of(d)];
    ++count_;
    largest_ = std::max(largest_, d);
  }

  /// Those of both.
  constexpr duration_histogram& operator+=(const duration_histogram& more) noexcept
  {
    for (std::size_t i = 0; i != buckets; ++i) {
      counts_[i] += more.counts_[i];
    }
    count_ += more.count_;
    largest_ = std::max(largest_, more.largest_);
    return *this;
  }

  /// How many there are.
  [[nodiscard]] constexpr std::uint64_t count() const noexcept { return count_; }
  /// The longest, exactly; zero if there are none.
  [[nodiscard]] constexpr duration largest() const noexcept { return largest_; }

  /// A duration that the fraction `q` (0 to 1) of them do not exceed; at most a quarter,
  /// or a microsecond, above the least such. Zero if there are none.
  [[nodiscard]] constexpr duration quantile(double q) const noexcept
  {
    if (count_ == 0) {
      return duration::zero();
    }
    const double wanted = std::clamp(q, 0.0, 1.0) * static_cast<double>(count_);
    std::uint64_t below = 0;
    for (std::size_t i = 0; i + 1 != buckets; ++i) {
      below += counts_[i];
      if (below != 0 && static_cast<double>(below) >= wanted) {
        return std::min<duration>(end_of(i), largest_);
      }
    }
    return largest_;
  }

  /// Bucket by bucket.
  friend constexpr bool operator==(const duration_histogram&,
                                   const duration_histogram&) noexcept = default;

private:
  friend class detail::atomic_histogram;

  static constexpr unsigned parts_bits = 2; ///< of a doubling: four parts
  static constexpr std::uint64_t parts = std::uint64_t{1} << parts_bits;
  static constexpr std::size_t doublings = 25;
  static constexpr std::size_t buckets = parts * doublings + 1; ///< the last for the rest

  /// Up to `parts` microseconds each has its own; from there on the leading bits say.
  static constexpr std::size_t bucket_of(duration d) noexcept
  {
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(d).count();
    const auto n = us < 0 ? std::uint64_t{0} : static_cast<std::uint64_t>(us);
    if (n < parts) {
      return static_cast<std::size_t>(n);
    }
    const auto shift = static_cast<unsigned>(std::bit_width(n)) - parts_bits - 1;
    return std::min<std::size_t>(parts * shift + (n >> shift), buckets - 1);
  }

  static constexpr duration end_of(std::size_t bucket) noexcept
  {
    std::uint64_t us = bucket + 1;
    if (bucket >= parts) {
      const auto shift = bucket / parts - 1;
      us = (bucket % parts + parts + 1) << shift;
    }
    return std::chrono::microseconds{us};
  }

  std::array<std::uint64_t, buckets> counts_{};
  std::uint64_t count_ = 0;
  duration largest_{};
};

} // namespace riemann::inline v0

#endif

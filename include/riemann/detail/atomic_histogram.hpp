#ifndef RIEMANN_DETAIL_ATOMIC_HISTOGRAM_HPP
#define RIEMANN_DETAIL_ATOMIC_HISTOGRAM_HPP

#include <riemann/duration_histogram.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace riemann::inline v0::detail {

/**
 * A `duration_histogram` that any threads add to at once, without a lock, and that one
 * takes from. What is added while it is taken counts in this one or in the next, once.
 */
class atomic_histogram {
public:
  using duration = duration_histogram::duration;

  void add(duration d) noexcept
  {
    // The largest goes first, so that whoever sees the count sees it too.
    auto largest = largest_.load(std::memory_order_relaxed);
    while (d.count() > largest &&
           !largest_.compare_exchange_weak(largest, d.count(), std::memory_order_relaxed)) {
    }
    counts_[duration_histogram::bucket_of(d)].fetch_add(1, std::memory_order_release);
  }

  /// All since the last call.
  [[nodiscard]] duration_histogram take() noexcept
  {
    duration_histogram taken;
    duration least_largest{};
    for (std::size_t i = 0; i != counts_.size(); ++i) {
      const auto n = counts_[i].exchange(0, std::memory_order_acquire);
      if (n != 0) {
        taken.counts_[i] = n;
        taken.count_ += n;
        least_largest = i == 0 ? duration{} : duration_histogram::end_of(i - 1);
      }
    }
    const duration largest{largest_.exchange(0, std::memory_order_relaxed)};
    if (taken.count_ != 0) {
      // One that is counted here may have had its largest taken by the call before.
      taken.largest_ = std::max(largest, least_largest);
    }
    return taken;
  }

private:
  std::array<std::atomic<std::uint64_t>, duration_histogram::buckets> counts_{};
  std::atomic<duration::rep> largest_{0};
};

} // namespace riemann::inline v0::detail

#endif

#ifndef RIEMANN_INSTRUMENTS_HPP
#define RIEMANN_INSTRUMENTS_HPP

#include <riemann/detail/atomic_histogram.hpp>
#include <riemann/detail/export.hpp>

#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <utility>

namespace riemann::inline v0 {

namespace detail {

struct RIEMANN_EXPORT gauge_cell {
  std::atomic<double> value{std::numeric_limits<double>::quiet_NaN()};
};

struct RIEMANN_EXPORT count_cell {
  std::atomic<std::uint64_t> count{0};
};

} // namespace detail

// What a program records, and a `reporter` sends, which makes them. Each is a handle, cheap
// to copy; copies record into the same.
//
// Threads: every function of each may be called from any threads at once, takes no lock,
// no memory and never blocks. Lifetime: they may outlive their reporter; nobody reports
// then what they record. A moved-from one may only be destroyed or assigned to.

/// A value that stands until it is set again: a queue's length, a temperature. What was
/// never set, or set to NaN, is not reported.
class RIEMANN_EXPORT gauge {
public:
  /// A reporter makes it: `reporter::add_gauge`.
  explicit gauge(std::shared_ptr<detail::gauge_cell> cell) noexcept : cell_{std::move(cell)} {}

  /// Any thread may.
  void set(double value) const noexcept { cell_->value.store(value, std::memory_order_relaxed); }

  /// Up, or down by what is below zero; from 0 if it was never set.
  void add(double change) const noexcept
  {
    double old = cell_->value.load(std::memory_order_relaxed);
    while (!cell_->value.compare_exchange_weak(old, (std::isnan(old) ? 0.0 : old) + change,
                                               std::memory_order_relaxed)) {
    }
  }

  /// NaN: never set.
  [[nodiscard]] double value() const noexcept
  {
    return cell_->value.load(std::memory_order_relaxed);
  }

private:
  std::shared_ptr<detail::gauge_cell> cell_;
};

/// A number that only grows: the total since it was made is reported, so that a report that
/// is lost loses nothing.
class RIEMANN_EXPORT counter {
public:
  /// A reporter makes it: `reporter::add_counter`.
  explicit counter(std::shared_ptr<detail::count_cell> cell) noexcept : cell_{std::move(cell)} {}

  /// So many more. Any thread may.
  void add(std::uint64_t n = 1) const noexcept
  {
    cell_->count.fetch_add(n, std::memory_order_relaxed);
  }

  /// The total.
  [[nodiscard]] std::uint64_t value() const noexcept
  {
    return cell_->count.load(std::memory_order_relaxed);
  }

private:
  std::shared_ptr<detail::count_cell> cell_;
};

/**
 * How often something happens: what is reported is the rate, per second, of the time since
 * the report before; the first time, since it was made.
 *
 * Not a moving average: each figure is exact for its interval and forgets what was before
 * it, so that a burst and its end are seen when they happen, rates times intervals add up
 * to the count, and Riemann, which has `ewma` and windows, can smooth as each of its
 * dashboards wants.
 */
class RIEMANN_EXPORT meter {
public:
  /// A reporter makes it: `reporter::add_meter`.
  explicit meter(std::shared_ptr<detail::count_cell> cell) noexcept : cell_{std::move(cell)} {}

  /// So many have come to pass. Any thread may.
  void mark(std::uint64_t n = 1) const noexcept
  {
    cell_->count.fetch_add(n, std::memory_order_relaxed);
  }

private:
  std::shared_ptr<detail::count_cell> cell_;
};

/// How long something takes: of each interval the number, three quantiles and the largest
/// are reported, as exactly as `duration_histogram` has them, from 1 us to 67 s. (The largest
/// of what is told just as a report is made may be in that one, and its count in the next.)
class RIEMANN_EXPORT timer {
public:
  /// Of what it is told.
  using duration = std::chrono::steady_clock::duration;

  /// A reporter makes it: `reporter::add_timer`.
  explicit timer(std::shared_ptr<detail::atomic_histogram> cell) noexcept : cell_{std::move(cell)}
  {}

  /// Below zero counts as zero.
  void record(duration d) const noexcept { cell_->add(d); }

  /// Records the time from its making to its end.
  class scope {
  public:
    /// Begins now; `timer::time()` makes it.
    explicit scope(std::shared_ptr<detail::atomic_histogram> cell) noexcept : cell_{std::move(cell)}
    {}
    scope(const scope&) = delete;
    scope& operator=(const scope&) = delete;
    ~scope() { cell_->add(std::chrono::steady_clock::now() - begin_); }

  private:
    std::shared_ptr<detail::atomic_histogram> cell_;
    std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  };

  /// `const auto timed = latency.time();`
  [[nodiscard]] scope time() const noexcept { return scope{cell_}; }

private:
  std::shared_ptr<detail::atomic_histogram> cell_;
};

} // namespace riemann::inline v0

#endif

#ifndef RIEMANN_BENCH_MEASURE_HPP
#define RIEMANN_BENCH_MEASURE_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <vector>

namespace bench {

using clock = std::chrono::steady_clock;

/// Wall and CPU time of this process, in seconds.
class stopwatch {
public:
  void start()
  {
    wall_ = clock::now();
    cpu_ = cpu_now();
  }
  void stop()
  {
    wall_spent_ = std::chrono::duration<double>(clock::now() - wall_).count();
    cpu_spent_ = cpu_now() - cpu_;
  }
  [[nodiscard]] double wall() const noexcept { return wall_spent_; }
  [[nodiscard]] double cpu() const noexcept { return cpu_spent_; }

private:
  static double cpu_now()
  {
    timespec spent{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    return static_cast<double>(spent.tv_sec) + static_cast<double>(spent.tv_nsec) / 1e9;
  }

  clock::time_point wall_{};
  double cpu_ = 0;
  double wall_spent_ = 0;
  double cpu_spent_ = 0;
};

/// How long each message took, if anybody wants to know: two looks at the clock a
/// message would show in the rates.
class latencies {
public:
  latencies(bool wanted, std::size_t expected) : wanted_{wanted}
  {
    if (wanted) {
      nanoseconds_.reserve(expected);
    }
  }

  [[nodiscard]] bool wanted() const noexcept { return wanted_; }
  /// When a message was handed over.
  [[nodiscard]] clock::time_point begin() const
  {
    return wanted_ ? clock::now() : clock::time_point{};
  }
  /// Its answer is there.
  void end(clock::time_point begun)
  {
    if (wanted_) {
      add(clock::now() - begun);
    }
  }
  void add(clock::duration d)
  {
    nanoseconds_.push_back(
        std::chrono::duration_cast<std::chrono::duration<std::uint64_t, std::nano>>(d).count());
  }
  [[nodiscard]] const std::vector<std::uint64_t>& nanoseconds() const noexcept
  {
    return nanoseconds_;
  }

private:
  bool wanted_;
  std::vector<std::uint64_t> nanoseconds_{};
};

/// Keeps the compiler from dropping what nobody looks at.
template <class T>
void keep(const T& value)
{
  asm volatile("" : : "g"(&value) : "memory");
}

} // namespace bench

#endif

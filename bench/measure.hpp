#ifndef RIEMANN_BENCH_MEASURE_HPP
#define RIEMANN_BENCH_MEASURE_HPP

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>
#include <sys/resource.h>
#include <utility>
#include <vector>

namespace bench {

/// One run's figures.
struct sample {
  double rate; ///< messages a second
  double cpu;  ///< of this process, in nanoseconds a message
};

/// Wall and CPU time of this process.
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
  [[nodiscard]] sample stopped(std::size_t messages) const
  {
    const auto n = static_cast<double>(messages);
    return {n / wall_spent_, cpu_spent_ / n * 1e9};
  }

private:
  using clock = std::chrono::steady_clock;

  static double cpu_now()
  {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval& t) {
      return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
  }

  clock::time_point wall_{};
  double cpu_ = 0;
  double wall_spent_ = 0;
  double cpu_spent_ = 0;
};

/// The rounds of one measure.
class series {
public:
  explicit series(std::string name) : name_{std::move(name)} {}

  void add(sample s)
  {
    rates_.push_back(s.rate);
    cpus_.push_back(s.cpu);
  }
  [[nodiscard]] double rate() const { return median(rates_); }
  [[nodiscard]] double cpu() const { return median(cpus_); }
  void print() const
  {
    std::printf("%-40s %10.0f /s (%.0f .. %.0f), CPU %6.0f ns a message (%.0f .. %.0f)\n",
                name_.c_str(), rate(), *std::ranges::min_element(rates_),
                *std::ranges::max_element(rates_), cpu(), *std::ranges::min_element(cpus_),
                *std::ranges::max_element(cpus_));
  }

private:
  static double median(std::vector<double> values)
  {
    std::ranges::sort(values);
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 != 0 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  }

  std::string name_;
  std::vector<double> rates_{};
  std::vector<double> cpus_{};
};

} // namespace bench

#endif

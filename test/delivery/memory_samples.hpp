#ifndef RIEMANN_TEST_DELIVERY_MEMORY_SAMPLES_HPP
#define RIEMANN_TEST_DELIVERY_MEMORY_SAMPLES_HPP

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace delivery {

/// What this process holds in memory over time, in so many samples at most: of more,
/// each second one is dropped, and they are taken half as often.
class memory_samples {
public:
  using clock = std::chrono::steady_clock;

  memory_samples() { samples_.reserve(most); }

  /// Takes a sample if it is time for one.
  void sample();
  /// A JSON array of pairs: seconds since the beginning, bytes.
  [[nodiscard]] std::string json() const;

private:
  static constexpr std::size_t most = 2'048;

  struct moment {
    std::chrono::duration<double> since_start;
    std::size_t bytes;
  };

  clock::time_point start_ = clock::now();
  clock::time_point next_ = start_;
  clock::duration interval_ = std::chrono::milliseconds{50};
  std::vector<moment> samples_{};
};

} // namespace delivery

#endif

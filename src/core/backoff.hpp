#ifndef RIEMANN_CORE_BACKOFF_HPP
#define RIEMANN_CORE_BACKOFF_HPP

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>

namespace riemann::inline v0::core {

/// How long to wait before the next try: with full jitter, so that clients which lost
/// a server together do not come back together.
class backoff {
public:
  using duration = std::chrono::microseconds;

  /// `seed`: of the jitter.
  backoff(duration least, duration most, std::uint64_t seed)
      : least_{least},
        most_{most},
        ceiling_{least},
        random_{static_cast<std::minstd_rand::result_type>(seed ^ (seed >> 32U))}
  {}

  /// A random time from zero to a ceiling, which doubles for the next.
  duration next()
  {
    std::uniform_int_distribution<duration::rep> jitter{0, ceiling_.count()};
    ceiling_ = ceiling_ > most_ / 2 ? most_ : 2 * ceiling_;
    return duration{jitter(random_)};
  }
  void reset() noexcept { ceiling_ = least_; }

private:
  duration least_;
  duration most_;
  duration ceiling_;
  std::minstd_rand random_;
};

} // namespace riemann::inline v0::core

#endif

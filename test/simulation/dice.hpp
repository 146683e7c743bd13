#ifndef RIEMANN_SIMULATION_DICE_HPP
#define RIEMANN_SIMULATION_DICE_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <random>

namespace riemann::simulation {

/// All chance of a run. Only the engine is std's: its distributions differ from
/// library to library, and a seed must replay everywhere.
class dice {
public:
  explicit dice(std::uint64_t seed) : engine_{seed} {}

  /// 0 to `n` - 1.
  std::uint64_t below(std::uint64_t n) { return engine_() % n; }
  std::size_t between(std::size_t least, std::size_t most)
  {
    return least + static_cast<std::size_t>(below(most - least + 1));
  }
  bool chance(unsigned permille) { return below(1'000) < permille; }
  std::chrono::microseconds up_to(std::chrono::microseconds most)
  {
    return std::chrono::microseconds{
        static_cast<std::int64_t>(below(static_cast<std::uint64_t>(most.count()) + 1))};
  }
  template <class T>
  T one_of(std::initializer_list<T> values)
  {
    return *(values.begin() + below(values.size()));
  }

private:
  std::mt19937_64 engine_;
};

} // namespace riemann::simulation

#endif

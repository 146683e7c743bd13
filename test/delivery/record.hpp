#ifndef RIEMANN_TEST_DELIVERY_RECORD_HPP
#define RIEMANN_TEST_DELIVERY_RECORD_HPP

#include <riemann/outcome.hpp>

#include <cstdint>

namespace delivery {

/// A number and its outcome, as they lie in the file: in this machine's own bytes.
class record {
public:
  record() = default;
  record(std::uint64_t number, riemann::outcome o) noexcept
      : bits_{number | static_cast<std::uint64_t>(o) << number_bits}
  {}

  [[nodiscard]] std::uint64_t number() const noexcept
  {
    return bits_ & ((std::uint64_t{1} << number_bits) - 1);
  }
  [[nodiscard]] riemann::outcome outcome() const noexcept
  {
    return static_cast<riemann::outcome>(bits_ >> number_bits);
  }

private:
  static constexpr int number_bits = 56;

  std::uint64_t bits_ = 0;
};

} // namespace delivery

#endif

#ifndef RIEMANN_TESTKIT_FRAME_PREFIX_HPP
#define RIEMANN_TESTKIT_FRAME_PREFIX_HPP

#include <cstddef>
#include <span>

namespace riemann::inline v0::testkit::detail {

/// In front of each message of a stream: its length, big-endian.
inline constexpr std::size_t prefix_size = 4;

[[nodiscard]] inline std::size_t read_length(std::span<const std::byte> prefix) noexcept
{
  std::size_t length = 0;
  for (const std::byte b : prefix.first<prefix_size>()) {
    length = length << 8 | std::to_integer<std::size_t>(b);
  }
  return length;
}

} // namespace riemann::inline v0::testkit::detail

#endif

#ifndef RIEMANN_CODEC_VARINT_HPP
#define RIEMANN_CODEC_VARINT_HPP

#include <cstddef>
#include <cstdint>

namespace riemann::inline v0::codec {

/// A varint that was read. Small enough to be returned in registers.
struct varint {
  std::uint64_t value = 0;
  /// What follows; nullptr where there is no varint.
  const std::byte* behind = nullptr;
};

/// Reads a varint of at most `max` bytes. Bits beyond the 64th are dropped, as
/// protobuf does.
[[nodiscard]] inline varint take_varint(const std::byte* at, const std::byte* end,
                                        std::size_t max) noexcept
{
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < max && at != end; ++i) {
    const auto byte = std::to_integer<std::uint64_t>(*at++);
    value |= (byte & 0x7f) << (7 * i);
    if (byte < 0x80) {
      return {value, at};
    }
  }
  return {};
}

inline constexpr std::size_t max_prefix_size = 5;

/// A varint that is a tag or a length.
[[nodiscard]] varint take_long_prefix(const std::byte* at, const std::byte* end) noexcept;

/// The same, where it is nearly always a single byte.
[[nodiscard]] inline varint take_prefix(const std::byte* at, const std::byte* end) noexcept
{
  if (at != end && *at < std::byte{0x80}) [[likely]] {
    return {std::to_integer<std::uint64_t>(*at), at + 1};
  }
  return take_long_prefix(at, end);
}

} // namespace riemann::inline v0::codec

#endif

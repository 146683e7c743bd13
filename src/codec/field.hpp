#ifndef RIEMANN_CODEC_FIELD_HPP
#define RIEMANN_CODEC_FIELD_HPP

#include "codec/wire.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace riemann::inline v0::codec {

/// What stands in front of a field: its number and its type in one.
[[nodiscard]] constexpr std::uint32_t tag_of(std::uint32_t number, wire_type type) noexcept
{
  return number << 3 | static_cast<std::uint32_t>(type);
}

/// One field as it lies on the wire. A group has neither value nor bytes.
struct field {
  std::uint32_t tag = 0;
  /// Of a varint or a fixed-size field.
  std::uint64_t value = 0;
  /// Of a length-delimited field.
  std::span<const std::byte> bytes{};

  [[nodiscard]] std::uint32_t number() const noexcept { return tag >> 3; }
  [[nodiscard]] wire_type type() const noexcept { return static_cast<wire_type>(tag & 7); }
  [[nodiscard]] bool is(std::uint32_t n, wire_type t) const noexcept { return tag == tag_of(n, t); }
  [[nodiscard]] std::string_view text() const noexcept
  {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
};

} // namespace riemann::inline v0::codec

#endif

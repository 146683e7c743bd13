#ifndef RIEMANN_CODEC_WIRE_HPP
#define RIEMANN_CODEC_WIRE_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

/// Protobuf's wire format, without what needs a bounds check: every function here
/// writes to room, and reads bytes, that its caller has measured.
namespace riemann::inline v0::codec {

enum class wire_type : std::uint32_t {
  varint = 0,
  fixed64 = 1,
  length_delimited = 2,
  group_start = 3,
  group_end = 4,
  fixed32 = 5,
};

/// Field numbers of `Event`, in the order they are written.
namespace event_field {
inline constexpr std::uint32_t time = 1;
inline constexpr std::uint32_t state = 2;
inline constexpr std::uint32_t service = 3;
inline constexpr std::uint32_t host = 4;
inline constexpr std::uint32_t description = 5;
inline constexpr std::uint32_t tags = 7;
inline constexpr std::uint32_t ttl = 8;
inline constexpr std::uint32_t attributes = 9;
inline constexpr std::uint32_t time_micros = 10;
inline constexpr std::uint32_t metric_sint64 = 13;
inline constexpr std::uint32_t metric_d = 14;
inline constexpr std::uint32_t metric_f = 15;
} // namespace event_field

namespace attribute_field {
inline constexpr std::uint32_t key = 1;
inline constexpr std::uint32_t value = 2;
} // namespace attribute_field

namespace query_field {
inline constexpr std::uint32_t string = 1;
} // namespace query_field

namespace msg_field {
inline constexpr std::uint32_t ok = 2;
inline constexpr std::uint32_t error = 3;
inline constexpr std::uint32_t states = 4;
inline constexpr std::uint32_t query = 5;
inline constexpr std::uint32_t events = 6;
} // namespace msg_field

/// Every field number of the schema is below 16, so that a tag is one byte.
inline constexpr std::size_t tag_size = 1;

inline constexpr std::size_t max_varint_size = 10;

[[nodiscard]] constexpr std::size_t varint_size(std::uint64_t v) noexcept
{
  // Seven bits a byte, without a division: 9/64 is just above 1/7, and exact
  // where it counts.
  const auto highest_bit = static_cast<std::size_t>(std::bit_width(v | 1)) - 1;
  return (highest_bit * 9 + 73) / 64;
}

[[nodiscard]] constexpr std::size_t length_delimited_size(std::size_t length) noexcept
{
  return tag_size + varint_size(length) + length;
}

[[nodiscard]] constexpr std::uint64_t zigzag(std::int64_t v) noexcept
{
  return (static_cast<std::uint64_t>(v) << 1) ^ static_cast<std::uint64_t>(v >> 63);
}

[[nodiscard]] constexpr std::int64_t unzigzag(std::uint64_t v) noexcept
{
  return static_cast<std::int64_t>((v >> 1) ^ (~(v & 1) + 1));
}

[[nodiscard]] inline std::byte* write_varint(std::uint64_t v, std::byte* out) noexcept
{
  while (v >= 0x80) {
    *out++ = static_cast<std::byte>(v | 0x80);
    v >>= 7;
  }
  *out++ = static_cast<std::byte>(v);
  return out;
}

[[nodiscard]] inline std::byte* write_tag(std::uint32_t field, wire_type type,
                                          std::byte* out) noexcept
{
  *out++ = static_cast<std::byte>(field << 3 | static_cast<std::uint32_t>(type));
  return out;
}

/// Little-endian, by shifts: the compiler makes one store of them.
[[nodiscard]] inline std::byte* write_fixed32(std::uint32_t v, std::byte* out) noexcept
{
  for (int i = 0; i < 4; ++i) {
    out[i] = static_cast<std::byte>(v >> (8 * i));
  }
  return out + 4;
}

[[nodiscard]] inline std::byte* write_fixed64(std::uint64_t v, std::byte* out) noexcept
{
  for (int i = 0; i < 8; ++i) {
    out[i] = static_cast<std::byte>(v >> (8 * i));
  }
  return out + 8;
}

/// In one store, of the shifts that the compiler knows.
inline void write_big_endian(std::uint32_t v, std::byte* out) noexcept
{
  if constexpr (std::endian::native == std::endian::little) {
    v = v >> 24 | (v >> 8 & 0xFF00) | (v << 8 & 0xFF0000) | v << 24;
  }
  std::memcpy(out, &v, sizeof v);
}

/// The number in the four bytes at `at`; returns what is behind them.
[[nodiscard]] inline const std::byte* read_fixed32(const std::byte* at, std::uint64_t& v) noexcept
{
  v = 0;
  for (int i = 0; i < 4; ++i) {
    v |= std::to_integer<std::uint64_t>(at[i]) << (8 * i);
  }
  return at + 4;
}

[[nodiscard]] inline const std::byte* read_fixed64(const std::byte* at, std::uint64_t& v) noexcept
{
  v = 0;
  for (int i = 0; i < 8; ++i) {
    v |= std::to_integer<std::uint64_t>(at[i]) << (8 * i);
  }
  return at + 8;
}

/// Like `memcpy`, with the lengths that names and tags have done in place: for
/// them the call costs more than the copy.
inline void copy_text(const char* from, std::size_t n, std::byte* out) noexcept
{
  if (n > 32) {
    std::memcpy(out, from, n);
  } else if (n > 16) {
    // Two halves that may overlap in the middle, here and below.
    std::memcpy(out, from, 16);
    std::memcpy(out + n - 16, from + n - 16, 16);
  } else if (n >= 8) {
    std::memcpy(out, from, 8);
    std::memcpy(out + n - 8, from + n - 8, 8);
  } else if (n >= 4) {
    std::memcpy(out, from, 4);
    std::memcpy(out + n - 4, from + n - 4, 4);
  } else if (n > 0) {
    out[0] = static_cast<std::byte>(from[0]);
    out[n / 2] = static_cast<std::byte>(from[n / 2]);
    out[n - 1] = static_cast<std::byte>(from[n - 1]);
  }
}

/// Tag and length of a field whose `length` bytes come next.
[[nodiscard]] inline std::byte* write_length(std::uint32_t field, std::size_t length,
                                             std::byte* out) noexcept
{
  return write_varint(length, write_tag(field, wire_type::length_delimited, out));
}

inline std::byte* write_string(std::uint32_t field, std::string_view text, std::byte* out) noexcept
{
  out = write_length(field, text.size(), out);
  copy_text(text.data(), text.size(), out);
  return out + text.size();
}

} // namespace riemann::inline v0::codec

#endif

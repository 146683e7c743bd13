#ifndef RIEMANN_CODEC_WIRE_READER_HPP
#define RIEMANN_CODEC_WIRE_READER_HPP

#include "codec/wire.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace riemann::codec {

/// How deep messages and groups may nest: protobuf's own default.
inline constexpr int max_depth = 100;

/// One field as it lies on the wire. A group has neither value nor bytes.
struct field {
  std::uint32_t number = 0;
  wire_type type = wire_type::varint;
  /// Of a varint or a fixed-size field.
  std::uint64_t value = 0;
  /// Of a length-delimited field.
  std::span<const std::byte> bytes{};

  [[nodiscard]] bool is(std::uint32_t n, wire_type t) const noexcept
  {
    return number == n && type == t;
  }
  [[nodiscard]] std::string_view text() const noexcept
  {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
};

enum class step {
  field,
  end,
  malformed,
};

/**
 * Takes the fields off a serialized message one by one, and accepts just what
 * protobuf's own parser does: varints of up to ten bytes and tags of up to five,
 * whose excess bits are dropped, lengths of up to five bytes and below 2 GiB.
 */
class wire_reader {
public:
  /// `depth`: how many messages or groups may still nest in this one.
  explicit wire_reader(std::span<const std::byte> bytes, int depth = max_depth) noexcept
      : at_{bytes.data()}, end_{bytes.data() + bytes.size()}, depth_{depth}
  {}

  /// What was not read yet.
  [[nodiscard]] std::span<const std::byte> rest() const noexcept { return {at_, end_}; }

  /// The next field; groups are skipped whole and given as one.
  [[nodiscard]] step next(field& f) noexcept;

private:
  [[nodiscard]] bool read_tag(field& f) noexcept;
  [[nodiscard]] bool read_value(field& f) noexcept;
  [[nodiscard]] bool read_varint(std::uint64_t& v) noexcept;
  [[nodiscard]] bool read_fixed(std::size_t size, std::uint64_t& v) noexcept;
  [[nodiscard]] bool read_bytes(std::span<const std::byte>& bytes) noexcept;
  [[nodiscard]] bool skip_group(std::uint32_t number) noexcept;

  const std::byte* at_;
  const std::byte* end_;
  int depth_;
};

} // namespace riemann::codec

#endif

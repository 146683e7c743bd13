#ifndef RIEMANN_CODEC_WIRE_READER_HPP
#define RIEMANN_CODEC_WIRE_READER_HPP

#include "codec/field.hpp"
#include "codec/varint.hpp"
#include "codec/wire.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace riemann::inline v0::codec {

/// How deep messages and groups may nest: protobuf's own default.
inline constexpr int max_depth = 100;

enum class step {
  field,
  end,
  malformed,
};

/**
 * Takes the fields off a serialized message one by one, and accepts just what
 * protobuf's own parser does: varints of up to ten bytes and tags of up to five,
 * whose excess bits are dropped, lengths of up to five bytes and below 2 GiB.
 *
 * All that most fields need is inline, and hands neither the reader nor the field
 * to a function that is not: so a loop over fields keeps both in registers.
 */
class wire_reader {
public:
  /// `depth`: how many messages or groups may still nest in this one.
  explicit wire_reader(std::span<const std::byte> bytes, int depth = max_depth) noexcept
      : at_{bytes.data()}, end_{bytes.data() + bytes.size()}, depth_{depth}
  {}

  /// Where the next field begins.
  [[nodiscard]] const std::byte* at() const noexcept { return at_; }
  /// What was not read yet.
  [[nodiscard]] std::span<const std::byte> rest() const noexcept { return {at_, end_}; }

  /// The next field; groups are skipped whole and given as one.
  [[nodiscard]] step next(field& f) noexcept
  {
    if (at_ == end_) {
      return step::end;
    }
    return read_tag(f) && read_value(f) ? step::field : step::malformed;
  }

private:
  static constexpr std::size_t max_varint_size = 10;
  /// Protobuf's parser keeps this much room below 2 GiB when it adds lengths up.
  static constexpr std::uint64_t max_length = 0x7FFFFFFF - 16;

  [[nodiscard]] bool read_tag(field& f) noexcept
  {
    const varint tag = take_prefix(at_, end_);
    f.tag = static_cast<std::uint32_t>(tag.value);
    return went_to(tag.behind) && f.number() != 0;
  }

  [[nodiscard]] bool read_value(field& f) noexcept
  {
    if (f.type() == wire_type::length_delimited) { // most are, and a branch beats the table
      return read_bytes(f);
    }
    switch (f.type()) {
    case wire_type::varint: {
      const varint v = take_varint(at_, end_, max_varint_size);
      f.value = v.value;
      return went_to(v.behind);
    }
    case wire_type::fixed64:
      return has_room(8) && went_to(read_fixed64(at_, f.value));
    case wire_type::fixed32:
      return has_room(4) && went_to(read_fixed32(at_, f.value));
    case wire_type::group_start:
      return went_to(skip_group(rest(), f.number(), depth_));
    case wire_type::length_delimited:
    case wire_type::group_end: // of a group that was never opened
      break;
    }
    return false;
  }

  [[nodiscard]] bool read_bytes(field& f) noexcept
  {
    const varint length = take_prefix(at_, end_);
    if (!went_to(length.behind) || length.value > max_length || !has_room(length.value)) {
      return false;
    }
    f.bytes = {at_, static_cast<std::size_t>(length.value)};
    return went_to(at_ + length.value);
  }

  [[nodiscard]] bool has_room(std::uint64_t size) const noexcept
  {
    return size <= static_cast<std::uint64_t>(end_ - at_);
  }

  /// Goes on behind what was read, if it could be.
  [[nodiscard]] bool went_to(const std::byte* behind) noexcept
  {
    if (behind == nullptr) {
      return false;
    }
    at_ = behind;
    return true;
  }

  /// Behind the group whose first tag was just read; nullptr if it is malformed.
  static const std::byte* skip_group(std::span<const std::byte> bytes, std::uint32_t number,
                                     int depth) noexcept;

  const std::byte* at_;
  const std::byte* end_;
  int depth_;
};

} // namespace riemann::inline v0::codec

#endif

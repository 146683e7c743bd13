#include "codec/wire_reader.hpp"

#include <array>

namespace riemann::codec {

namespace {

/// Reads a varint of at most `max` bytes; nullptr where there is none. Bits
/// beyond those of `T` are dropped, as protobuf does.
template <class T>
const std::byte* take_varint(const std::byte* at, const std::byte* end, std::size_t max,
                             T& v) noexcept
{
  T result = 0;
  for (std::size_t i = 0; i < max && at != end; ++i) {
    const auto byte = static_cast<T>(*at++);
    result |= static_cast<T>((byte & 0x7f) << (7 * i));
    if (byte < 0x80) {
      v = result;
      return at;
    }
  }
  return nullptr;
}

/// Protobuf's parser keeps this much room below 2 GiB when it adds lengths up.
constexpr std::uint64_t max_length = 0x7FFFFFFF - 16;

} // namespace

step wire_reader::next(field& f) noexcept
{
  if (at_ == end_) {
    return step::end;
  }
  if (!read_tag(f) || !read_value(f)) {
    return step::malformed;
  }
  return step::field;
}

bool wire_reader::read_tag(field& f) noexcept
{
  std::uint32_t tag = 0;
  const std::byte* const behind = take_varint(at_, end_, 5, tag);
  if (behind == nullptr || tag >> 3 == 0) {
    return false;
  }
  at_ = behind;
  f.number = tag >> 3;
  f.type = static_cast<wire_type>(tag & 7);
  return true;
}

bool wire_reader::read_value(field& f) noexcept
{
  switch (f.type) {
  case wire_type::varint:
    return read_varint(f.value);
  case wire_type::fixed64:
    return read_fixed(8, f.value);
  case wire_type::length_delimited:
    return read_bytes(f.bytes);
  case wire_type::group_start:
    return skip_group(f.number);
  case wire_type::fixed32:
    return read_fixed(4, f.value);
  case wire_type::group_end: // of a group that was never opened
    break;
  }
  return false;
}

bool wire_reader::read_varint(std::uint64_t& v) noexcept
{
  const std::byte* const behind = take_varint(at_, end_, 10, v);
  if (behind == nullptr) {
    return false;
  }
  at_ = behind;
  return true;
}

bool wire_reader::read_fixed(std::size_t size, std::uint64_t& v) noexcept
{
  if (static_cast<std::size_t>(end_ - at_) < size) {
    return false;
  }
  v = 0;
  for (std::size_t i = 0; i < size; ++i) {
    v |= static_cast<std::uint64_t>(at_[i]) << (8 * i);
  }
  at_ += size;
  return true;
}

bool wire_reader::read_bytes(std::span<const std::byte>& bytes) noexcept
{
  std::uint64_t length = 0;
  const std::byte* const behind = take_varint(at_, end_, 5, length);
  if (behind == nullptr || length > max_length ||
      length > static_cast<std::uint64_t>(end_ - behind)) {
    return false;
  }
  bytes = {behind, static_cast<std::size_t>(length)};
  at_ = behind + length;
  return true;
}

bool wire_reader::skip_group(std::uint32_t number) noexcept
{
  // A stack of our own: what is received must not choose how deep we recurse.
  std::array<std::uint32_t, max_depth> open; // NOLINT: the first `count` are set
  int count = 0;
  field f{.number = number, .type = wire_type::group_start};
  for (;;) {
    if (f.type == wire_type::group_start) {
      if (count == depth_) {
        return false;
      }
      open[static_cast<std::size_t>(count++)] = f.number;
    } else if (f.type == wire_type::group_end) {
      if (open[static_cast<std::size_t>(count - 1)] != f.number) {
        return false;
      }
      if (--count == 0) {
        return true;
      }
    } else if (!read_value(f)) {
      return false;
    }
    if (!read_tag(f)) {
      return false;
    }
  }
}

} // namespace riemann::codec

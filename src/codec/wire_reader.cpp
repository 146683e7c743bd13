#include "codec/wire_reader.hpp"

#include <array>

namespace riemann::inline v0::codec {

varint take_long_prefix(const std::byte* at, const std::byte* end) noexcept
{
  return take_varint(at, end, max_prefix_size);
}

const std::byte* wire_reader::skip_group(std::span<const std::byte> bytes, std::uint32_t number,
                                         int depth) noexcept
{
  // A stack of our own: what is received must not choose how deep we recurse.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): the first `count` are set
  std::array<std::uint32_t, max_depth> open;
  int count = 0;
  wire_reader inside{bytes};
  field f{.tag = tag_of(number, wire_type::group_start)};
  for (;;) {
    if (f.type() == wire_type::group_start) {
      if (count == depth) {
        return nullptr;
      }
      open[static_cast<std::size_t>(count++)] = f.number();
    } else if (f.type() == wire_type::group_end) {
      if (open[static_cast<std::size_t>(count - 1)] != f.number()) {
        return nullptr;
      }
      if (--count == 0) {
        return inside.at();
      }
    } else if (!inside.read_value(f)) {
      return nullptr;
    }
    if (!inside.read_tag(f)) {
      return nullptr;
    }
  }
}

} // namespace riemann::inline v0::codec

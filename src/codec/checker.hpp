#ifndef RIEMANN_CODEC_CHECKER_HPP
#define RIEMANN_CODEC_CHECKER_HPP

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace riemann::inline v0::codec {

/// What an answer says, its events apart.
struct answer_summary {
  bool ok = false;
  /// Into the bytes that were checked.
  std::string_view error{};
  std::size_t event_count = 0;
};

/// Checks a serialized `Msg`, whole, as protobuf's own parser would; nothing if
/// that would not take it. Allocates nothing.
[[nodiscard]] std::optional<answer_summary> check_msg(std::span<const std::byte> body) noexcept;

} // namespace riemann::inline v0::codec

#endif

#ifndef RIEMANN_TESTKIT_UTF8_HPP
#define RIEMANN_TESTKIT_UTF8_HPP

#include <cstdint>
#include <string>
#include <string_view>

namespace riemann::inline v0::testkit::detail {

[[nodiscard]] bool is_valid_utf8(std::string_view text) noexcept;

/// The first character of a text that is valid; nothing of one that is empty.
[[nodiscard]] std::string_view first_character(std::string_view text) noexcept;

/// Each longest piece that could have begun a character, but does not, becomes
/// U+FFFD, as Java decodes.
[[nodiscard]] std::string to_valid_utf8(std::string_view text);

/// A lone surrogate becomes U+FFFD.
void append_utf8(std::uint32_t code_point, std::string& out);

} // namespace riemann::inline v0::testkit::detail

#endif

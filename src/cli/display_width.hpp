#ifndef RIEMANN_CLI_DISPLAY_WIDTH_HPP
#define RIEMANN_CLI_DISPLAY_WIDTH_HPP

#include <cstddef>
#include <string>
#include <string_view>

namespace riemann::cli {

/// How many columns of a terminal a text takes: two for most of East Asia's characters
/// and for emoji, none for what combines with the one before. Of `one_line`'s texts.
std::size_t display_width(std::string_view text);

/// As much as fits so many columns; if that is not all, it ends in an ellipsis.
std::string clipped(std::string_view text, std::size_t columns);

} // namespace riemann::cli

#endif

#ifndef RIEMANN_CLI_TEXT_HPP
#define RIEMANN_CLI_TEXT_HPP

#include <cstdint>
#include <string>
#include <string_view>

namespace riemann::cli {

/// The text with every byte sequence that is not UTF-8 replaced by U+FFFD, one
/// for each maximal part, as Unicode recommends.
std::string valid_utf8(std::string_view text);

bool is_valid_utf8(std::string_view text);

/// As `valid_utf8`, with control characters replaced by blanks: safe to show on
/// a terminal, and one line.
std::string one_line(std::string_view text);

/// `localhost:5555`, `[::1]:5555`.
std::string host_and_port(std::string_view host, std::uint16_t port);

/// A number with `digits` digits after the point.
std::string fixed(double number, int digits);

} // namespace riemann::cli

#endif

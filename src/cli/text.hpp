#ifndef RIEMANN_CLI_TEXT_HPP
#define RIEMANN_CLI_TEXT_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace riemann::cli {

/// The text with every byte sequence that is not UTF-8 replaced by U+FFFD, one
/// for each maximal part, as Unicode recommends.
std::string valid_utf8(std::string_view text);

bool is_valid_utf8(std::string_view text);

/// Of a character in UTF-8: a terminal may take it for a command, a new line, or a change of
/// the direction in which what follows is shown.
bool is_command(std::string_view character);

/// As `valid_utf8`, with a blank for each `is_command`: safe to show on a terminal, and one
/// line.
std::string one_line(std::string_view text);

/// Of a text that is longer than `most` bytes, its beginning and its end.
std::string shortened(std::string_view text, std::size_t most);

/// `localhost:5555`, `[::1]:5555`.
std::string host_and_port(std::string_view host, std::uint16_t port);

/// A number with `digits` digits after the point.
std::string fixed(double number, int digits);

} // namespace riemann::cli

#endif

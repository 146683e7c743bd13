#ifndef RIEMANN_CLI_NEAREST_HPP
#define RIEMANN_CLI_NEAREST_HPP

#include <string>
#include <string_view>
#include <vector>

namespace riemann::cli {

/// How many letters to add, take away, change or swap with their neighbour make one
/// text the other.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate that was probably meant; empty if none is near.
std::string nearest(std::string_view text, const std::vector<std::string>& candidates);

/// ` (did you mean X?)`, or nothing.
std::string suggestion(std::string_view text, const std::vector<std::string>& candidates);

} // namespace riemann::cli

#endif

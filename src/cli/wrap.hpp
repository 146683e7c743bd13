#ifndef RIEMANN_CLI_WRAP_HPP
#define RIEMANN_CLI_WRAP_HPP

#include <cstddef>
#include <string>
#include <string_view>

namespace riemann::cli {

/// The text in lines of at most so many columns, where a word's length allows; all but
/// the first begin with so many blanks, and the first is thought to.
std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent);

} // namespace riemann::cli

#endif

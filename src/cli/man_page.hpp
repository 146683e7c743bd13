#ifndef RIEMANN_CLI_MAN_PAGE_HPP
#define RIEMANN_CLI_MAN_PAGE_HPP

#include "cli/command_outline.hpp"

#include <string>

namespace riemann::cli {

/// riemann-cli(1), for man's macros and tbl.
std::string man_page(const command_outline& outline);

} // namespace riemann::cli

#endif

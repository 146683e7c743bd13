#ifndef RIEMANN_CLI_COMPLETION_HPP
#define RIEMANN_CLI_COMPLETION_HPP

#include "cli/command_outline.hpp"

#include <string>

namespace riemann::cli {

// Scripts that have a shell complete commands, options, and values that are files or a
// matter of choice.

std::string bash_completion(const command_outline& outline);
std::string zsh_completion(const command_outline& outline);
std::string fish_completion(const command_outline& outline);

} // namespace riemann::cli

#endif

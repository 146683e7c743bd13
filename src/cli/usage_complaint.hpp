#ifndef RIEMANN_CLI_USAGE_COMPLAINT_HPP
#define RIEMANN_CLI_USAGE_COMPLAINT_HPP

#include "cli/failure.hpp"

#include <CLI/CLI.hpp>
#include <string>

namespace riemann::cli {

/// The name of the command that the parsed command line has; empty: none.
std::string chosen_command(const CLI::App& app);

/// `unknown command 'snd' (did you mean send?); the commands are ...`
failure unknown_command(const CLI::App& app, const std::string& name);

/// CLI11's complaint of the command line in a sentence of ours, with the nearest of what
/// there is in place of what is unknown.
failure usage_complaint(const CLI::App& app, const CLI::ParseError& error);

} // namespace riemann::cli

#endif

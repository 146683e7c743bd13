#ifndef RIEMANN_CLI_HELP_HPP
#define RIEMANN_CLI_HELP_HPP

#include <string>
#include <string_view>

/// The texts of `--help` that are longer than a line.
namespace riemann::cli::help {

extern const std::string_view version;
extern const std::string_view description;
/// What the program as a whole ends its help with.
std::string main_footer();
extern const std::string_view options_note;
extern const std::string_view examples;
extern const std::string_view send_footer;
extern const std::string_view query_footer;
extern const std::string_view ping_footer;
extern const std::string_view completion_footer;
extern const std::string_view man_footer;
extern const std::string_view serve_footer;
extern const std::string_view agent_footer;
extern const std::string_view bench_footer;

} // namespace riemann::cli::help

#endif

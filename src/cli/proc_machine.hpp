#ifndef RIEMANN_CLI_PROC_MACHINE_HPP
#define RIEMANN_CLI_PROC_MACHINE_HPP

#include "cli/figures.hpp"

#include <optional>
#include <string_view>

namespace riemann::cli {

// Each reads the text of one file under /proc; nothing: it does not hold what it
// should.

/// /proc/stat; fields that an old kernel lacks are 0.
std::optional<processor_figures> parse_stat(std::string_view text);
/// /proc/loadavg
std::optional<load_averages> parse_loadavg(std::string_view text);
/// /proc/meminfo; kernels before 3.14 do not say what is available, which is then
/// put together of what is free, buffers and cache.
std::optional<memory_figures> parse_meminfo(std::string_view text);
/// /proc/uptime, in seconds
std::optional<double> parse_uptime(std::string_view text);

} // namespace riemann::cli

#endif

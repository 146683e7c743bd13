#ifndef RIEMANN_CLI_SHOW_EVENTS_HPP
#define RIEMANN_CLI_SHOW_EVENTS_HPP

#include "cli/settings.hpp"

#include <riemann/event.hpp>

#include <string>
#include <vector>

namespace riemann::cli {

/// The events in that form, sorted by host and service, without the last line's end;
/// empty for no lines at all. A table is no longer than `rows`, unless that is 0.
std::string show(std::vector<event> events, output_format format, std::size_t rows = 0);

} // namespace riemann::cli

#endif

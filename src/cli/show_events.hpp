#ifndef RIEMANN_CLI_SHOW_EVENTS_HPP
#define RIEMANN_CLI_SHOW_EVENTS_HPP

#include "cli/settings.hpp"

#include <riemann/event.hpp>
#include <riemann/response.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace riemann::cli {

/// More are not shown: of a long answer each takes many times its bytes.
inline constexpr std::size_t max_events = 1'000'000;

/// Throws `failure` if there are more.
std::vector<event> events_of(const response& answer);

/// The events in that form, sorted by host and service, without the last line's end;
/// empty for no lines at all. A table is no longer than `rows`, unless that is 0.
std::string show(std::vector<event> events, output_format format, std::size_t rows = 0);

} // namespace riemann::cli

#endif

#ifndef RIEMANN_CLI_CSV_HPP
#define RIEMANN_CLI_CSV_HPP

#include <riemann/event.hpp>

#include <string>
#include <vector>

namespace riemann::cli {

/**
 * A header and one record an event, in that order, as `csv_reader` reads them: the
 * columns are those of JSON, all of them, and then one for each attribute that any
 * event has, by name.
 */
std::string to_csv(const std::vector<event>& events);

} // namespace riemann::cli

#endif

#ifndef RIEMANN_CLI_CSV_HPP
#define RIEMANN_CLI_CSV_HPP

#include <riemann/event.hpp>

#include <string>
#include <vector>

namespace riemann::cli {

/// Who reads it. On a terminal nothing is shown that it might obey.
enum class csv_for { program, terminal };

/**
 * A header and one record an event, in that order, as `csv_reader` reads them: the
 * columns are those of JSON, all of them, and then one for each attribute that any
 * event has, by name.
 */
std::string to_csv(const std::vector<event>& events, csv_for reader = csv_for::program);

} // namespace riemann::cli

#endif

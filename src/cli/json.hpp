#ifndef RIEMANN_CLI_JSON_HPP
#define RIEMANN_CLI_JSON_HPP

#include <riemann/event.hpp>

#include <string>
#include <vector>

namespace riemann::cli {

/**
 * The event as a JSON object on one line. What is absent is left out; integer
 * metrics have no point, others always have one; NaN and the infinities, which
 * JSON lacks, are the strings "NaN", "Infinity" and "-Infinity"; bytes that are
 * not UTF-8 are replaced by U+FFFD. Attributes are sorted by key, and of two with
 * one key the last counts, as in Riemann.
 */
std::string to_json(const event& e);

/// By host and service.
void sort_for_output(std::vector<event>& events);

/// A JSON array, one event a line, sorted by host and service.
std::string to_json(std::vector<event> events);

} // namespace riemann::cli

#endif

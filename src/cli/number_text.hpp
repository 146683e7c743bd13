#ifndef RIEMANN_CLI_NUMBER_TEXT_HPP
#define RIEMANN_CLI_NUMBER_TEXT_HPP

#include <riemann/metric.hpp>

#include <cstdint>
#include <string>

namespace riemann::cli {

// The shortest digits that give the same value again. What is no integer always has a
// point or an exponent; NaN, Infinity and -Infinity are words.

std::string to_text(std::int64_t number);
std::string to_text(double number);
std::string to_text(float number);
std::string to_text(const metric& m);

/// For people: integers whole, other numbers to six digits, but none before the point lost
/// of what is no astronomical number.
std::string rounded_text(const metric& m);

} // namespace riemann::cli

#endif

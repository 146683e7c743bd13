#include "cli/number_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <concepts>

namespace riemann::cli {

namespace {

std::string shortest(std::floating_point auto value)
{
  if (std::isnan(value)) {
    return "NaN";
  }
  if (std::isinf(value)) {
    return value > 0 ? "Infinity" : "-Infinity";
  }
  std::array<char, 64> buffer; // NOLINT: to_chars writes it
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  std::string digits{buffer.data(), end};
  if (digits.find_first_of(".e") == std::string::npos) {
    digits += ".0";
  }
  return digits;
}

} // namespace

std::string to_text(std::int64_t number)
{
  return std::to_string(number);
}

std::string to_text(double number)
{
  return shortest(number);
}

std::string to_text(float number)
{
  return shortest(number);
}

std::string to_text(const metric& m)
{
  return m.visit([](auto value) { return to_text(value); });
}

} // namespace riemann::cli

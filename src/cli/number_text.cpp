#include "cli/number_text.hpp"

#include "cli/text.hpp"

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
  std::array<char, 64> buffer; // written by to_chars
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  std::string digits{buffer.data(), end};
  if (digits.find_first_of(".e") == std::string::npos) {
    digits += ".0";
  }
  return digits;
}

std::string rounded(std::int64_t value)
{
  return std::to_string(value);
}

std::string rounded(double value)
{
  constexpr double beyond_six_digits = 999'999.5;
  constexpr double astronomical = 1e15;
  if (!std::isfinite(value)) {
    return shortest(value);
  }
  const double size = std::abs(value);
  if (size >= beyond_six_digits && size < astronomical) {
    return fixed(value, 0);
  }
  std::array<char, 64> buffer; // written by to_chars
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::general, 6)
                       .ptr;
  return {buffer.data(), end};
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

std::string rounded_text(const metric& m)
{
  return m.is_integer()
             ? rounded(m.visit([](auto value) { return static_cast<std::int64_t>(value); }))
             : rounded(m.as_double());
}

} // namespace riemann::cli

#include "testkit/query_value.hpp"

#include <charconv>
#include <compare>
#include <limits>
#include <optional>
#include <type_traits>

namespace riemann::inline v0::testkit::detail {

namespace {

std::strong_ordering compare_integers(const big_integer& a, const big_integer& b) noexcept
{
  if (a.negative != b.negative) {
    return a.negative ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  // Below zero the longer one is the smaller.
  const std::string& x = a.negative ? b.digits : a.digits;
  const std::string& y = a.negative ? a.digits : b.digits;
  return x.size() != y.size() ? x.size() <=> y.size() : x <=> y;
}

std::optional<double> as_double(const query_value& v) noexcept
{
  if (const auto* i = std::get_if<std::int64_t>(&v)) {
    return static_cast<double>(*i);
  }
  if (const auto* d = std::get_if<double>(&v)) {
    return *d;
  }
  if (const auto* b = std::get_if<const big_integer*>(&v)) {
    return (*b)->as_double();
  }
  return std::nullopt;
}

/// Nothing where one of them is no number.
std::optional<std::partial_ordering> compare_numbers(const query_value& a,
                                                     const query_value& b) noexcept
{
  const auto* int_a = std::get_if<std::int64_t>(&a);
  const auto* int_b = std::get_if<std::int64_t>(&b);
  const auto* big_a = std::get_if<const big_integer*>(&a);
  const auto* big_b = std::get_if<const big_integer*>(&b);
  if (int_a && int_b) {
    return *int_a <=> *int_b;
  }
  if (big_a && big_b) {
    return compare_integers(**big_a, **big_b);
  }
  if (big_a && int_b) {
    return (*big_a)->negative ? std::partial_ordering::less : std::partial_ordering::greater;
  }
  if (int_a && big_b) {
    return (*big_b)->negative ? std::partial_ordering::greater : std::partial_ordering::less;
  }
  const auto double_a = as_double(a);
  const auto double_b = as_double(b);
  if (!double_a || !double_b) {
    return std::nullopt;
  }
  return *double_a <=> *double_b;
}

} // namespace

double big_integer::as_double() const noexcept
{
  double magnitude = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), magnitude);
  if (parsed.ec == std::errc::result_out_of_range) {
    magnitude = std::numeric_limits<double>::infinity();
  }
  return negative ? -magnitude : magnitude;
}

bool is_truthy(const query_value& v) noexcept
{
  if (const auto* b = std::get_if<bool>(&v)) {
    return *b;
  }
  return !std::holds_alternative<std::monostate>(v);
}

bool is_equal(const query_value& a, const query_value& b) noexcept
{
  if (a.index() != b.index()) {
    return false;
  }
  return std::visit(
      [&b](const auto& left) {
        using kind = std::remove_cvref_t<decltype(left)>;
        const auto& right = *std::get_if<kind>(&b);
        if constexpr (std::is_pointer_v<kind>) {
          return *left == *right;
        } else {
          return left == right;
        }
      },
      a);
}

bool is_ordered(const query_value& a, ordering order, const query_value& b) noexcept
{
  const auto compared = compare_numbers(a, b);
  if (!compared) {
    return false;
  }
  switch (order) {
  case ordering::less:
    return std::is_lt(*compared);
  case ordering::greater:
    return std::is_gt(*compared);
  case ordering::less_equal:
    return std::is_lteq(*compared);
  case ordering::greater_equal:
    return std::is_gteq(*compared);
  }
  return false;
}

} // namespace riemann::inline v0::testkit::detail

#ifndef RIEMANN_TESTKIT_QUERY_VALUE_HPP
#define RIEMANN_TESTKIT_QUERY_VALUE_HPP

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace riemann::inline v0::testkit::detail {

/// An integer outside the range of int64, as a literal such as
/// `99999999999999999999N` gives; those inside it are plain integers.
struct big_integer {
  bool negative = false;
  /// Decimal digits of the magnitude, without leading zeros.
  std::string digits{};

  [[nodiscard]] double as_double() const noexcept;

  friend bool operator==(const big_integer&, const big_integer&) = default;
};

/// What an expression gives for one event. Refers to the query or to the event.
using query_value = std::variant<std::monostate, // nil
                                 bool, std::int64_t, double, const big_integer*, std::string_view,
                                 const std::vector<std::string>*>; // tags

enum class ordering { less, greater, less_equal, greater_equal };

/// Everything is true but nil and false.
[[nodiscard]] bool is_truthy(const query_value& v) noexcept;

/// Typed equality: no integer equals a floating number.
[[nodiscard]] bool is_equal(const query_value& a, const query_value& b) noexcept;

/// Whether both are numbers, of any kind, and stand in that order.
[[nodiscard]] bool is_ordered(const query_value& a, ordering order, const query_value& b) noexcept;

} // namespace riemann::inline v0::testkit::detail

#endif

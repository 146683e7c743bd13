#ifndef RIEMANN_METRIC_HPP
#define RIEMANN_METRIC_HPP

#include <riemann/detail/export.hpp>

#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <variant>

namespace riemann::inline v0 {

namespace detail {

template <class T>
concept character = std::same_as<T, char> || std::same_as<T, wchar_t> || std::same_as<T, char8_t> ||
                    std::same_as<T, char16_t> || std::same_as<T, char32_t>;

} // namespace detail

/// An arithmetic type that a `metric` can be made of: any integer or floating
/// type but `bool` and the character types.
template <class T>
concept metric_value =
    (std::integral<T> && !std::same_as<T, bool> && !detail::character<T>) || std::floating_point<T>;

/**
 * The number an event carries, in the kind it was given in: a 64-bit integer, a
 * double or a float. The kind goes on the wire as such (`metric_sint64`,
 * `metric_d`, `metric_f`), because Riemann's `=` tells 42 from 42.0.
 *
 * `long double` is kept as double. An unsigned value above 2^63-1 has no integer
 * field on the wire and is kept as the nearest double.
 */
class RIEMANN_EXPORT metric {
public:
  /// Any integer or floating value, in its own kind.
  template <metric_value T>
  constexpr metric(T value) noexcept // NOLINT(google-explicit-constructor): a number is a metric
      : value_{convert(value)}
  {}

  /// Whether it goes out as `metric_sint64`.
  [[nodiscard]] constexpr bool is_integer() const noexcept { return value_.index() == 0; }
  /// Whether it goes out as `metric_d`.
  [[nodiscard]] constexpr bool is_double() const noexcept { return value_.index() == 1; }
  /// Whether it goes out as `metric_f`.
  [[nodiscard]] constexpr bool is_float() const noexcept { return value_.index() == 2; }

  /// Any kind as a double; integers beyond 2^53 lose their last digits.
  [[nodiscard]] constexpr double as_double() const noexcept
  {
    return std::visit([](auto v) { return static_cast<double>(v); }, value_);
  }

  /// Calls `f` with the value in its own type and returns what it returns.
  template <class F>
  constexpr decltype(auto) visit(F&& f) const
  {
    return std::visit(static_cast<F&&>(f), value_);
  }

  /// Same kind and same value: `metric(1) != metric(1.0)`, as on the server.
  friend constexpr bool operator==(const metric&, const metric&) = default;

private:
  using storage = std::variant<std::int64_t, double, float>;

  template <class T>
  static constexpr storage convert(T value) noexcept
  {
    if constexpr (std::same_as<T, float>) {
      return storage{std::in_place_type<float>, value};
    } else if constexpr (std::floating_point<T>) {
      return storage{std::in_place_type<double>, static_cast<double>(value)};
    } else if constexpr (std::is_unsigned_v<T> && sizeof(T) >= sizeof(std::int64_t)) {
      if (value > static_cast<T>(std::numeric_limits<std::int64_t>::max())) {
        return storage{std::in_place_type<double>, static_cast<double>(value)};
      }
      return storage{std::in_place_type<std::int64_t>, static_cast<std::int64_t>(value)};
    } else {
      return storage{std::in_place_type<std::int64_t>, static_cast<std::int64_t>(value)};
    }
  }

  storage value_;
};

} // namespace riemann::inline v0

#endif

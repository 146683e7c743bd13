#ifndef RIEMANN_QUERY_HPP
#define RIEMANN_QUERY_HPP

#include <riemann/detail/export.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace riemann::inline v0 {

class field;

/**
 * A query in Riemann's language, put together from parts, whatever is in their strings:
 *
 *     const query failing = field{"service"}.starts_with(name) && field{"metric"} > 0.9 &&
 *                           !tagged("ignored");
 *     client.async_query(failing, token);
 *
 * Every value is written so that the server reads that value and nothing else. (A
 * backslash or a quote is written by its number: a Riemann takes a quote behind two
 * backslashes for a part of the string.)
 */
class RIEMANN_EXPORT query {
public:
  /// A query that is text already. It is taken as it is: nothing that came from a
  /// stranger is to be in it.
  static query raw(std::string_view text) { return {std::string{text}, binding::any}; }
  /// Every event.
  static query all() { return {"true", binding::primary}; }

  /// The query as the server reads it.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// For the calls that take a query's text; of a temporary, as long as it lives.
  // NOLINTNEXTLINE(google-explicit-constructor): it is text
  operator std::string_view() const noexcept { return text_; }

  /// Events for which both hold.
  friend RIEMANN_EXPORT query operator&&(const query& a, const query& b);
  /// Events for which one holds, or both.
  friend RIEMANN_EXPORT query operator||(const query& a, const query& b);
  /// Events for which it does not hold.
  friend RIEMANN_EXPORT query operator!(const query& q);

private:
  friend class field;
  friend RIEMANN_EXPORT query tagged(std::string_view tag);

  /// What holds its parts together, the loosest first; `any`: nobody knows.
  enum class binding : std::uint8_t { any, disjunction, conjunction, negation, primary };

  query(std::string text, binding holds) : text_{std::move(text)}, holds_{holds} {}
  static query joined(const query& a, std::string_view word, const query& b, binding holds);
  [[nodiscard]] std::string within(binding least) const;

  std::string text_;
  binding holds_;
};

/// Those that have the tag.
[[nodiscard]] RIEMANN_EXPORT query tagged(std::string_view tag);

/// The right side of an `=`: nil, a truth value, a number or a string.
class RIEMANN_EXPORT query_value {
public:
  /// Nil: for fields that are absent.
  // NOLINTNEXTLINE(google-explicit-constructor): these are values
  query_value(std::nullptr_t) : text_{"nil"} {}
  /// True or false.
  template <std::same_as<bool> Bool>
  query_value(Bool b) : text_{b ? "true" : "false"} // NOLINT(google-explicit-constructor): a value
  {}
  /// Any integer; of more than 2^63-1 a big one of the language's (`12N`).
  template <std::integral Integer>
    requires(!std::same_as<Integer, bool> && sizeof(Integer) <= sizeof(std::int64_t))
  query_value(Integer n) // NOLINT(google-explicit-constructor): a value
      : text_{std::to_string(n)}
  {
    if constexpr (std::is_unsigned_v<Integer>) {
      if (n > static_cast<std::uint64_t>(INT64_MAX)) {
        text_ += 'N';
      }
    }
  }
  /// Any, and infinity and NaN too. (NaN equals nothing.)
  query_value(double x); // NOLINT(google-explicit-constructor): a value
  /// A string, whatever is in it; it is escaped.
  query_value(std::string_view s); // NOLINT(google-explicit-constructor): a value
  /// A string, whatever is in it; it is escaped.
  // NOLINTNEXTLINE(google-explicit-constructor): a value
  query_value(const char* s) : query_value{std::string_view{s}} {}
  /// A string, whatever is in it; it is escaped.
  // NOLINTNEXTLINE(google-explicit-constructor): a value
  query_value(const std::string& s) : query_value{std::string_view{s}} {}

  /// As it stands in a query.
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
  std::string text_;
};

/// What a field can be put in order with: any number.
template <class T>
concept query_number = std::is_arithmetic_v<T> && !std::same_as<T, bool>;

/**
 * A field of the events that are asked for: `host`, `service`, `state`, `description`,
 * `metric`, `tags`, `time`, `ttl`, or an attribute by its key.
 *
 * Comparing with `=` is typed, in Riemann: an integer equals no floating number. Orders
 * compare any two numbers, and are false of anything else.
 */
class RIEMANN_EXPORT field {
public:
  /// Throws `std::invalid_argument` if the language has no way to write such a name:
  /// one that is empty or a word of its own, that begins with a digit, a minus sign before
  /// one, or a backslash, that has a blank, a comma or one of ^ ` ' " # ~ @ / % ( ) [ ] { }
  /// in it, or a colon that does not join two parts, as that of `aws:region` does.
  explicit field(std::string_view name);

  /// As it was given.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

  /// Equal, and of the same type.
  [[nodiscard]] friend query operator==(const field& f, const query_value& v)
  {
    return f.related("=", v.text());
  }
  /// Not equal, or of another type, absent fields too.
  [[nodiscard]] friend query operator!=(const field& f, const query_value& v)
  {
    return f.related("!=", v.text());
  }
  /// A number that is less.
  template <query_number Number>
  [[nodiscard]] friend query operator<(const field& f, Number n)
  {
    return f.related("<", query_value{n}.text());
  }
  /// A number that is less or equal.
  template <query_number Number>
  [[nodiscard]] friend query operator<=(const field& f, Number n)
  {
    return f.related("<=", query_value{n}.text());
  }
  /// A number that is greater.
  template <query_number Number>
  [[nodiscard]] friend query operator>(const field& f, Number n)
  {
    return f.related(">", query_value{n}.text());
  }
  /// A number that is greater or equal.
  template <query_number Number>
  [[nodiscard]] friend query operator>=(const field& f, Number n)
  {
    return f.related(">=", query_value{n}.text());
  }

  /// Neither nil nor false.
  [[nodiscard]] query is_set() const { return {name_, query::binding::primary}; }
  /// The whole of it, with `%` for anything. (There is no way to write a `%` that is
  /// meant: see `contains`.)
  [[nodiscard]] query like(std::string_view pattern) const;
  /// A regular expression, of Java's, is found in it.
  [[nodiscard]] query matches(std::string_view expression) const;
  // Of text as it is, whatever signs are in it.
  /// Text that begins so.
  [[nodiscard]] query starts_with(std::string_view text) const;
  /// Text that ends so.
  [[nodiscard]] query ends_with(std::string_view text) const;
  /// Text with this in it.
  [[nodiscard]] query contains(std::string_view text) const;

private:
  [[nodiscard]] query related(std::string_view by, std::string_view to) const;

  std::string name_;
};

} // namespace riemann::inline v0

#endif

#ifndef RIEMANN_EVENT_HPP
#define RIEMANN_EVENT_HPP

#include <riemann/detail/export.hpp>
#include <riemann/metric.hpp>
#include <riemann/timestamp.hpp>

#include <chrono>
#include <concepts>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace riemann::inline v0 {

/// How long an event stays valid in the index, in seconds on the wire as a float.
using ttl_duration = std::chrono::duration<float>;

/// A field of the user's own. Riemann keeps one value a key (the last), reads a
/// missing value as "", and drops keys named `time`, `ttl`, `tags` or `metric`; one
/// named like another field takes that field's place.
struct RIEMANN_EXPORT attribute {
  /// Its name.
  std::string key{};
  /// What it says; nothing is sent when it is absent.
  std::optional<std::string> value{};

  /// Both the same, absent values too.
  friend bool operator==(const attribute&, const attribute&) = default;
};

/**
 * A vector of tags that takes `{"a", "b"}` without a `std::initializer_list`:
 * gcc 11 and 12 cannot compile one within a `co_await` expression.
 */
class RIEMANN_EXPORT tag_list : public std::vector<std::string> {
public:
  tag_list() = default;
  /// From a vector; a template, so that braces are always read as elements.
  template <class Vector>
    requires std::same_as<std::remove_cvref_t<Vector>, std::vector<std::string>>
  // NOLINTNEXTLINE(google-explicit-constructor): a vector of strings is a list of tags
  tag_list(Vector&& tags) : vector(std::forward<Vector>(tags))
  {}
  /// One tag or more.
  template <std::convertible_to<std::string>... Tags>
    requires(sizeof...(Tags) > 0)
  tag_list(Tags&&... tags) // NOLINT(google-explicit-constructor): so is one string
  {
    reserve(sizeof...(Tags));
    (emplace_back(std::forward<Tags>(tags)), ...);
  }
};

/// A vector of attributes that takes up to eight in braces, `{{"k", "v"}}`, for
/// the same reason; for more, give it a vector or `push_back`.
class RIEMANN_EXPORT attribute_list : public std::vector<attribute> {
  static inline const attribute none{};

public:
  attribute_list() = default;
  /// From a vector; a template, so that braces are always read as elements.
  template <class Vector>
    requires std::same_as<std::remove_cvref_t<Vector>, std::vector<attribute>>
  attribute_list(Vector&& attributes) // NOLINT(google-explicit-constructor): as for tags
      : vector(std::forward<Vector>(attributes))
  {}
  /// One to eight attributes.
  // NOLINTNEXTLINE(google-explicit-constructor): as for tags
  attribute_list(const attribute& a, const attribute& b = none, const attribute& c = none,
                 const attribute& d = none, const attribute& e = none, const attribute& f = none,
                 const attribute& g = none, const attribute& h = none)
  {
    for (const attribute* given : {&a, &b, &c, &d, &e, &f, &g, &h}) {
      if (given != &none) {
        push_back(*given);
      }
    }
  }
};

struct event_literal;

/**
 * What a service has to say. A plain aggregate, made for designated initialisers
 * in this order:
 *
 *     riemann::event{.service = "api latency", .state = "ok", .metric = 0.21, .tags = {"prod"}}
 *
 * A field that is left out is absent on the wire, which Riemann tells apart from
 * an empty string. The index keeps the last event of each (host, service).
 *
 * Values go out as they are, NaN, negative ttls and any time included. Beware of a
 * time whose microseconds do not fit 64 bits: Riemann takes it, and then omits every
 * answer that would hold it.
 */
struct RIEMANN_EXPORT event {
  /// The machine it is about; none is put in for you (`boost::asio::ip::host_name()` is
  /// this one's).
  std::optional<std::string> host{};
  /// What it is about: with the host, what the index tells events apart by.
  std::optional<std::string> service{};
  /// How it is: any word; `expired` takes it out of the index.
  std::optional<std::string> state{};
  /// A measured number.
  std::optional<riemann::metric> metric{};
  /// Words to find it by; repeated ones are kept.
  tag_list tags{};
  /// How long it is valid, in seconds; absent: the server's own (60, unless configured).
  std::optional<ttl_duration> ttl{};
  /// When it was, in seconds or microseconds; absent: the server takes its own clock.
  std::optional<timestamp> time{};
  /// In words.
  std::optional<std::string> description{};
  /// Fields of the user's own.
  attribute_list attributes{};

  /// As views of it.
  // NOLINTNEXTLINE(google-explicit-constructor): the same in another form
  operator event_literal() const noexcept;

  /// Field by field.
  friend bool operator==(const event&, const event&) = default;
};

} // namespace riemann::inline v0

#endif

#ifndef RIEMANN_EVENT_LITERAL_HPP
#define RIEMANN_EVENT_LITERAL_HPP

#include <riemann/detail/export.hpp>
#include <riemann/event.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace riemann::inline v0 {

/// The tags of an `event_literal`: up to eight in braces, or any number from a
/// vector, which must outlive the call.
class RIEMANN_EXPORT tag_literals {
public:
  /// Most tags in braces.
  static constexpr std::size_t max_listed = 8;

  /// No tags.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): listed_ is set as far as count_ says
  constexpr tag_literals() noexcept {}
  /// Those of a vector, which is only looked at.
  // NOLINTNEXTLINE(google-explicit-constructor): as braces
  constexpr tag_literals(const std::vector<std::string>& tags) noexcept : vector_{tags} {}
  /// One to eight tags, which are only looked at.
  template <std::convertible_to<std::string_view>... Tags>
    requires(sizeof...(Tags) > 0 && sizeof...(Tags) <= max_listed)
  // NOLINTNEXTLINE(google-explicit-constructor): as braces
  constexpr tag_literals(const Tags&... tags) noexcept
  {
    ((listed_[count_++] = std::string_view{tags}), ...);
  }

  /// How many.
  [[nodiscard]] constexpr std::size_t size() const noexcept { return vector_.size() + count_; }
  /// The one at `i`, which is below `size()`.
  [[nodiscard]] constexpr std::string_view operator[](std::size_t i) const noexcept
  {
    return count_ != 0 ? listed_[i] : std::string_view{vector_[i]};
  }

private:
  std::span<const std::string> vector_{};
  std::size_t count_ = 0;
  union { // left unset: a call with no tags is not to pay for eight
    std::array<std::string_view, max_listed> listed_;
  };
};

/// One attribute of an `event_literal`.
struct RIEMANN_EXPORT attribute_literal {
  /// Its name.
  std::string_view key{};
  /// What it says; nothing is sent when it is absent.
  std::optional<std::string_view> value{};
};

/// The attributes of an `event_literal`: up to four in braces, `{{"k", "v"}}`, or
/// any number from a vector, which must outlive the call.
class RIEMANN_EXPORT attribute_literals {
public:
  /// Most attributes in braces.
  static constexpr std::size_t max_listed = 4;

  /// No attributes.
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): as tag_literals
  constexpr attribute_literals() noexcept {}
  /// Those of a vector, which is only looked at.
  template <class Vector>
    requires std::convertible_to<const Vector&, const std::vector<attribute>&>
  // NOLINTNEXTLINE(google-explicit-constructor): as braces
  constexpr attribute_literals(const Vector& attributes) noexcept : vector_{attributes}
  {}
  /// One.
  // NOLINTNEXTLINE(google-explicit-constructor): as braces
  constexpr attribute_literals(attribute_literal a) noexcept : count_{1}, listed_{a} {}
  /// Two.
  constexpr attribute_literals(attribute_literal a, attribute_literal b) noexcept
      : count_{2}, listed_{a, b}
  {}
  /// Three.
  constexpr attribute_literals(attribute_literal a, attribute_literal b,
                               attribute_literal c) noexcept
      : count_{3}, listed_{a, b, c}
  {}
  /// Four.
  constexpr attribute_literals(attribute_literal a, attribute_literal b, attribute_literal c,
                               attribute_literal d) noexcept
      : count_{4}, listed_{a, b, c, d}
  {}

  /// How many.
  [[nodiscard]] constexpr std::size_t size() const noexcept { return vector_.size() + count_; }
  /// The one at `i`, which is below `size()`.
  [[nodiscard]] constexpr attribute_literal operator[](std::size_t i) const noexcept
  {
    if (count_ != 0) {
      return listed_[i];
    }
    const attribute& a = vector_[i];
    return {a.key, a.value ? std::optional<std::string_view>{*a.value} : std::nullopt};
  }

private:
  std::span<const attribute> vector_{};
  std::size_t count_ = 0;
  union {
    std::array<attribute_literal, max_listed> listed_;
  };
};

/**
 * An event as it is written down in a call, as views of what stands there:
 *
 *     co_await client.async_send({.service = "api latency", .metric = 0.21, .tags = {"prod"}});
 *
 * The call encodes it before it returns, so it costs no strings. Not to be kept:
 * for that there is `event`, with the same fields in the same order.
 *
 * It has a second reason: gcc before 13 destroys an aggregate temporary of a
 * `co_await` expression twice. This one has nothing to destroy; a temporary
 * `event` is refused there by `message` and `client`.
 */
struct RIEMANN_EXPORT event_literal {
  /// As in `event`, and so are all that follow.
  std::optional<std::string_view> host{};
  /// As in `event`.
  std::optional<std::string_view> service{};
  /// As in `event`.
  std::optional<std::string_view> state{};
  /// As in `event`.
  std::optional<riemann::metric> metric{};
  /// As in `event`.
  tag_literals tags{};
  /// As in `event`.
  std::optional<ttl_duration> ttl{};
  /// As in `event`.
  std::optional<timestamp> time{};
  /// As in `event`.
  std::optional<std::string_view> description{};
  /// As in `event`.
  attribute_literals attributes{};
};

inline event::operator event_literal() const noexcept
{
  return {.host = host,
          .service = service,
          .state = state,
          .metric = metric,
          .tags = tags,
          .ttl = ttl,
          .time = time,
          .description = description,
          .attributes = attributes};
}

static_assert(std::is_trivially_destructible_v<event_literal>);

} // namespace riemann::inline v0

#endif

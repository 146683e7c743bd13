#ifndef RIEMANN_TESTKIT_EVENT_IDENTITY_HPP
#define RIEMANN_TESTKIT_EVENT_IDENTITY_HPP

#include <riemann/event_view.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace riemann::inline v0::testkit::detail {

/// What an attribute's name makes of it.
enum class attribute_role {
  own,     ///< A field of the user's own.
  ignored, ///< Named like a field that no attribute can replace.
  host,
  service,
  state,
  description,
};

[[nodiscard]] attribute_role role_of(std::string_view key) noexcept;

/// What the index knows an event by; absent is a value of its own.
struct event_key {
  std::optional<std::string> host{};
  std::optional<std::string> service{};
};

/// The part of a received event that decides where it is indexed, attributes
/// counted in. Views into the event.
struct event_identity {
  std::optional<std::string_view> host{};
  std::optional<std::string_view> service{};
  std::optional<std::string_view> state{};

  explicit event_identity(const event_view& received) noexcept;
  explicit event_identity(const event_key& key) noexcept : host{key.host}, service{key.service} {}
};

struct event_key_hash {
  using is_transparent = void;
  std::size_t operator()(const event_identity& id) const noexcept
  {
    const std::hash<std::string_view> hash;
    const std::size_t h = id.host ? hash(*id.host) : 1;
    const std::size_t s = id.service ? hash(*id.service) : 2;
    return h ^ (s + 0x9E3779B97F4A7C15ULL + (h << 6) + (h >> 2));
  }
  std::size_t operator()(const event_key& key) const noexcept
  {
    return (*this)(event_identity{key});
  }
};

struct event_key_equal {
  using is_transparent = void;
  bool operator()(const event_key& a, const event_key& b) const noexcept
  {
    return a.host == b.host && a.service == b.service;
  }
  bool operator()(const event_key& a, const event_identity& b) const noexcept
  {
    return a.host == b.host && a.service == b.service;
  }
  bool operator()(const event_identity& a, const event_key& b) const noexcept
  {
    return (*this)(b, a);
  }
};

} // namespace riemann::inline v0::testkit::detail

#endif

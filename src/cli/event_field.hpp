#ifndef RIEMANN_CLI_EVENT_FIELD_HPP
#define RIEMANN_CLI_EVENT_FIELD_HPP

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace riemann::cli {

/// What an event's fields are called, in JSON as in CSV: printed and read alike.
enum class event_field {
  host,
  service,
  state,
  description,
  metric,
  tags,
  ttl,
  time,
  time_micros,
  attributes,
};

/// In the order of the enumeration, which is the order they are printed in.
inline constexpr std::array<std::string_view, 10> event_field_names{
    "host", "service", "state", "description", "metric",
    "tags", "ttl",     "time",  "time_micros", "attributes"};

std::optional<event_field> find_event_field(std::string_view name);

/// Whether no attribute may be called so: a Riemann would drop it, or put it in the place of
/// the field of that name.
[[nodiscard]] bool is_taken_by_a_field(std::string_view key) noexcept;

/// Why there can be no such attribute, and what to do.
std::string describe_taken_key(std::string_view key);

/// As `unknown key 'servce' (did you mean service?); the keys are host, ...`.
std::string describe_unknown_field(std::string_view what, std::string_view name);

} // namespace riemann::cli

#endif

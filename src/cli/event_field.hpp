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

/// As `unknown key 'servce' (did you mean service?); the keys are host, ...`.
std::string describe_unknown_field(std::string_view what, std::string_view name);

} // namespace riemann::cli

#endif

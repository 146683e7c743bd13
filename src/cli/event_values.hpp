#ifndef RIEMANN_CLI_EVENT_VALUES_HPP
#define RIEMANN_CLI_EVENT_VALUES_HPP

#include "cli/event_field.hpp"
#include "cli/values.hpp"

#include <riemann/event.hpp>

#include <string_view>

namespace riemann::cli {

/// Whether the field is one that holds a number.
[[nodiscard]] constexpr bool is_number_field(event_field field) noexcept
{
  return field == event_field::metric || field == event_field::ttl || field == event_field::time ||
         field == event_field::time_micros;
}

/// False: the field does not hold a text.
bool set_text(event& e, event_field field, std::string_view text);
/// Sets a field that holds a number. Throws a `failure` that names the field.
void set_number(event& e, event_field field, std::string_view text, metric_kind kind);
/// The event then lacks the field.
void clear(event& e, event_field field);

} // namespace riemann::cli

#endif

#include "cli/event_field.hpp"

#include "cli/nearest.hpp"

#include <algorithm>

namespace riemann::cli {

std::optional<event_field> find_event_field(std::string_view name)
{
  const auto* const found = std::ranges::find(event_field_names, name);
  if (found == event_field_names.end()) {
    return {};
  }
  return static_cast<event_field>(found - event_field_names.begin());
}

bool is_taken_by_a_field(std::string_view key) noexcept
{
  const auto field = find_event_field(key);
  return field && *field != event_field::time_micros && *field != event_field::attributes;
}

std::string describe_taken_key(std::string_view key)
{
  return "attribute '" + std::string{key} +
         "' is called like a field of events, and would be dropped or take its place; give it "
         "another name, or set the field";
}

std::string describe_unknown_field(std::string_view what, std::string_view name)
{
  const std::vector<std::string> names(event_field_names.begin(), event_field_names.end());
  std::string text = "unknown " + std::string{what} + " '" + std::string{name.substr(0, 64)} + "'" +
                     suggestion(name, names) + "; there are ";
  for (const std::string& known : names) {
    text += known == names.back() ? " and " + known : known == names.front() ? known : ", " + known;
  }
  return text;
}

} // namespace riemann::cli

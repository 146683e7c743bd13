#include "cli/csv.hpp"

#include "cli/csv_reader.hpp"
#include "cli/number_text.hpp"
#include "cli/text.hpp"

#include <optional>
#include <set>
#include <span>
#include <string_view>

namespace riemann::cli {

namespace {

std::string cell(const std::optional<std::string>& text)
{
  return text ? csv_quoted(valid_utf8(*text)) : std::string{};
}

/// Of two with one key the last counts; one without a value has an empty one, as in
/// Riemann.
std::string attribute_cell(const event& e, const std::string& key)
{
  std::string text;
  for (const attribute& a : e.attributes) {
    text = valid_utf8(a.key) == key ? csv_quoted(valid_utf8(a.value.value_or(""))) : text;
  }
  return text;
}

std::string field_cell(const event& e, event_field field)
{
  switch (field) {
  case event_field::host:
    return cell(e.host);
  case event_field::service:
    return cell(e.service);
  case event_field::state:
    return cell(e.state);
  case event_field::description:
    return cell(e.description);
  case event_field::metric:
    return e.metric ? to_text(*e.metric) : "";
  case event_field::tags:
    return e.tags.empty() ? "" : csv_quoted(valid_utf8(join_tags(e.tags)));
  case event_field::ttl:
    return e.ttl ? to_text(e.ttl->count()) : "";
  case event_field::time:
    return e.time ? to_text(e.time->seconds()) : "";
  case event_field::time_micros:
    return e.time && e.time->has_micros() ? to_text(e.time->micros()) : "";
  case event_field::attributes:
    break;
  }
  return {};
}

} // namespace

std::string to_csv(const std::vector<event>& events)
{
  std::set<std::string> keys;
  for (const event& e : events) {
    for (const attribute& a : e.attributes) {
      keys.insert(valid_utf8(a.key));
    }
  }
  std::string text;
  const auto fields = std::span{event_field_names}.first(event_field_names.size() - 1);
  for (const std::string_view name : fields) {
    text.append(text.empty() ? "" : ",").append(name);
  }
  for (const std::string& key : keys) {
    text += "," + csv_quoted(std::string{attribute_column} + key);
  }
  for (const event& e : events) {
    text += "\n";
    for (std::size_t i = 0; i != fields.size(); ++i) {
      text.append(i > 0 ? "," : "").append(field_cell(e, static_cast<event_field>(i)));
    }
    for (const std::string& key : keys) {
      text += "," + attribute_cell(e, key);
    }
  }
  return text;
}

} // namespace riemann::cli

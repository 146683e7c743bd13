#include "cli/csv.hpp"

#include "cli/csv_reader.hpp"
#include "cli/number_text.hpp"
#include "cli/text.hpp"

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string_view>

namespace riemann::cli {

namespace {

class csv_writer {
public:
  explicit csv_writer(csv_for reader) noexcept : for_terminal_{reader == csv_for::terminal} {}

  [[nodiscard]] std::string cell(std::string_view text) const
  {
    return csv_quoted(for_terminal_ ? one_line(text) : valid_utf8(text));
  }
  [[nodiscard]] std::string cell(const std::optional<std::string>& text) const
  {
    return text ? cell(std::string_view{*text}) : std::string{};
  }
  [[nodiscard]] std::string cell(const event& e, event_field field) const;

  /// Of two with one key the last counts; one without a value has an empty one, as in
  /// Riemann.
  [[nodiscard]] std::map<std::string, std::string> cells_by_key(const event& e) const
  {
    std::map<std::string, std::string> cells;
    for (const attribute& a : e.attributes) {
      cells[valid_utf8(a.key)] = cell(std::string_view{a.value.value_or("")});
    }
    return cells;
  }

private:
  bool for_terminal_;
};

std::string csv_writer::cell(const event& e, event_field field) const
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
    return e.tags.empty() ? "" : cell(std::string_view{join_tags(e.tags)});
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

std::string to_csv(const std::vector<event>& events, csv_for reader)
{
  const csv_writer writer{reader};
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
    text += "," + writer.cell(std::string_view{std::string{attribute_column} + key});
  }
  for (const event& e : events) {
    text += "\n";
    for (std::size_t i = 0; i != fields.size(); ++i) {
      text.append(i > 0 ? "," : "").append(writer.cell(e, static_cast<event_field>(i)));
    }
    const auto cells = writer.cells_by_key(e);
    auto next = cells.begin(); // both are sorted, and these are some of those
    for (const std::string& key : keys) {
      text += ",";
      if (next != cells.end() && next->first == key) {
        text += next++->second;
      }
    }
  }
  return text;
}

} // namespace riemann::cli

#include "cli/table.hpp"

#include "cli/display_width.hpp"
#include "cli/number_text.hpp"
#include "cli/table_layout.hpp"
#include "cli/text.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <iterator>
#include <map>
#include <string_view>

namespace riemann::cli {

namespace {

using column = table_column;

constexpr std::array<std::string_view, column::count> titles{
    "HOST", "SERVICE", "STATE", "METRIC", "TTL", "TAGS", "TIME (UTC)", "DESCRIPTION", "ATTRIBUTES"};

using cells = std::array<std::string, column::count>;

std::string time_text(const timestamp& t)
{
  const auto seconds = static_cast<std::time_t>(t.seconds());
  std::tm parts{};
  std::array<char, 64> buffer{};
  if (::gmtime_r(&seconds, &parts) == nullptr ||
      std::strftime(buffer.data(), buffer.size(), "%Y-%m-%d %H:%M:%S", &parts) == 0) {
    return to_text(t.seconds());
  }
  return buffer.data();
}

std::string attributes_text(const attribute_list& list)
{
  std::map<std::string, std::string> last_of_each;
  for (const attribute& a : list) {
    last_of_each[a.key] = a.value.value_or("");
  }
  std::string text;
  for (const auto& [key, value] : last_of_each) {
    text.append(text.empty() ? "" : " ").append(key).append("=").append(value);
  }
  return text;
}

std::string tags_text(const tag_list& list)
{
  std::string text;
  for (const std::string& tag : list) {
    text.append(text.empty() ? "" : ",").append(tag);
  }
  return text;
}

cells cells_of(const event& e)
{
  cells row;
  row[column::host] = e.host.value_or("");
  row[column::service] = e.service.value_or("");
  row[column::state] = e.state.value_or("");
  row[column::metric] = e.metric ? rounded_text(*e.metric) : "";
  row[column::ttl] = e.ttl ? to_text(e.ttl->count()) : "";
  row[column::tags] = tags_text(e.tags);
  row[column::time] = e.time ? time_text(*e.time) : "";
  row[column::description] = e.description.value_or("");
  row[column::attributes] = attributes_text(e.attributes);
  for (std::string& cell : row) {
    cell = one_line(cell);
  }
  return row;
}

/// Zero for a column that no row has anything in.
column_widths natural_widths(const std::vector<cells>& rows)
{
  column_widths result{};
  for (const cells& row : rows) {
    for (std::size_t i = 0; i != column::count; ++i) {
      result[i] = std::max(result[i], display_width(row[i]));
    }
  }
  for (std::size_t i = 0; i != column::count; ++i) {
    result[i] = result[i] > 0 ? std::max(result[i], titles[i].size()) : 0;
  }
  return result;
}

/// So that one long text does not make every line as long.
column_widths bounded(column_widths natural)
{
  constexpr std::size_t most = 500;
  for (std::size_t& width : natural) {
    width = std::min(width, most);
  }
  return natural;
}

std::string_view colour_of(std::string_view state_text)
{
  if (state_text == "ok") {
    return "\x1b[32m";
  }
  if (state_text == "warning") {
    return "\x1b[33m";
  }
  if (state_text == "critical") {
    return "\x1b[31m";
  }
  return state_text == "expired" ? "\x1b[35m" : "";
}

/// `whole`: what is wider than its column sticks out.
std::string line_of(const cells& row, const column_widths& all, bool whole, bool coloured)
{
  std::string line;
  for (std::size_t i = 0; i != column::count; ++i) {
    if (all[i] == 0) {
      continue;
    }
    const std::string text = whole ? row[i] : clipped(row[i], all[i]);
    const std::string padding(all[i] - std::min(all[i], display_width(text)), ' ');
    const std::string_view colour = coloured && i == column::state ? colour_of(row[i]) : "";
    const bool right = i == column::metric || i == column::ttl;
    line += right ? padding : "";
    line.append(colour).append(text).append(colour.empty() ? "" : "\x1b[0m");
    line += (right ? "" : padding) + std::string(column_gap, ' ');
  }
  return line.substr(0, line.find_last_not_of(' ') + 1);
}

} // namespace

std::string to_table(const std::vector<event>& events, const table_settings& settings)
{
  if (events.empty()) {
    return "no events";
  }
  std::vector<cells> rows;
  rows.reserve(events.size());
  std::ranges::transform(events, std::back_inserter(rows), cells_of);
  const bool whole = settings.columns == 0;
  const column_widths natural = natural_widths(rows);
  const column_widths all = whole ? bounded(natural) : fitted(natural, settings.columns);
  cells header;
  std::ranges::copy(titles, header.begin());
  std::string text = line_of(header, all, whole, false);
  const bool fits = settings.rows == 0 || rows.size() + 1 <= settings.rows;
  const std::size_t shown = fits ? rows.size() : std::max<std::size_t>(settings.rows, 3) - 2;
  for (std::size_t i = 0; i != shown; ++i) {
    text += "\n" + line_of(rows[i], all, whole, settings.colour);
  }
  if (!fits) {
    const std::string rest = "and " + std::to_string(rows.size() - shown) + " more";
    text += "\n" + (settings.columns == 0 ? rest : clipped(rest, settings.columns));
  }
  return text;
}

} // namespace riemann::cli

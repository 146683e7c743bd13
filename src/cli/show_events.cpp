#include "cli/show_events.hpp"

#include "cli/csv.hpp"
#include "cli/json.hpp"
#include "cli/table.hpp"
#include "cli/terminal.hpp"

#include <utility>

namespace riemann::cli {

namespace {

std::string to_ndjson(const std::vector<event>& events)
{
  std::string text;
  for (const event& e : events) {
    text.append(text.empty() ? "" : "\n").append(to_json(e));
  }
  return text;
}

} // namespace

std::string show(std::vector<event> events, output_format format, std::size_t rows)
{
  sort_for_output(events);
  switch (format) {
  case output_format::ndjson:
    return to_ndjson(events);
  case output_format::csv:
    return to_csv(events);
  case output_format::table:
    return to_table(events, {.columns = table_width(), .rows = rows, .colour = takes_colour()});
  case output_format::json:
    break;
  }
  return to_json(std::move(events));
}

} // namespace riemann::cli

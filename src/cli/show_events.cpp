#include "cli/show_events.hpp"

#include "cli/csv.hpp"
#include "cli/failure.hpp"
#include "cli/json.hpp"
#include "cli/table.hpp"
#include "cli/terminal.hpp"

#include <string>
#include <unistd.h>
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

std::vector<event> events_of(const response& answer)
{
  if (answer.event_count() > max_events) {
    throw failure{exit_code::other, "the answer has " + std::to_string(answer.event_count()) +
                                        " events, more than are shown (" +
                                        std::to_string(max_events) + "); ask for less"};
  }
  return answer.to_events();
}

std::string show(std::vector<event> events, output_format format, std::size_t rows)
{
  sort_for_output(events);
  switch (format) {
  case output_format::ndjson:
    return to_ndjson(events);
  case output_format::csv:
    return to_csv(events, is_terminal(STDOUT_FILENO) ? csv_for::terminal : csv_for::program);
  case output_format::table:
    return to_table(events, {.columns = table_width(), .rows = rows, .colour = takes_colour()});
  case output_format::json:
    break;
  }
  return to_json(std::move(events));
}

} // namespace riemann::cli

#include "cli/input_format.hpp"

#include "cli/csv_reader.hpp"
#include "cli/event_field.hpp"
#include "cli/metric_line_reader.hpp"
#include "cli/ndjson_reader.hpp"

#include <algorithm>

namespace riemann::cli {

input_format guess_format(std::string_view first_line)
{
  const auto first = first_line.find_first_not_of(" \t");
  const std::string_view line = first_line.substr(std::min(first, first_line.size()));
  if (line.starts_with('{') || line.starts_with('[')) {
    return input_format::ndjson;
  }
  if (is_number(line.substr(0, line.find_first_of(" \t")))) {
    return input_format::metrics;
  }
  if (line.find(',') != std::string_view::npos || find_event_field(line)) {
    return input_format::csv;
  }
  return input_format::guessed;
}

std::unique_ptr<event_reader> make_reader(input_format format, metric_kind kind)
{
  switch (format) {
  case input_format::csv:
    return std::make_unique<csv_reader>(kind);
  case input_format::metrics:
    return std::make_unique<metric_line_reader>(kind);
  case input_format::guessed:
  case input_format::ndjson:
    break;
  }
  return std::make_unique<ndjson_reader>(kind);
}

} // namespace riemann::cli

#ifndef RIEMANN_CLI_INPUT_FORMAT_HPP
#define RIEMANN_CLI_INPUT_FORMAT_HPP

#include "cli/event_reader.hpp"
#include "cli/values.hpp"

#include <memory>
#include <string_view>

namespace riemann::cli {

enum class input_format {
  /// By the first line that is not blank.
  guessed,
  ndjson,
  csv,
  metrics,
};

/// `guessed`: nothing can be told of this line.
input_format guess_format(std::string_view first_line);

/// Not for `guessed`.
std::unique_ptr<event_reader> make_reader(input_format format, metric_kind kind);

} // namespace riemann::cli

#endif

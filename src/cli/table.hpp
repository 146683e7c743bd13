#ifndef RIEMANN_CLI_TABLE_HPP
#define RIEMANN_CLI_TABLE_HPP

#include <riemann/event.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace riemann::cli {

struct table_settings {
  /// What no line is wider than; 0: no limit.
  std::size_t columns = 80;
  /// What no table is longer than, its last line telling how many are left out; 0: no
  /// limit.
  std::size_t rows = 0;
  /// States in their colours.
  bool colour = false;
};

/// Events for people: a header and a line each, without the columns that all lack, and
/// metrics to six digits. Where the lines would not fit, columns are clipped or left out
/// as `fitted` has it.
std::string to_table(const std::vector<event>& events, const table_settings& settings);

} // namespace riemann::cli

#endif

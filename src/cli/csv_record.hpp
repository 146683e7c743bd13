#ifndef RIEMANN_CLI_CSV_RECORD_HPP
#define RIEMANN_CLI_CSV_RECORD_HPP

#include <string>
#include <string_view>
#include <vector>

namespace riemann::cli {

/// One value of a CSV record. An empty one is "nothing" without quotes, and with them a
/// text that is empty.
struct csv_cell {
  std::string text{};
  bool quoted = false;

  [[nodiscard]] bool is_absent() const noexcept { return text.empty() && !quoted; }

  friend bool operator==(const csv_cell&, const csv_cell&) = default;
};

/// Cuts a record as RFC 4180 has it: commas, quotes around what holds commas, quotes or
/// line ends, quotes doubled within. Returns what is wrong with it, or nothing.
std::string split_csv(std::string_view record, std::vector<csv_cell>& cells);

/// The text as a cell, in quotes where it needs them; an empty one always has them.
std::string csv_quoted(std::string_view text);

/// Tags in one cell: between them a semicolon; before one that is part of a tag, and
/// before a backslash, a backslash.
std::string join_tags(const std::vector<std::string>& tags);
std::vector<std::string> split_tags(std::string_view cell);

} // namespace riemann::cli

#endif

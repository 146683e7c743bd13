#include "cli/csv_record.hpp"

#include <boost/algorithm/string/replace.hpp>

namespace riemann::cli {

namespace {

/// Takes a quoted cell off the front; false if its end is missing.
bool take_quoted(std::string_view& rest, std::string& text)
{
  rest.remove_prefix(1);
  for (;;) {
    const auto quote = rest.find('"');
    if (quote == std::string_view::npos) {
      return false;
    }
    text.append(rest.substr(0, quote));
    rest.remove_prefix(quote + 1);
    if (!rest.starts_with('"')) {
      return true;
    }
    text += '"';
    rest.remove_prefix(1);
  }
}

std::string in_column(std::size_t number)
{
  return " in column " + std::to_string(number);
}

} // namespace

std::string split_csv(std::string_view record, std::vector<csv_cell>& cells)
{
  cells.clear();
  for (;;) {
    csv_cell& cell = cells.emplace_back();
    cell.quoted = record.starts_with('"');
    if (cell.quoted && !take_quoted(record, cell.text)) {
      return "a quote" + in_column(cells.size()) + " is never closed; double quotes within quotes";
    }
    const auto end = record.find(',');
    const std::string_view rest = record.substr(0, end);
    if (cell.quoted && !rest.empty()) {
      return "something follows a closing quote" + in_column(cells.size()) +
             "; double quotes within quotes";
    }
    if (rest.find('"') != std::string_view::npos) {
      return "a quote stands within a value" + in_column(cells.size()) +
             "; put the value in quotes and double those within";
    }
    cell.text.append(rest);
    if (end == std::string_view::npos) {
      return {};
    }
    record.remove_prefix(end + 1);
  }
}

std::string csv_quoted(std::string_view text)
{
  if (!text.empty() && text.find_first_of(",\"\r\n") == std::string_view::npos) {
    return std::string{text};
  }
  return "\"" + boost::algorithm::replace_all_copy(std::string{text}, "\"", "\"\"") + "\"";
}

std::string join_tags(const std::vector<std::string>& tags)
{
  std::string cell;
  for (std::size_t i = 0; i != tags.size(); ++i) {
    cell += i > 0 ? ";" : "";
    for (const char c : tags[i]) {
      cell.append(c == ';' || c == '\\' ? "\\" : "") += c;
    }
  }
  return cell;
}

std::vector<std::string> split_tags(std::string_view cell)
{
  std::vector<std::string> tags(1);
  for (std::size_t i = 0; i != cell.size(); ++i) {
    if (cell[i] == '\\' && i + 1 != cell.size()) {
      tags.back() += cell[++i];
    } else if (cell[i] == ';') {
      tags.emplace_back();
    } else {
      tags.back() += cell[i];
    }
  }
  return tags;
}

} // namespace riemann::cli

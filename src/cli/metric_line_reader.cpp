#include "cli/metric_line_reader.hpp"

#include "cli/event_values.hpp"
#include "cli/failure.hpp"
#include "cli/text.hpp"

#include <charconv>

namespace riemann::cli {

bool is_number(std::string_view text)
{
  if (is_named_number(text)) {
    return true;
  }
  const std::string_view digits =
      text.starts_with('+') || text.starts_with('-') ? text.substr(1) : text;
  if (digits.empty() || digits.find_first_of("0123456789") > 1) {
    return false;
  }
  double ignored = 0;
  const char* const end = digits.data() + digits.size();
  return std::from_chars(digits.data(), end, ignored).ptr == end;
}

reading metric_line_reader::read(std::string_view record, event& e)
{
  constexpr std::string_view blanks = " \t";
  const auto first = record.find_first_not_of(blanks);
  if (first == std::string_view::npos) {
    return reading::nothing;
  }
  if (!is_valid_utf8(record)) {
    return refuse("not UTF-8; convert it");
  }
  record = record.substr(first, record.find_last_not_of(blanks) - first + 1);
  const std::string_view word = record.substr(0, record.find_first_of(blanks));
  if (!is_number(word)) {
    set_text(e, event_field::state, record);
    return reading::event;
  }
  try {
    set_number(e, event_field::metric, word, kind_);
  } catch (const failure& wrong) {
    return refuse(wrong.what());
  }
  record.remove_prefix(word.size());
  if (!record.empty()) {
    set_text(e, event_field::state, record.substr(record.find_first_not_of(blanks)));
  }
  return reading::event;
}

} // namespace riemann::cli

#include "cli/config_text.hpp"

#include "cli/failure.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <toml++/toml.h>
#include <utility>

namespace riemann::cli {

namespace {

[[noreturn]] void complain(const std::string& sentence)
{
  throw failure{exit_code::usage, sentence};
}

toml::table parse(const std::string& text, const std::string& file)
{
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    const toml::source_position where = error.source().begin;
    complain("line " + std::to_string(where.line) + ", column " + std::to_string(where.column) +
             " of " + file + " is no TOML (" + error.what() +
             "); give lines such as port = 5555 or host = \"localhost\"");
  }
}

/// The text from there on. Columns are characters, of which some have several bytes.
std::string_view text_from(std::string_view text, toml::source_position where)
{
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; };
  if (text.starts_with(byte_order_mark)) {
    text.remove_prefix(byte_order_mark.size());
  }
  for (; where.line > 1; --where.line) {
    text.remove_prefix(text.find('\n') + 1);
  }
  for (; where.column > 1; --where.column) {
    text.remove_prefix(1);
    text.remove_prefix(std::ranges::find_if_not(text, continues) - text.begin());
  }
  return text;
}

/// A number that is not whole, as it is written: 42.0 is another metric than 42, and a time
/// has more digits than a double.
std::string written(const toml::value<double>& number, std::string_view text)
{
  const double value = number.get();
  if (std::isnan(value)) {
    return "NaN";
  }
  if (std::isinf(value)) {
    return value < 0 ? "-Infinity" : "Infinity";
  }
  const std::string_view rest = text_from(text, number.source().begin);
  std::string digits{rest.substr(0, rest.find_first_not_of("+-.0123456789_eE"))};
  std::erase(digits, '_');
  return digits;
}

std::string_view kind_of(const toml::node& value)
{
  if (const toml::table* table = value.as_table()) {
    return table->is_inline() ? "an inline table" : "a table";
  }
  return value.is_array() ? "a list within a list" : value.is_time() ? "a time of day" : "a date";
}

struct item {
  std::string key;
  const toml::node* value;
};

/// What comes first in the file comes first: toml++ has them by the alphabet.
std::vector<item> in_order(const toml::table& table)
{
  std::vector<std::pair<const toml::key*, const toml::node*>> found;
  for (auto&& [key, value] : table) {
    found.emplace_back(&key, &value);
  }
  std::ranges::sort(found, {}, [](const auto& pair) {
    const toml::source_position begin = pair.first->source().begin;
    return std::pair{begin.line, begin.column};
  });
  std::vector<item> items;
  items.reserve(found.size());
  for (const auto& [key, value] : found) {
    items.push_back({.key = std::string{key->str()}, .value = value});
  }
  return items;
}

/// Whether it looks like a section and is none: `send = {}` or `[[send]]`.
bool is_near_section(const toml::node& value)
{
  if (const toml::array* array = value.as_array()) {
    return !array->empty() && array->front().is_table();
  }
  return value.is_table() && value.as_table()->is_inline();
}

class config_text_reader {
public:
  config_text_reader(std::string_view text, std::string file) : text_{text}, file_{std::move(file)}
  {}

  [[nodiscard]] config_text read(const toml::table& root) const
  {
    config_text result;
    for (const auto& [key, value] : in_order(root)) {
      if (is_near_section(*value)) {
        complain(std::string{key}
                     .append(" in ")
                     .append(file_)
                     .append(" is ")
                     .append(value->is_table() ? "an inline table" : "a list of tables")
                     .append("; for a section write [")
                     .append(key)
                     .append("], and its keys in lines below"));
      }
      if (const toml::table* table = value->as_table()) {
        result.sections.push_back({.name = key, .entries = entries_of(key, *table)});
      } else {
        result.entries.push_back(entry_of(key, key, *value));
      }
    }
    return result;
  }

private:
  [[nodiscard]] std::vector<config_entry> entries_of(const std::string& section,
                                                     const toml::table& table) const
  {
    std::vector<config_entry> entries;
    for (const auto& [key, value] : in_order(table)) {
      entries.push_back(entry_of(std::string{section}.append(".").append(key), key, *value));
    }
    return entries;
  }

  [[nodiscard]] config_entry entry_of(const std::string& name, const std::string& key,
                                      const toml::node& value) const
  {
    config_entry entry{.name = name, .key = key, .is_boolean = value.is_boolean()};
    if (const toml::array* array = value.as_array()) {
      for (const toml::node& element : *array) {
        entry.values.push_back(text_of(name, element));
      }
    } else {
      entry.values.push_back(text_of(name, value));
    }
    return entry;
  }

  [[nodiscard]] std::string text_of(const std::string& name, const toml::node& value) const
  {
    if (const auto* text = value.as_string()) {
      if (text->get().find('\0') != std::string::npos) {
        complain(name + " in " + file_ + " has a character of value 0; leave it out");
      }
      return text->get();
    }
    if (const auto* number = value.as_integer()) {
      return std::to_string(number->get());
    }
    if (const auto* number = value.as_floating_point()) {
      return written(*number, text_);
    }
    if (const auto* boolean = value.as_boolean()) {
      return boolean->get() ? "true" : "false";
    }
    complain(name + " in " + file_ + " is " + std::string{kind_of(value)} +
             ", which no option takes; give text in quotes, a number, true or false, or a list "
             "of these");
  }

  std::string_view text_;
  std::string file_;
};

} // namespace

config_text read_config_text(const std::string& text, const std::string& name)
{
  return config_text_reader{text, name}.read(parse(text, name));
}

} // namespace riemann::cli

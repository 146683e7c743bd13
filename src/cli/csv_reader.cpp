#include "cli/csv_reader.hpp"

#include "cli/event_values.hpp"
#include "cli/failure.hpp"
#include "cli/text.hpp"

#include <algorithm>

namespace riemann::cli {

namespace {

std::string fields_of_query()
{
  std::string text;
  for (const std::string_view name : event_field_names) {
    if (name != "attributes") {
      text.append(text.empty() ? "" : ",").append(name);
    }
  }
  return text;
}

} // namespace

reading csv_reader::read(std::string_view record, event& e)
{
  if (record.empty()) {
    return reading::nothing;
  }
  if (columns_.empty() || is_another_header(record)) {
    return read_header(record);
  }
  if (!is_valid_utf8(record)) {
    return refuse("not UTF-8; convert the file");
  }
  std::string problem = split_csv(record, cells_);
  if (!problem.empty()) {
    return refuse(std::move(problem));
  }
  if (cells_.size() != columns_.size()) {
    return refuse("there are " + std::to_string(cells_.size()) + " values for the header's " +
                  std::to_string(columns_.size()) + " columns; leave empty what an event lacks");
  }
  try {
    const bool has_micros = micros_column_ && !cells_[*micros_column_].is_absent();
    for (std::size_t i = 0; i != cells_.size(); ++i) {
      const bool says_less = has_micros && columns_[i].field == event_field::time;
      if (!cells_[i].is_absent() && !says_less) {
        set(e, columns_[i], cells_[i]);
      } else if (columns_[i].field == event_field::host) {
        e.host.reset(); // as `null` in JSON: this machine is not where it comes from
      }
    }
  } catch (const failure& wrong) {
    return refuse(wrong.what());
  }
  return reading::event;
}

/// As `query --watch` prints one before each answer; attributes may differ.
bool csv_reader::is_another_header(std::string_view record) const
{
  static const std::string of_query = fields_of_query();
  return record == header_ || (record.starts_with(of_query) && header_.starts_with(of_query));
}

reading csv_reader::read_header(std::string_view record)
{
  columns_.clear();
  micros_column_.reset();
  std::string problem =
      is_valid_utf8(record) ? split_csv(record, cells_) : "not UTF-8; convert the file";
  for (std::size_t i = 0; i != cells_.size() && problem.empty(); ++i) {
    problem = add_column(cells_[i].text);
  }
  hopeless_ = !problem.empty();
  header_ = record;
  return hopeless_ ? refuse(std::move(problem)) : reading::nothing;
}

std::string csv_reader::add_column(const std::string& name)
{
  column added;
  if (name.starts_with(attribute_column)) { // an empty key is one, too
    added = {event_field::attributes, name.substr(attribute_column.size())};
    if (is_taken_by_a_field(added.key)) {
      return describe_taken_key(added.key);
    }
  } else if (const auto field = find_event_field(name); field && name != "attributes") {
    added = {*field, {}};
  } else {
    return describe_unknown_field("column", name) + ".KEY";
  }
  if (std::ranges::any_of(columns_, [&](const column& other) {
        return other.field == added.field && other.key == added.key;
      })) {
    return "column '" + name + "' is there twice; leave one out";
  }
  if (added.field == event_field::time_micros) {
    micros_column_ = columns_.size();
  }
  columns_.push_back(std::move(added));
  return {};
}

void csv_reader::set(event& e, const column& where, const csv_cell& cell) const
{
  if (where.field == event_field::attributes) {
    e.attributes.push_back({.key = where.key, .value = cell.text});
  } else if (where.field == event_field::tags) {
    for (std::string& tag : split_tags(cell.text)) {
      e.tags.push_back(std::move(tag));
    }
  } else if (!set_text(e, where.field, cell.text)) {
    set_number(e, where.field, cell.text, kind_);
  }
}

} // namespace riemann::cli

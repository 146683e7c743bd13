#ifndef RIEMANN_FUZZ_EVENT_LINES_HPP
#define RIEMANN_FUZZ_EVENT_LINES_HPP

// What riemann-cli reads of lines from anywhere, held against other readers and against
// what it prints itself.

#include "cli/csv.hpp"
#include "cli/csv_reader.hpp"
#include "cli/event_field.hpp"
#include "cli/json.hpp"
#include "cli/metric_line_reader.hpp"
#include "cli/ndjson_reader.hpp"
#include "cli/record_splitter.hpp"
#include "cli/text.hpp"
#include "input.hpp"
#include "make_event.hpp"
#include "require.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace riemann::fuzz {

using cli::metric_kind;
using cli::reading;

struct cut_record {
  std::string text;
  std::uint64_t line;
  bool too_long;

  friend bool operator==(const cut_record&, const cut_record&) = default;
};

inline std::vector<cut_record> cut(std::string_view text, std::size_t piece, bool quotes)
{
  cli::record_splitter splitter;
  std::vector<cut_record> all;
  if (quotes) {
    splitter.heed_quotes();
  }
  for (std::size_t at = 0; at < text.size(); at += piece) {
    splitter.feed(text.substr(at, piece));
    while (const auto r = splitter.next()) {
      all.push_back({std::string{r->text}, r->line, r->too_long});
    }
  }
  if (const auto r = splitter.finish()) {
    all.push_back({std::string{r->text}, r->line, r->too_long});
  }
  return all;
}

/// However it arrives, the same lines, and all of it.
inline std::vector<cut_record> check_cut(const std::string& text, std::size_t piece, bool quotes)
{
  auto whole = cut(text, std::max<std::size_t>(text.size(), 1), quotes);
  require(whole == cut(text, piece, quotes), "the pieces make a difference to the lines");
  std::size_t length = 0;
  for (const cut_record& r : whole) {
    require(!r.too_long, "a short line is called long");
    length += r.text.size() + 1;
  }
  require(length <= text.size() + 1 && length + whole.size() + 1 >= text.size(),
          "a part of the input is lost, or doubled");
  return whole;
}

/// Which of the texts must be in the event, by another reader's account.
inline void check_same_text(const boost::json::object& json, const char* key,
                            const std::optional<std::string>& text)
{
  const auto* const found = json.if_contains(key);
  const bool absent = found == nullptr || found->is_null();
  require(absent == !text.has_value(), "a text is read that is not there, or is not read");
  require(absent || std::string_view{found->as_string().data(), found->as_string().size()} == *text,
          "another text is read");
}

/// What is read as an event is one to another JSON reader.
inline void check_ndjson_line(cli::ndjson_reader& reader, const std::string& text)
{
  event e;
  const reading result = reader.read(text, e);
  require(result != reading::bad || !reader.problem().empty(), "a refusal says nothing");
  if (result != reading::event) {
    return;
  }
  std::string line = text;
  line.erase(line.find_last_not_of(" \t\r") + 1);
  boost::json::error_code error;
  auto value = boost::json::parse(line, error);
  if (error && line.ends_with(',')) {
    line.pop_back(); // within an array
    value = boost::json::parse(line, error);
  }
  require(!error && value.is_object(), "what is no object is read as an event");
  const auto& json = value.as_object();
  check_same_text(json, "host", e.host);
  check_same_text(json, "service", e.service);
  check_same_text(json, "state", e.state);
  check_same_text(json, "description", e.description);
  for (const auto& member : json) {
    require(cli::find_event_field({member.key().data(), member.key().size()}).has_value(),
            "a key is read that is none");
  }
  for (const attribute& a : e.attributes) {
    require(!cli::is_taken_by_a_field(a.key), "an attribute takes a field's place");
  }
  if (const auto* const m = json.if_contains("metric"); m != nullptr && m->is_int64()) {
    require(e.metric && *e.metric == metric{m->get_int64()}, "another integer is read");
  }
}

inline void check_ndjson(input& in)
{
  cli::ndjson_reader reader{metric_kind::as_written};
  const std::size_t piece = 1 + in.below(64);
  for (const cut_record& r : check_cut(in.rest(), piece, false)) {
    check_ndjson_line(reader, r.text);
  }
}

/// As it is after it was shown: whole UTF-8, one value an attribute, sorted.
inline event shown(const event& e, bool csv)
{
  event result = e;
  for (auto* text : {&result.host, &result.service, &result.state, &result.description}) {
    *text = *text ? std::optional{cli::valid_utf8(**text)} : std::nullopt;
  }
  for (std::string& tag : result.tags) {
    tag = cli::valid_utf8(tag);
  }
  std::map<std::string, std::optional<std::string>> last_of_each;
  for (const attribute& a : e.attributes) {
    const auto value = a.value ? std::optional{cli::valid_utf8(*a.value)} : std::nullopt;
    last_of_each[cli::valid_utf8(a.key)] = csv ? value.value_or("") : value;
  }
  result.attributes.clear();
  for (const auto& [key, value] : last_of_each) {
    result.attributes.push_back({.key = key, .value = value});
  }
  return result;
}

/// What no line may hold is left out of it; a float is shown as the double that is
/// spelled like it; two keys may be one once they are valid.
inline event sendable(event e)
{
  for (attribute& a : e.attributes) {
    a.key = cli::valid_utf8(a.key);
    a.key += cli::is_taken_by_a_field(a.key) ? "_" : "";
  }
  if (e.metric && (e.metric->is_float() || !std::isfinite(e.metric->as_double()))) {
    e.metric = 0.5;
  }
  if (e.ttl &&
      !(e.ttl->count() >= 0 && std::isfinite(e.ttl->count()) && !std::signbit(e.ttl->count()))) {
    e.ttl = ttl_duration{1};
  }
  if (e.time) {
    constexpr std::int64_t years = 1'000'000'000'000'000;
    e.time = e.time->has_micros() ? timestamp::from_micros(e.time->micros() % years)
                                  : timestamp::from_seconds(e.time->seconds() % (years / 1'000));
  }
  return e;
}

/// What is printed is read again, in either form.
inline void check_round_trip(input& in)
{
  const std::size_t piece = 1 + in.below(64);
  const event first = sendable(make_event(in));
  const event second = sendable(make_event(in));
  cli::ndjson_reader json{metric_kind::as_written};
  event e;
  require(json.read(cli::to_json(first), e) == reading::event, "what is printed cannot be read");
  require(shown(e, false) == shown(first, false), "another event is read than was printed");

  cli::csv_reader csv{metric_kind::as_written};
  std::vector<event> events;
  for (const cut_record& r : cut(cli::to_csv({first, second}) + "\n", piece, true)) {
    e = {};
    const reading result = csv.read(r.text, e);
    require(result != reading::bad, "what is printed as CSV cannot be read");
    if (result == reading::event) {
      events.push_back(e);
    }
  }
  require(events.size() == 2, "another number of events is read than was printed");
  require(events[0] == shown(first, true) && events[1] == shown(second, true),
          "another event is read from CSV than was printed");
}

/// A record that is cut into cells is made of them again.
inline void check_csv_record(const std::string& text)
{
  std::vector<cli::csv_cell> cells;
  if (!cli::split_csv(text, cells).empty()) {
    return;
  }
  std::string joined;
  for (std::size_t i = 0; i != cells.size(); ++i) {
    const std::string& cell = cells[i].text;
    require(cells[i].quoted || cell.find_first_of(",\"") == std::string::npos,
            "a cell without quotes holds what needs them");
    joined += i > 0 ? "," : "";
    if (!cells[i].quoted) {
      joined += cell;
      continue;
    }
    joined += '"';
    for (const char c : cell) {
      joined.append(c == '"' ? "\"" : "") += c;
    }
    joined += '"';
  }
  require(joined == text, "a record's cells are others than it has");
}

inline void check_csv(input& in)
{
  const std::size_t piece = 1 + in.below(64);
  cli::csv_reader csv{metric_kind::as_written};
  cli::metric_line_reader metrics{metric_kind::as_written};
  for (const cut_record& r : check_cut(in.rest(), piece, true)) {
    check_csv_record(r.text);
    event e;
    if (!csv.is_hopeless()) {
      require(csv.read(r.text, e) != reading::bad || !csv.problem().empty(),
              "a refusal says nothing");
    }
    event m;
    if (metrics.read(r.text, m) == reading::event) {
      require(m.metric || m.state, "a line says nothing, and is an event");
    }
  }
}

} // namespace riemann::fuzz

#endif

#include "cli/event_values.hpp"

#include <charconv>

namespace riemann::cli {

namespace {

std::optional<std::string>* text_field(event& e, event_field field)
{
  switch (field) {
  case event_field::host:
    return &e.host;
  case event_field::service:
    return &e.service;
  case event_field::state:
    return &e.state;
  case event_field::description:
    return &e.description;
  case event_field::metric:
  case event_field::tags:
  case event_field::ttl:
  case event_field::time:
  case event_field::time_micros:
  case event_field::attributes:
    break;
  }
  return nullptr;
}

given named(event_field field, std::string_view text)
{
  return {std::string{event_field_names.at(static_cast<std::size_t>(field))}, std::string{text}};
}

/// What most numbers are, without a string of its own for each.
template <class T>
std::optional<T> plain(std::string_view text)
{
  T value{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc{} && stop == end ? std::optional{value} : std::nullopt;
}

metric read_metric(std::string_view text, metric_kind kind)
{
  if (kind == metric_kind::as_written) {
    if (const auto integer = plain<std::int64_t>(text)) {
      return *integer;
    }
  }
  return parse_metric(named(event_field::metric, text), kind);
}

timestamp read_time(std::string_view text)
{
  constexpr std::int64_t certain = 1'000'000'000'000;
  const auto seconds = plain<std::int64_t>(text);
  return seconds && *seconds > -certain && *seconds < certain
             ? timestamp::from_seconds(*seconds)
             : parse_time(named(event_field::time, text));
}

timestamp read_micros(std::string_view text)
{
  const auto micros = plain<std::int64_t>(text);
  return micros ? timestamp::from_micros(*micros)
                : parse_time_micros(named(event_field::time_micros, text));
}

} // namespace

bool set_text(event& e, event_field field, std::string_view text)
{
  auto* const target = text_field(e, field);
  if (target == nullptr) {
    return false;
  }
  if (*target) {
    (*target)->assign(text);
  } else {
    target->emplace(text);
  }
  return true;
}

void set_number(event& e, event_field field, std::string_view text, metric_kind kind)
{
  if (field == event_field::metric) {
    e.metric = read_metric(text, kind);
  } else if (field == event_field::ttl) {
    e.ttl = parse_any_ttl(named(field, text));
  } else if (field == event_field::time) {
    e.time = read_time(text);
  } else {
    e.time = read_micros(text);
  }
}

void clear(event& e, event_field field)
{
  if (auto* const text = text_field(e, field)) {
    text->reset();
  } else if (field == event_field::metric) {
    e.metric.reset();
  } else if (field == event_field::tags) {
    e.tags.clear();
  } else if (field == event_field::attributes) {
    e.attributes.clear();
  } else if (field == event_field::ttl) {
    e.ttl.reset();
  } else {
    e.time.reset();
  }
}

} // namespace riemann::cli

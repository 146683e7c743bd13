#include "answers.hpp"

#include "../unit/codec/reference.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <iterator>
#include <optional>

namespace riemann::golden {

namespace {

using boost::json::object;

std::optional<std::string> text_at(const object& e, const char* key)
{
  const auto* const found = e.if_contains(key);
  return found == nullptr ? std::nullopt : std::optional<std::string>{found->as_string()};
}

/// Doubles were noted as text, since JSON knows neither infinities nor NaN.
double number_of(const boost::json::string& noted)
{
  return std::strtod(noted.c_str(), nullptr);
}

std::optional<metric> metric_of(const object& e)
{
  if (const auto* const whole = e.if_contains("metric_sint64")) {
    return whole->to_number<std::int64_t>();
  }
  if (const auto* const wide = e.if_contains("metric_d")) {
    return number_of(wide->as_string());
  }
  if (const auto* const single = e.if_contains("metric_f")) {
    return static_cast<float>(number_of(single->as_string()));
  }
  return std::nullopt;
}

std::optional<timestamp> time_of(const object& e)
{
  if (const auto* const micros = e.if_contains("time_micros")) {
    return timestamp::from_micros(micros->to_number<std::int64_t>());
  }
  const auto* const seconds = e.if_contains("time");
  return seconds == nullptr
             ? std::nullopt
             : std::optional{timestamp::from_seconds(seconds->to_number<std::int64_t>())};
}

/// The event that the recorder read.
event event_of(const object& e)
{
  event made{.host = text_at(e, "host"),
             .service = text_at(e, "service"),
             .state = text_at(e, "state"),
             .metric = metric_of(e),
             .time = time_of(e),
             .description = text_at(e, "description")};
  if (const auto* const ttl = e.if_contains("ttl")) {
    made.ttl = ttl_duration{ttl->to_number<float>()};
  }
  if (const auto* const tags = e.if_contains("tags")) {
    for (const auto& tag : tags->as_array()) {
      made.tags.emplace_back(tag.as_string());
    }
  }
  if (const auto* const attributes = e.if_contains("attributes")) {
    for (const auto& pair : attributes->as_array()) {
      made.attributes.push_back({std::string{pair.as_array().at(0).as_string()},
                                 std::string{pair.as_array().at(1).as_string()}});
    }
  }
  return made;
}

/// A number that is none has no bits to compare.
bool same(const event& read, event noted)
{
  const auto is_nan = [](const event& e) { return e.metric && std::isnan(e.metric->as_double()); };
  if (is_nan(read) && is_nan(noted) && read.metric->is_double() == noted.metric->is_double()) {
    noted.metric = read.metric;
  }
  return test::same(read, noted);
}

} // namespace

std::vector<std::vector<std::string>> describe(std::span<const std::byte> frames)
{
  std::vector<std::vector<std::string>> answers;
  for (const auto body : bodies_of(frames)) {
    const auto answer = response::parse({body.begin(), body.end()}).value();
    auto& parts = answers.emplace_back();
    for (const auto e : answer.events()) {
      parts.push_back(test::to_text(e.bytes()));
    }
    std::ranges::sort(parts);
    parts.emplace_back(answer.ok() ? "ok" : "rejected");
    frames = frames.subspan(4 + body.size());
  }
  if (!frames.empty()) {
    answers.push_back({"torn"});
  }
  return answers;
}

std::string compare(const response& read, const object& decoded)
{
  if (read.ok() != decoded.at("ok").as_bool()) {
    return "another ok";
  }
  if (read.text() != text_at(decoded, "error").value_or("")) {
    return "another text: " + std::string{read.text()};
  }
  const auto* const noted = decoded.if_contains("events");
  const auto count = noted == nullptr ? std::size_t{0} : noted->as_array().size();
  const auto events = read.to_events();
  if (events.size() != count || read.event_count() != count) {
    return "another number of events";
  }
  auto view = read.events().begin();
  for (std::size_t i = 0; i != count; ++i, ++view) {
    const auto expected = event_of(noted->as_array().at(i).as_object());
    if (!same(events[i], expected) || !same((*view).to_event(), expected)) {
      return "another event at " + std::to_string(i);
    }
  }
  return {};
}

std::string compare_with_protobuf(std::span<const std::byte> body)
{
  return test::judge(test::to_text(body)).disagreement;
}

} // namespace riemann::golden

#include "cli/json.hpp"

#include "cli/text.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <concepts>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>

namespace riemann::cli {

namespace {

std::string quoted(std::string_view text)
{
  return boost::json::serialize(boost::json::string_view{valid_utf8(text)});
}

std::string number(std::integral auto value)
{
  return std::to_string(value);
}

/// The shortest digits that give the same value again.
std::string number(std::floating_point auto value)
{
  if (std::isnan(value)) {
    return R"("NaN")";
  }
  if (std::isinf(value)) {
    return value > 0 ? R"("Infinity")" : R"("-Infinity")";
  }
  std::array<char, 64> buffer; // NOLINT: to_chars writes it
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  std::string digits{buffer.data(), end};
  if (digits.find_first_of(".e") == std::string::npos) {
    digits += ".0";
  }
  return digits;
}

class object_writer {
public:
  /// `json` is the member's value, ready.
  void add(std::string_view key, std::string_view json)
  {
    text_.append(text_.size() > 1 ? ", " : "").append(quoted(key)).append(": ").append(json);
  }
  void add_text(std::string_view key, const std::optional<std::string>& value)
  {
    if (value) {
      add(key, quoted(*value));
    }
  }
  [[nodiscard]] std::string finish() && { return std::move(text_) + "}"; }

private:
  std::string text_ = "{";
};

std::string to_json(const tag_list& tags)
{
  std::string text = "[";
  for (const std::string& tag : tags) {
    text.append(text.size() > 1 ? ", " : "").append(quoted(tag));
  }
  return text + "]";
}

std::string to_json(const attribute_list& attributes)
{
  std::map<std::string, std::optional<std::string>> last_of_each;
  for (const attribute& a : attributes) {
    last_of_each[a.key] = a.value;
  }
  object_writer writer;
  for (const auto& [key, value] : last_of_each) {
    writer.add(key, value ? quoted(*value) : "null");
  }
  return std::move(writer).finish();
}

} // namespace

std::string to_json(const event& e)
{
  object_writer writer;
  writer.add_text("host", e.host);
  writer.add_text("service", e.service);
  writer.add_text("state", e.state);
  writer.add_text("description", e.description);
  if (e.metric) {
    writer.add("metric", e.metric->visit([](auto value) { return number(value); }));
  }
  if (!e.tags.empty()) {
    writer.add("tags", to_json(e.tags));
  }
  if (e.ttl) {
    writer.add("ttl", number(e.ttl->count()));
  }
  if (e.time) {
    writer.add("time", number(e.time->seconds()));
    if (e.time->has_micros()) {
      writer.add("time_micros", number(e.time->micros()));
    }
  }
  if (!e.attributes.empty()) {
    writer.add("attributes", to_json(e.attributes));
  }
  return std::move(writer).finish();
}

std::string to_json(std::vector<event> events)
{
  std::ranges::stable_sort(events, {}, [](const event& e) { return std::tie(e.host, e.service); });
  if (events.empty()) {
    return "[]";
  }
  std::string text = "[";
  for (const event& e : events) {
    text.append(text.size() > 1 ? ",\n  " : "\n  ").append(to_json(e));
  }
  return text + "\n]";
}

} // namespace riemann::cli

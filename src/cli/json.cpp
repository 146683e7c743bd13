#include "cli/json.hpp"

#include "cli/number_text.hpp"
#include "cli/text.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string_view>
#include <tuple>

namespace riemann::cli {

namespace {

/// As JSON writes a character of at most three bytes of UTF-8.
std::string escape(std::string_view character)
{
  constexpr std::string_view digits = "0123456789abcdef";
  constexpr std::array<unsigned, 3> of_lead{0x7F, 0x1F, 0x0F};
  auto code = static_cast<unsigned char>(character.front()) & of_lead.at(character.size() - 1);
  for (const char c : character.substr(1)) {
    code = code << 6U | (static_cast<unsigned char>(c) & 0x3FU);
  }
  std::string text = "\\u";
  for (const unsigned shift : {12U, 8U, 4U, 0U}) {
    text += digits[code >> shift & 0xFU];
  }
  return text;
}

/// With those escaped, too, that JSON lets through and a terminal may obey.
std::string quoted(std::string_view text)
{
  const std::string json = boost::json::serialize(boost::json::string_view{valid_utf8(text)});
  std::string safe;
  std::size_t begin = 0;
  constexpr std::string_view leads = "\x7F\xC2\xE2";
  for (auto at = json.find_first_of(leads); at != std::string::npos;
       at = json.find_first_of(leads, at + 1)) {
    const std::size_t size = json[at] == '\x7F' ? 1 : json[at] == '\xC2' ? 2 : 3;
    if (const auto character = std::string_view{json}.substr(at, size); is_command(character)) {
      safe.append(json, begin, at - begin).append(escape(character));
      begin = at + size;
    }
  }
  return safe.append(json, begin);
}

/// JSON has no number that is none, or infinite.
std::string number(auto value)
{
  std::string text = to_text(value);
  const char last = text.back();
  return last >= '0' && last <= '9' ? text : '"' + text + '"';
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
  // Without a word of it, `send --stdin` would take this machine for it.
  writer.add("host", e.host ? quoted(*e.host) : "null");
  writer.add_text("service", e.service);
  writer.add_text("state", e.state);
  writer.add_text("description", e.description);
  if (e.metric) {
    writer.add("metric", number(*e.metric));
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

void sort_for_output(std::vector<event>& events)
{
  std::ranges::stable_sort(events, {}, [](const event& e) { return std::tie(e.host, e.service); });
}

std::string to_json(std::vector<event> events)
{
  sort_for_output(events);
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

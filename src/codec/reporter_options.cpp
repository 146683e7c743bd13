#include "codec/option_checks.hpp"

#include <riemann/reporter_options.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace riemann::inline v0 {

namespace {

using namespace std::chrono_literals;

void check_first_delay(std::chrono::milliseconds delay)
{
  if (delay < 0ms || delay > session_options::max_duration) {
    codec::refuse_option("first_delay", std::to_string(delay.count()) + " ms",
                         "0 ms to " + std::to_string(session_options::max_duration.count()) +
                             " ms");
  }
}

void check_tags(const tag_list& tags)
{
  for (std::size_t i = 0; i != tags.size(); ++i) {
    if (tags[i].empty()) {
      codec::refuse_option("tags[" + std::to_string(i) + "]", "empty", "text");
    }
  }
}

void check_attributes(const attribute_list& attributes)
{
  constexpr std::array<std::string_view, 4> dropped{"time", "ttl", "tags", "metric"};
  for (std::size_t i = 0; i != attributes.size(); ++i) {
    const std::string& key = attributes[i].key;
    const std::string name = "attributes[" + std::to_string(i) + "].key";
    if (key.empty()) {
      codec::refuse_option(name, "empty", "text");
    }
    if (std::ranges::find(dropped, key) != dropped.end()) {
      codec::refuse_option(name, '"' + key + '"',
                           "another: Riemann drops time, ttl, tags and metric");
    }
  }
}

} // namespace

void reporter_options::validate() const
{
  codec::check_duration("interval", interval);
  if (first_delay) {
    check_first_delay(*first_delay);
  }
  if (deadline) {
    codec::check_duration("deadline", *deadline);
  }
  if (host && host->empty()) {
    codec::refuse_option("host", "empty", "a name, or not set");
  }
  check_tags(tags);
  check_attributes(attributes);
}

} // namespace riemann::inline v0

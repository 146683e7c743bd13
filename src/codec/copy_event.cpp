#include "codec/copy_event.hpp"

#include <cstddef>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>

namespace riemann::inline v0::codec {

namespace {

void set_text(std::optional<std::string_view> from, std::optional<std::string>& to)
{
  if (from) {
    to.emplace(*from);
  }
}

template <class Range>
std::size_t count(const Range& range)
{
  return static_cast<std::size_t>(std::ranges::distance(range));
}

} // namespace

void copy_event(const event_view& from, event& to)
{
  set_text(from.host(), to.host);
  set_text(from.service(), to.service);
  set_text(from.state(), to.state);
  set_text(from.description(), to.description);
  to.metric = from.metric();
  to.ttl = from.ttl();
  to.time = from.time();
  to.tags.reserve(count(from.tags()));
  for (const std::string_view tag : from.tags()) {
    to.tags.emplace_back(tag);
  }
  to.attributes.reserve(count(from.attributes()));
  for (const attribute_view& a : from.attributes()) {
    attribute& copy = to.attributes.emplace_back();
    copy.key = a.key;
    set_text(a.value, copy.value);
  }
}

} // namespace riemann::inline v0::codec

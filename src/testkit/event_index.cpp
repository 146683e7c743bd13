#include "testkit/event_index.hpp"

#include "testkit/utf8.hpp"

namespace riemann::inline v0::testkit::detail {

namespace {

double in_seconds(const timestamp& t) noexcept
{
  return t.has_micros() ? static_cast<double>(t.micros()) / 1e6 : static_cast<double>(t.seconds());
}

bool is_clean(const event_identity& id) noexcept
{
  return is_valid_utf8(id.host.value_or("")) && is_valid_utf8(id.service.value_or(""));
}

event_key make_key(const event_identity& id)
{
  event_key key;
  if (id.host) {
    key.host = to_valid_utf8(*id.host);
  }
  if (id.service) {
    key.service = to_valid_utf8(*id.service);
  }
  return key;
}

} // namespace

void event_index::apply(const event_view& received, timestamp now)
{
  const event_identity id{received};
  const bool removes = id.state == "expired";
  if (is_clean(id)) {
    removes ? erase(id) : put(id, received, now);
  } else {
    const auto key = make_key(id);
    removes ? erase(event_identity{key}) : put(event_identity{key}, received, now);
  }
}

void event_index::put(const event_identity& id, const event_view& received, timestamp now)
{
  auto place = entries_.find(id);
  if (place == entries_.end()) {
    place = entries_.emplace(make_key(id), entry{.arrival = now}).first;
  }
  entry& kept = place->second;
  kept.bytes.assign(received.bytes().begin(), received.bytes().end());
  kept.arrival = now;
  kept.deadline = in_seconds(received.time().value_or(now)) +
                  static_cast<double>(received.ttl().value_or(default_ttl_).count());
}

void event_index::erase(const event_identity& id)
{
  const auto place = entries_.find(id);
  if (place != entries_.end()) {
    entries_.erase(place);
    ++expired_;
  }
}

void event_index::reap(timestamp now)
{
  const double seconds = in_seconds(now);
  expired_ +=
      std::erase_if(entries_, [seconds](const auto& e) { return seconds > e.second.deadline; });
}

} // namespace riemann::inline v0::testkit::detail

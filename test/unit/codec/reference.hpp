#ifndef RIEMANN_TEST_CODEC_REFERENCE_HPP
#define RIEMANN_TEST_CODEC_REFERENCE_HPP

#include <riemann/proto.hpp>
#include <riemann/response.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

/// What protobuf itself makes of events and answers, written without the
/// library's own conversions: the measure the codec is held to.
namespace riemann::test {

inline std::vector<std::byte> to_bytes(std::string_view text)
{
  const auto* const data = reinterpret_cast<const std::byte*>(text.data());
  return {data, data + text.size()};
}

inline std::string to_text(std::span<const std::byte> bytes)
{
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline std::string to_hex(std::string_view text)
{
  constexpr char digits[] = "0123456789abcdef";
  std::string hex;
  for (const char c : text) {
    hex += digits[static_cast<unsigned char>(c) >> 4];
    hex += digits[static_cast<unsigned char>(c) & 15];
  }
  return hex;
}

/// The bits of a number: what `==` cannot tell, since NaN equals nothing and -0.0
/// equals 0.0.
inline std::uint64_t bits_of(const metric& m)
{
  return m.visit([](auto v) -> std::uint64_t {
    if constexpr (sizeof(v) == 4) {
      return std::bit_cast<std::uint32_t>(v);
    } else {
      return std::bit_cast<std::uint64_t>(v);
    }
  });
}

inline bool same(const std::optional<metric>& a, const std::optional<metric>& b)
{
  if (!a || !b) {
    return a.has_value() == b.has_value();
  }
  return a->is_integer() == b->is_integer() && a->is_double() == b->is_double() &&
         bits_of(*a) == bits_of(*b);
}

inline bool same(const std::optional<ttl_duration>& a, const std::optional<ttl_duration>& b)
{
  if (!a || !b) {
    return a.has_value() == b.has_value();
  }
  return std::bit_cast<std::uint32_t>(a->count()) == std::bit_cast<std::uint32_t>(b->count());
}

inline bool same(const event& a, const event& b)
{
  return a.host == b.host && a.service == b.service && a.state == b.state &&
         same(a.metric, b.metric) && a.tags == b.tags && same(a.ttl, b.ttl) && a.time == b.time &&
         a.description == b.description && a.attributes == b.attributes;
}

/// The protobuf object that says what `e` says, field by field.
inline proto::Event reference_event(const event& e)
{
  proto::Event p;
  if (e.host) {
    p.set_host(*e.host);
  }
  if (e.service) {
    p.set_service(*e.service);
  }
  if (e.state) {
    p.set_state(*e.state);
  }
  if (e.description) {
    p.set_description(*e.description);
  }
  for (const auto& tag : e.tags) {
    *p.add_tags() = tag;
  }
  for (const auto& a : e.attributes) {
    auto* const to = p.add_attributes();
    to->set_key(a.key);
    if (a.value) {
      to->set_value(*a.value);
    }
  }
  if (e.ttl) {
    p.set_ttl(e.ttl->count());
  }
  if (e.time) {
    p.set_time(e.time->seconds());
    if (e.time->has_micros()) {
      p.set_time_micros(e.time->micros());
    }
  }
  if (e.metric) {
    e.metric->visit([&p](auto v) {
      if constexpr (std::is_same_v<decltype(v), std::int64_t>) {
        p.set_metric_sint64(v);
      } else if constexpr (std::is_same_v<decltype(v), double>) {
        p.set_metric_d(v);
      } else {
        p.set_metric_f(v);
      }
    });
  }
  return p;
}

/// How the library reads an event that protobuf has parsed: sint64 before double
/// before float, microseconds before seconds.
inline event reading_of(const proto::Event& p)
{
  event e;
  if (p.has_host()) {
    e.host = p.host();
  }
  if (p.has_service()) {
    e.service = p.service();
  }
  if (p.has_state()) {
    e.state = p.state();
  }
  if (p.has_description()) {
    e.description = p.description();
  }
  for (int i = 0; i < p.tags_size(); ++i) {
    e.tags.push_back(p.tags(i));
  }
  for (int i = 0; i < p.attributes_size(); ++i) {
    attribute a{.key = p.attributes(i).key()};
    if (p.attributes(i).has_value()) {
      a.value = p.attributes(i).value();
    }
    e.attributes.push_back(a);
  }
  if (p.has_ttl()) {
    e.ttl = ttl_duration{p.ttl()};
  }
  if (p.has_time()) {
    e.time = timestamp::from_seconds(p.time());
  }
  if (p.has_time_micros()) {
    e.time = timestamp::from_micros(p.time_micros());
  }
  if (p.has_metric_f()) {
    e.metric = p.metric_f();
  }
  if (p.has_metric_d()) {
    e.metric = p.metric_d();
  }
  if (p.has_metric_sint64()) {
    e.metric = p.metric_sint64();
  }
  return e;
}

/// What `response` and protobuf make of one body.
struct verdict {
  bool accepted = false;
  /// In words, and empty where the two agree.
  std::string disagreement{};
};

inline std::string compare(const response& ours, const proto::Msg& theirs)
{
  if (ours.ok() != theirs.ok() || ours.text() != theirs.error()) {
    return "another ok or error text";
  }
  const auto events = ours.to_events();
  const auto count = static_cast<std::size_t>(theirs.events_size());
  if (ours.event_count() != count || events.size() != count) {
    return "another number of events";
  }
  for (std::size_t i = 0; i < count; ++i) {
    const proto::Event& p = theirs.events(static_cast<int>(i));
    if (!same(events[i], reading_of(p)) || !same(events[i], from_proto(p))) {
      return "another event at " + std::to_string(i);
    }
  }
  if (ours.to_proto().SerializeAsString() != theirs.SerializeAsString()) {
    return "another protobuf object";
  }
  return {};
}

inline verdict judge(const std::string& body)
{
  proto::Msg theirs;
  // What `ParseFromString` does, but for the line it logs of a missing key.
  const bool accepted = theirs.ParsePartialFromString(body) && theirs.IsInitialized();
  const auto ours = response::parse(to_bytes(body));
  if (accepted != ours.has_value()) {
    return {accepted, accepted ? "only protobuf accepts it" : "only the library accepts it"};
  }
  return {accepted, accepted ? compare(*ours, theirs) : std::string{}};
}

} // namespace riemann::test

#endif

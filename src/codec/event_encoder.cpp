#include "codec/event_encoder.hpp"

#include "codec/wire.hpp"

#include <bit>
#include <concepts>
#include <optional>
#include <string>

namespace riemann::inline v0::codec {

namespace {

template <class String>
std::size_t string_size(const std::optional<String>& text) noexcept
{
  return text ? length_delimited_size(text->size()) : 0;
}

/// Of a field of `length` bytes.
constexpr std::size_t field_bound(std::size_t length) noexcept
{
  return tag_size + (length < 0x80 ? 1 : max_varint_size) + length;
}

template <class String>
std::size_t string_bound(const std::optional<String>& text) noexcept
{
  return text ? field_bound(text->size()) : 0;
}

template <class Attribute>
std::size_t attribute_bound(const Attribute& a) noexcept
{
  return field_bound(field_bound(a.key.size()) + string_bound(a.value));
}

std::size_t int64_size(std::int64_t v) noexcept
{
  return tag_size + varint_size(static_cast<std::uint64_t>(v));
}

template <class Attribute>
std::size_t attribute_size(const Attribute& a) noexcept
{
  return length_delimited_size(a.key.size()) + string_size(a.value);
}

std::size_t time_size(const timestamp& t) noexcept
{
  return int64_size(t.seconds()) + (t.has_micros() ? int64_size(t.micros()) : 0);
}

std::size_t metric_size(const metric& m) noexcept
{
  return m.visit([](auto v) -> std::size_t {
    if constexpr (std::same_as<decltype(v), std::int64_t>) {
      return tag_size + varint_size(zigzag(v));
    } else {
      return tag_size + sizeof(v);
    }
  });
}

template <class String>
std::byte* write_optional(std::uint32_t field, const std::optional<String>& text,
                          std::byte* out) noexcept
{
  return text ? write_string(field, *text, out) : out;
}

std::byte* write_int64(std::uint32_t field, std::int64_t v, std::byte* out) noexcept
{
  return write_varint(static_cast<std::uint64_t>(v), write_tag(field, wire_type::varint, out));
}

std::byte* write_float(std::uint32_t field, float v, std::byte* out) noexcept
{
  return write_fixed32(std::bit_cast<std::uint32_t>(v), write_tag(field, wire_type::fixed32, out));
}

template <class Attribute>
std::byte* write_attribute(const Attribute& a, std::byte* out) noexcept
{
  out = write_length(event_field::attributes, attribute_size(a), out);
  out = write_string(attribute_field::key, a.key, out);
  return write_optional(attribute_field::value, a.value, out);
}

std::byte* write_metric(const metric& m, std::byte* out) noexcept
{
  return m.visit([out](auto v) {
    if constexpr (std::same_as<decltype(v), std::int64_t>) {
      return write_varint(zigzag(v), write_tag(event_field::metric_sint64, wire_type::varint, out));
    } else if constexpr (std::same_as<decltype(v), double>) {
      return write_fixed64(std::bit_cast<std::uint64_t>(v),
                           write_tag(event_field::metric_d, wire_type::fixed64, out));
    } else {
      return write_float(event_field::metric_f, v, out);
    }
  });
}

} // namespace

template <class Event>
std::size_t encoded_size(const Event& e) noexcept
{
  std::size_t size = string_size(e.state) + string_size(e.service) + string_size(e.host) +
                     string_size(e.description);
  for (std::size_t i = 0; i != e.tags.size(); ++i) {
    size += length_delimited_size(e.tags[i].size());
  }
  for (std::size_t i = 0; i != e.attributes.size(); ++i) {
    size += length_delimited_size(attribute_size(e.attributes[i]));
  }
  if (e.time) {
    size += time_size(*e.time);
  }
  if (e.ttl) {
    size += tag_size + sizeof(float);
  }
  if (e.metric) {
    size += metric_size(*e.metric);
  }
  return size;
}

template <class Event>
std::size_t encoded_bound(const Event& e) noexcept
{
  constexpr std::size_t number = tag_size + max_varint_size; // or less, a float or a double
  constexpr std::size_t numbers = 4 * number;                // time, microseconds, ttl, metric
  std::size_t bound = numbers + string_bound(e.state) + string_bound(e.service) +
                      string_bound(e.host) + string_bound(e.description);
  for (std::size_t i = 0; i != e.tags.size(); ++i) {
    bound += field_bound(e.tags[i].size());
  }
  for (std::size_t i = 0; i != e.attributes.size(); ++i) {
    bound += attribute_bound(e.attributes[i]);
  }
  return bound;
}

// The order of the fields is that of their numbers, as protobuf's serializer has
// it: the bytes are compared with its own by the tests.
template <class Event>
std::byte* encode(const Event& e, std::byte* out) noexcept
{
  if (e.time) {
    out = write_int64(event_field::time, e.time->seconds(), out);
  }
  out = write_optional(event_field::state, e.state, out);
  out = write_optional(event_field::service, e.service, out);
  out = write_optional(event_field::host, e.host, out);
  out = write_optional(event_field::description, e.description, out);
  for (std::size_t i = 0; i != e.tags.size(); ++i) {
    out = write_string(event_field::tags, e.tags[i], out);
  }
  if (e.ttl) {
    out = write_float(event_field::ttl, e.ttl->count(), out);
  }
  for (std::size_t i = 0; i != e.attributes.size(); ++i) {
    out = write_attribute(e.attributes[i], out);
  }
  if (e.time && e.time->has_micros()) {
    out = write_int64(event_field::time_micros, e.time->micros(), out);
  }
  return e.metric ? write_metric(*e.metric, out) : out;
}

template std::size_t encoded_size(const event& e) noexcept;
template std::size_t encoded_size(const event_literal& e) noexcept;
template std::size_t encoded_bound(const event& e) noexcept;
template std::size_t encoded_bound(const event_literal& e) noexcept;
template std::byte* encode(const event& e, std::byte* out) noexcept;
template std::byte* encode(const event_literal& e, std::byte* out) noexcept;

} // namespace riemann::inline v0::codec

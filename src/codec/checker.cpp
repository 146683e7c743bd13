#include "codec/checker.hpp"

#include "codec/wire_reader.hpp"

namespace riemann::inline v0::codec {

namespace {

// A field of a known number and another wire type is an unknown field to
// protobuf: skipped, and no error. So the reader's own checks are all that most
// fields need, and only messages inside messages are looked into.

bool check_fields(std::span<const std::byte> bytes, int depth) noexcept
{
  wire_reader reader{bytes, depth};
  field f;
  step s{};
  while ((s = reader.next(f)) == step::field) {
  }
  return s == step::end;
}

bool check_attribute(std::span<const std::byte> bytes, int depth) noexcept
{
  wire_reader reader{bytes, depth};
  field f;
  step s{};
  bool has_key = false;
  while ((s = reader.next(f)) == step::field) {
    has_key = has_key || f.is(attribute_field::key, wire_type::length_delimited);
  }
  return s == step::end && has_key;
}

/// Flat, as is the reading of an event's fields: gcc's -O2, left alone, calls the
/// reader for every step of every field, and takes half as long again.
[[gnu::flatten]] bool check_event(std::span<const std::byte> bytes, int depth) noexcept
{
  wire_reader reader{bytes, depth};
  field f;
  step s{};
  while ((s = reader.next(f)) == step::field) {
    if (f.is(event_field::attributes, wire_type::length_delimited) &&
        !check_attribute(f.bytes, depth - 1)) {
      return false;
    }
  }
  return s == step::end;
}

/// Takes a field of `Msg` into account; false if it is malformed inside.
bool check_msg_field(const field& f, answer_summary& summary) noexcept
{
  switch (f.tag) {
  case tag_of(msg_field::ok, wire_type::varint):
    summary.ok = f.value != 0;
    return true;
  case tag_of(msg_field::error, wire_type::length_delimited):
    summary.error = f.text();
    return true;
  case tag_of(msg_field::states, wire_type::length_delimited):
  case tag_of(msg_field::query, wire_type::length_delimited):
    return check_fields(f.bytes, max_depth - 1);
  case tag_of(msg_field::events, wire_type::length_delimited):
    ++summary.event_count;
    return check_event(f.bytes, max_depth - 1);
  default:
    return true;
  }
}

} // namespace

std::optional<answer_summary> check_msg(std::span<const std::byte> body) noexcept
{
  answer_summary summary;
  wire_reader reader{body};
  field f;
  step s{};
  while ((s = reader.next(f)) == step::field) {
    if (!check_msg_field(f, summary)) {
      return std::nullopt;
    }
  }
  if (s != step::end) {
    return std::nullopt;
  }
  return summary;
}

} // namespace riemann::inline v0::codec

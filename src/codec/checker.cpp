#include "codec/checker.hpp"

#include "codec/wire_reader.hpp"

namespace riemann::codec {

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

bool check_event(std::span<const std::byte> bytes, int depth) noexcept
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

/// Reads a length-delimited field of `Msg`; false if it is malformed inside.
bool check_inside(const field& f, answer_summary& summary) noexcept
{
  switch (f.number) {
  case msg_field::error:
    summary.error = f.text();
    return true;
  case msg_field::states:
  case msg_field::query:
    return check_fields(f.bytes, max_depth - 1);
  case msg_field::events:
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
    if (f.is(msg_field::ok, wire_type::varint)) {
      summary.ok = f.value != 0;
    } else if (f.type == wire_type::length_delimited && !check_inside(f, summary)) {
      return std::nullopt;
    }
  }
  if (s != step::end) {
    return std::nullopt;
  }
  return summary;
}

} // namespace riemann::codec

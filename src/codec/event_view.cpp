#include "codec/copy_event.hpp"
#include "codec/wire_reader.hpp"

#include <riemann/event_view.hpp>

#include <bit>

namespace riemann::inline v0 {

namespace {

float read_float(const codec::field& f) noexcept
{
  return std::bit_cast<float>(static_cast<std::uint32_t>(f.value));
}

/// The bytes from the first of a repeated field's occurrences to the last, made
/// to include one more.
std::span<const std::byte> extended(std::span<const std::byte> so_far, const std::byte* begin,
                                    const std::byte* end) noexcept
{
  return {so_far.empty() ? begin : so_far.data(), end};
}

} // namespace

namespace detail {

std::span<const std::byte> next_field(std::span<const std::byte> rest, std::uint32_t field) noexcept
{
  codec::wire_reader reader{rest};
  codec::field f;
  while (reader.next(f) == codec::step::field) {
    if (f.is(field, codec::wire_type::length_delimited)) {
      return f.bytes;
    }
  }
  return {};
}

std::string_view decode_element(std::span<const std::byte> bytes, std::string_view*) noexcept
{
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

attribute_view decode_element(std::span<const std::byte> bytes, attribute_view*) noexcept
{
  using enum codec::wire_type;
  attribute_view result;
  codec::wire_reader reader{bytes};
  codec::field f;
  while (reader.next(f) == codec::step::field) {
    if (f.is(codec::attribute_field::key, length_delimited)) {
      result.key = f.text();
    } else if (f.is(codec::attribute_field::value, length_delimited)) {
      result.value = f.text();
    }
  }
  return result;
}

} // namespace detail

/// Flat for speed: see `check_event`.
[[gnu::flatten]] event_view::event_view(std::span<const std::byte> checked_bytes) noexcept
    : bytes_{checked_bytes}
{
  using namespace codec;
  using enum wire_type;
  wire_reader reader{bytes_};
  field f;
  const std::byte* begin = reader.at();
  for (; reader.next(f) == step::field; begin = reader.at()) {
    switch (f.tag) {
    case tag_of(event_field::time, varint):
      if (!time_ || !time_->has_micros()) {
        time_ = timestamp::from_seconds(static_cast<std::int64_t>(f.value));
      }
      break;
    case tag_of(event_field::state, length_delimited):
      state_ = f.text();
      break;
    case tag_of(event_field::service, length_delimited):
      service_ = f.text();
      break;
    case tag_of(event_field::host, length_delimited):
      host_ = f.text();
      break;
    case tag_of(event_field::description, length_delimited):
      description_ = f.text();
      break;
    case tag_of(event_field::tags, length_delimited):
      tags_ = extended(tags_, begin, reader.at());
      break;
    case tag_of(event_field::ttl, fixed32):
      ttl_ = ttl_duration{read_float(f)};
      break;
    case tag_of(event_field::attributes, length_delimited):
      attributes_ = extended(attributes_, begin, reader.at());
      break;
    case tag_of(event_field::time_micros, varint):
      time_ = timestamp::from_micros(static_cast<std::int64_t>(f.value));
      break;
    case tag_of(event_field::metric_sint64, varint):
      metric_ = unzigzag(f.value);
      break;
    case tag_of(event_field::metric_d, fixed64):
      if (!metric_ || !metric_->is_integer()) {
        metric_ = std::bit_cast<double>(f.value);
      }
      break;
    case tag_of(event_field::metric_f, fixed32):
      if (!metric_ || metric_->is_float()) {
        metric_ = read_float(f);
      }
      break;
    default:
      break;
    }
  }
}

event event_view::to_event() const
{
  event result;
  codec::copy_event(*this, result);
  return result;
}

} // namespace riemann::inline v0

#include "codec/wire_reader.hpp"

#include <riemann/event_view.hpp>

#include <bit>
#include <string>

namespace riemann {

namespace {

std::optional<std::string> own(std::optional<std::string_view> text)
{
  return text ? std::optional<std::string>{*text} : std::nullopt;
}

float read_float(const codec::field& f) noexcept
{
  return std::bit_cast<float>(static_cast<std::uint32_t>(f.value));
}

} // namespace

namespace detail {

std::optional<std::span<const std::byte>> next_field(std::span<const std::byte>& rest,
                                                     std::uint32_t field) noexcept
{
  codec::wire_reader reader{rest};
  codec::field f;
  while (reader.next(f) == codec::step::field) {
    if (f.is(field, codec::wire_type::length_delimited)) {
      rest = reader.rest();
      return f.bytes;
    }
  }
  rest = {};
  return std::nullopt;
}

std::string_view decode_element(std::span<const std::byte> bytes, std::string_view*) noexcept
{
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

attribute_view decode_element(std::span<const std::byte> bytes, attribute_view*) noexcept
{
  attribute_view result;
  codec::wire_reader reader{bytes};
  codec::field f;
  while (reader.next(f) == codec::step::field) {
    if (f.is(codec::attribute_field::key, codec::wire_type::length_delimited)) {
      result.key = f.text();
    } else if (f.is(codec::attribute_field::value, codec::wire_type::length_delimited)) {
      result.value = f.text();
    }
  }
  return result;
}

} // namespace detail

namespace {

/// The kinds of metric and time an event may hold side by side, before the one
/// that counts is chosen.
struct numbers {
  std::optional<std::int64_t> sint64{};
  std::optional<double> d{};
  std::optional<float> f{};
  std::optional<std::int64_t> seconds{};
  std::optional<std::int64_t> micros{};

  [[nodiscard]] std::optional<metric> chosen_metric() const noexcept
  {
    if (sint64) {
      return metric{*sint64};
    }
    if (d) {
      return metric{*d};
    }
    return f ? std::optional{metric{*f}} : std::nullopt;
  }

  [[nodiscard]] std::optional<timestamp> chosen_time() const noexcept
  {
    if (micros) {
      return timestamp::from_micros(*micros);
    }
    return seconds ? std::optional{timestamp::from_seconds(*seconds)} : std::nullopt;
  }

  void read_varint(const codec::field& field) noexcept
  {
    if (field.number == codec::event_field::time) {
      seconds = static_cast<std::int64_t>(field.value);
    } else if (field.number == codec::event_field::time_micros) {
      micros = static_cast<std::int64_t>(field.value);
    } else if (field.number == codec::event_field::metric_sint64) {
      sint64 = codec::unzigzag(field.value);
    }
  }
};

} // namespace

event_view::event_view(std::span<const std::byte> checked_bytes) noexcept : bytes_{checked_bytes}
{
  numbers n;
  codec::wire_reader reader{bytes_};
  codec::field f;
  while (reader.next(f) == codec::step::field) {
    if (f.type == codec::wire_type::length_delimited) {
      switch (f.number) {
      case codec::event_field::state:
        state_ = f.text();
        break;
      case codec::event_field::service:
        service_ = f.text();
        break;
      case codec::event_field::host:
        host_ = f.text();
        break;
      case codec::event_field::description:
        description_ = f.text();
        break;
      default:
        break;
      }
    } else if (f.type == codec::wire_type::varint) {
      n.read_varint(f);
    } else if (f.is(codec::event_field::metric_d, codec::wire_type::fixed64)) {
      n.d = std::bit_cast<double>(f.value);
    } else if (f.is(codec::event_field::metric_f, codec::wire_type::fixed32)) {
      n.f = read_float(f);
    } else if (f.is(codec::event_field::ttl, codec::wire_type::fixed32)) {
      ttl_ = ttl_duration{read_float(f)};
    }
  }
  metric_ = n.chosen_metric();
  time_ = n.chosen_time();
}

event event_view::to_event() const
{
  event e{
      .host = own(host_),
      .service = own(service_),
      .state = own(state_),
      .metric = metric_,
      .ttl = ttl_,
      .time = time_,
      .description = own(description_),
  };
  for (std::string_view tag : tags()) {
    e.tags.emplace_back(tag);
  }
  for (attribute_view a : attributes()) {
    e.attributes.push_back({.key = std::string{a.key}, .value = own(a.value)});
  }
  return e;
}

} // namespace riemann

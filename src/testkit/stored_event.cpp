#include "testkit/stored_event.hpp"

#include "codec/event_encoder.hpp"
#include "codec/wire.hpp"
#include "testkit/event_identity.hpp"
#include "testkit/utf8.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <limits>
#include <unordered_map>

namespace riemann::inline v0::testkit::detail {

namespace {

std::optional<std::string> own(std::optional<std::string_view> text)
{
  return text ? std::optional{to_valid_utf8(*text)} : std::nullopt;
}

/// The single-precision metric a server gives beside the others; none for a
/// double beyond its range.
std::optional<float> single_precision(const metric& m) noexcept
{
  const double wide = m.as_double();
  if (m.is_double() && std::abs(wide) > std::numeric_limits<float>::max()) {
    return std::nullopt;
  }
  return m.visit([](auto v) { return static_cast<float>(v); });
}

std::size_t int64_size(std::int64_t v) noexcept
{
  return codec::tag_size + codec::varint_size(static_cast<std::uint64_t>(v));
}

std::byte* write_int64(std::uint32_t field, std::int64_t v, std::byte* out) noexcept
{
  return codec::write_varint(static_cast<std::uint64_t>(v),
                             codec::write_tag(field, codec::wire_type::varint, out));
}

/// Both times that an answer carries.
struct answered_time {
  /// A real server casts a floating number, which cuts towards zero: of the microsecond
  /// before 1970 it says the second 0.
  [[nodiscard]] std::int64_t seconds() const noexcept { return micros / 1'000'000; }

  std::int64_t micros;
};

/// Nothing where the time has no room in microseconds.
std::optional<answered_time> time_in_answer(const timestamp& t) noexcept
{
  const auto micros = t.micros();
  if (!t.has_micros() && (micros == INT64_MAX || micros == INT64_MIN)) {
    return std::nullopt;
  }
  return answered_time{micros};
}

/// An event in the order of its fields' numbers, but for the times.
struct event_parts {
  explicit event_parts(const event& e) : texts{e}
  {
    texts.time.reset();
    number.metric = texts.metric;
    texts.metric.reset();
    if (number.metric) {
      single = single_precision(*number.metric);
      if (number.metric->is_float()) {
        number.metric = number.metric->as_double();
      }
    }
  }

  event texts;                   ///< between time and microseconds
  event number{};                ///< behind them: the metric
  std::optional<float> single{}; ///< ...and the metric again
};

/// So many attributes are looked through; of more, a table is made.
constexpr std::size_t few_attributes = 16;

} // namespace

/// Finds attributes of a growing list by their keys, in a time that does not depend on
/// how many there are: they come from the network.
class stored_event::attribute_finder {
public:
  explicit attribute_finder(attribute_list& all) noexcept : all_{all} {}

  [[nodiscard]] attribute* find(const std::string& key)
  {
    if (all_.size() <= few_attributes) {
      const auto found = std::ranges::find(all_, key, &attribute::key);
      return found == all_.end() ? nullptr : &*found;
    }
    while (places_.size() != all_.size()) {
      places_.emplace(all_[places_.size()].key, places_.size());
    }
    const auto found = places_.find(key);
    return found == places_.end() ? nullptr : &all_[found->second];
  }

private:
  attribute_list& all_;
  std::unordered_map<std::string, std::size_t> places_{};
};

stored_event::stored_event(const event_view& received, timestamp arrival)
    : value_{
          .host = own(received.host()),
          .service = own(received.service()),
          .state = own(received.state()),
          .metric = received.metric(),
          .ttl = received.ttl(),
          .time = received.time().value_or(arrival),
          .description = own(received.description()),
      }
{
  for (const auto tag : received.tags()) {
    value_.tags.push_back(to_valid_utf8(tag));
  }
  attribute_finder known{value_.attributes};
  for (const auto& a : received.attributes()) {
    set_attribute(a, known);
  }
}

void stored_event::set_attribute(const attribute_view& a, attribute_finder& known)
{
  auto text = to_valid_utf8(a.value.value_or(std::string_view{}));
  switch (role_of(a.key)) {
  case attribute_role::ignored:
    return;
  case attribute_role::host:
    value_.host = std::move(text);
    return;
  case attribute_role::service:
    value_.service = std::move(text);
    return;
  case attribute_role::state:
    value_.state = std::move(text);
    return;
  case attribute_role::description:
    value_.description = std::move(text);
    return;
  case attribute_role::own:
    break;
  }
  auto key = to_valid_utf8(a.key);
  if (auto* const earlier = known.find(key)) {
    earlier->value = std::move(text);
  } else {
    value_.attributes.push_back({std::move(key), std::move(text)});
  }
}

const std::string* stored_event::attribute_value(std::string_view key) const noexcept
{
  const auto found = std::ranges::find(value_.attributes, key, &attribute::key);
  return found == value_.attributes.end() ? nullptr : &*found->value;
}

bool stored_event::encode(std::vector<std::byte>& out) const
{
  const auto time = time_in_answer(*value_.time);
  if (!time) {
    return false;
  }
  const event_parts parts{value_};
  const auto size = int64_size(time->seconds()) + codec::encoded_size(parts.texts) +
                    int64_size(time->micros) + codec::encoded_size(parts.number) +
                    (parts.single ? codec::tag_size + sizeof(float) : 0);
  const auto before = out.size();
  out.resize(before + codec::length_delimited_size(size));
  auto* at = codec::write_length(codec::msg_field::events, size, out.data() + before);
  at = write_int64(codec::event_field::time, time->seconds(), at);
  at = codec::encode(parts.texts, at);
  at = write_int64(codec::event_field::time_micros, time->micros, at);
  at = codec::encode(parts.number, at);
  if (parts.single) {
    at = codec::write_tag(codec::event_field::metric_f, codec::wire_type::fixed32, at);
    static_cast<void>(codec::write_fixed32(std::bit_cast<std::uint32_t>(*parts.single), at));
  }
  return true;
}

} // namespace riemann::inline v0::testkit::detail

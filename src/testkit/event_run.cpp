#include "testkit/event_run.hpp"

#include "codec/wire.hpp"
#include "testkit/frame_prefix.hpp"

namespace riemann::inline v0::testkit::detail {

namespace {

constexpr std::byte event_tag{codec::msg_field::events << 3 |
                              static_cast<std::uint32_t>(codec::wire_type::length_delimited)};
/// Longer lengths are left to who reads everything: 28 bits.
constexpr int max_shift = 21;

/// Behind the event that begins at `at`; nullptr where none does, or it does not
/// end before `end`.
const std::byte* skip_event(const std::byte* at, const std::byte* end) noexcept
{
  if (*at++ != event_tag) {
    return nullptr;
  }
  std::size_t length = 0;
  for (int shift = 0; at != end && shift <= max_shift; shift += 7) {
    const auto byte = std::to_integer<std::size_t>(*at++);
    length |= (byte & 0x7f) << shift;
    if (byte < 0x80) {
      return length <= static_cast<std::size_t>(end - at) ? at + length : nullptr;
    }
  }
  return nullptr;
}

} // namespace

std::optional<std::uint32_t> count_events_alone(std::span<const std::byte> body) noexcept
{
  const std::byte* at = body.data();
  const std::byte* const end = at + body.size();
  std::uint32_t count = 0;
  while (at != end) {
    at = skip_event(at, end);
    if (at == nullptr) {
      return std::nullopt;
    }
    ++count;
  }
  return count;
}

event_run find_event_run(std::span<const std::byte> received, std::size_t max_message_size) noexcept
{
  event_run run;
  for (;;) {
    const auto rest = received.subspan(run.bytes);
    if (rest.size() < prefix_size) {
      return run;
    }
    const auto length = read_length(rest);
    if (length > max_message_size || length > rest.size() - prefix_size) {
      return run;
    }
    const auto events = count_events_alone(rest.subspan(prefix_size, length));
    if (!events) {
      return run;
    }
    run.bytes += prefix_size + length;
    run.events += *events;
    ++run.messages;
  }
}

} // namespace riemann::inline v0::testkit::detail

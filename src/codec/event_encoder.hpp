#ifndef RIEMANN_CODEC_EVENT_ENCODER_HPP
#define RIEMANN_CODEC_EVENT_ENCODER_HPP

#include <riemann/event.hpp>
#include <riemann/event_literal.hpp>

#include <cstddef>

namespace riemann::inline v0::codec {

/// How many bytes `encode` writes for `e`, an `event` or an `event_literal`.
template <class Event>
[[nodiscard]] std::size_t encoded_size(const Event& e) noexcept;

/// As many at least, and few more: found in a third of the time.
template <class Event>
[[nodiscard]] std::size_t encoded_bound(const Event& e) noexcept;

/// Writes a serialized `Event`, byte for byte as protobuf does, to `out`, where
/// `encoded_size(e)` bytes must have room; returns the end of it.
template <class Event>
std::byte* encode(const Event& e, std::byte* out) noexcept;

extern template std::size_t encoded_size(const event& e) noexcept;
extern template std::size_t encoded_size(const event_literal& e) noexcept;
extern template std::size_t encoded_bound(const event& e) noexcept;
extern template std::size_t encoded_bound(const event_literal& e) noexcept;
extern template std::byte* encode(const event& e, std::byte* out) noexcept;
extern template std::byte* encode(const event_literal& e, std::byte* out) noexcept;

} // namespace riemann::inline v0::codec

#endif

#ifndef RIEMANN_MESSAGE_HPP
#define RIEMANN_MESSAGE_HPP

#include <riemann/detail/compiler.hpp>
#include <riemann/detail/export.hpp>
#include <riemann/detail/shared_bytes.hpp>
#include <riemann/event.hpp>
#include <riemann/event_literal.hpp>
#include <riemann/event_view.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <ranges>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace riemann::proto {
class Msg;
} // namespace riemann::proto

namespace riemann::inline v0 {

namespace detail {
class event_source;
} // namespace detail

namespace core {
class batch;
}

namespace detail {

template <class R>
concept events =
    std::ranges::input_range<R> && std::same_as<std::ranges::range_value_t<R>, event> &&
    !std::convertible_to<R&&, std::span<const event>>;

} // namespace detail

/**
 * One message to the server, as its wire bytes: events, a query, both or neither
 * (an empty message is acknowledged: a free ping).
 *
 * Encoding happens here, when it is made, so that nothing of the caller's has to
 * outlive the operation that sends it. A message of one usual event needs no
 * heap: up to `inline_capacity` bytes lie inside it.
 *
 * Constructors throw `std::length_error` when the encoded message would be
 * longer than `max_size`, and `std::bad_alloc`.
 */
class RIEMANN_EXPORT message {
public:
  /// The longest body a real Riemann takes, in bytes (0x7FFFFFFC and above: it
  /// closes the connection at once).
  static constexpr std::size_t max_size = 0x7FFFFFFB;
  /// Bytes of frame (4 of them the length) that lie inside the object.
  static constexpr std::size_t inline_capacity = 128;

  /// Neither events nor a query: a ping.
  message() noexcept { std::memset(inline_.data(), 0, 4); }
  /// One event, written down in the call: `message{{.service = "x"}}`.
  message(const event_literal& e); // NOLINT(google-explicit-constructor): an event is a message
  /// One event, kept elsewhere.
  template <std::same_as<event> Event>
  message(const Event& e) // NOLINT(google-explicit-constructor): an event is a message
      : message{}
  {
    add(e);
  }
  /// Two to eight events, `{first, second}`; one answer covers them all. (No
  /// `std::initializer_list`: see `tag_list`.)
  message(const event_literal& a, const event_literal& b, const event_literal& c = nothing,
          const event_literal& d = nothing, const event_literal& e = nothing,
          const event_literal& f = nothing, const event_literal& g = nothing,
          const event_literal& h = nothing);
#if RIEMANN_REFUSES_TEMPORARY_EVENTS
  template <std::same_as<event> Event>
  // NOLINTNEXTLINE(bugprone-forwarding-reference-overload): name it, or write its fields
  message(Event&&) = delete;
#endif
  /// Any number of events, which one answer covers.
  explicit message(std::span<const event> events);
  /// Any range of `event` that is not already a span.
  template <detail::events R>
  explicit message(R&& events) : message{}
  {
    for (const event& e : events) {
      append(e);
    }
  }
  /// From a protobuf object; its `states` (deprecated) go along. Throws
  /// `std::invalid_argument` when a required field is missing.
  explicit message(const proto::Msg& msg);

  /// One event taken over from an answer, byte for byte.
  static message from(const event_view& view);
  /// One event, encoded here.
  explicit message(const detail::event_source& e);
  /// A query: see Riemann's query language. Nothing is checked here; a malformed
  /// one is rejected by the server, with its text.
  static message query(std::string_view text);

  /// Of what is on the heap both have the same bytes, until one is changed.
  message(const message& other) noexcept;
  /// The other is empty afterwards.
  message(message&& other) noexcept;
  /// As its copy constructor.
  message& operator=(const message& other);
  /// The other is empty afterwards.
  message& operator=(message&& other) noexcept;
  ~message() = default;

  /// Adds an event behind those already there.
  void append(const event_literal& e);
  /// Adds an event that is kept elsewhere.
  template <std::same_as<event> Event>
  void append(const Event& e)
  {
    add(e);
  }
  /// Adds an event of an answer, byte for byte.
  void append(const event_view& view);
  /// Sets the query. Events of the same message are applied before it.
  void set_query(std::string_view text);

  /// The serialized `Msg`: what a datagram carries.
  [[nodiscard]] std::span<const std::byte> body() const noexcept { return frame().subspan(4); }
  /// The body behind its 4-byte big-endian length: what a stream carries.
  [[nodiscard]] std::span<const std::byte> frame() const noexcept { return {data(), size_}; }
  /// Size of the body in bytes.
  [[nodiscard]] std::size_t size() const noexcept { return size_ - 4; }
  /// How many events are in it.
  [[nodiscard]] std::uint32_t event_count() const noexcept { return event_count_; }
  /// Whether there is a query in it.
  [[nodiscard]] bool has_query() const noexcept { return has_query_; }
  /// The query's text, a view into the message; empty where there is none.
  [[nodiscard]] std::string_view query_text() const noexcept;
  /// The events, decoded from the bytes: for looking at what was sent.
  [[nodiscard]] std::vector<event> to_events() const;

private:
  friend class core::batch;

  /// Of events that are encoded already, each behind its tag and length.
  message(std::span<const std::byte> body, std::uint32_t events);
  /// Of a frame of those, which it shares.
  message(detail::shared_bytes frame, std::size_t size, std::uint32_t events) noexcept
      : heap_{std::move(frame)}, size_{size}, capacity_{size}, event_count_{events}
  {
    seal();
  }

  static const event_literal nothing; ///< known by its address

  template <class Event>
  void add(const Event& e);

  [[nodiscard]] const std::byte* data() const noexcept
  {
    return heap_ ? heap_.get() : inline_.data();
  }
  [[nodiscard]] std::byte* data() noexcept { return heap_ ? heap_.get() : inline_.data(); }
  /// Makes room for `more` bytes at the end, counts them in, and returns where
  /// they go; the length in front is stale until `seal()`. Nobody shares them then.
  std::byte* extend(std::size_t more);
  void move_to(std::size_t room);
  void seal() noexcept;

  detail::shared_bytes heap_{}; ///< with copies of this
  std::size_t size_ = 4;
  std::size_t capacity_ = inline_capacity;
  std::uint32_t event_count_ = 0;
  bool has_query_ = false;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): the first size_ bytes are set
  std::array<std::byte, inline_capacity> inline_;
};

extern template void message::add(const event& e);

} // namespace riemann::inline v0

#endif

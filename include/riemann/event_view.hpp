#ifndef RIEMANN_EVENT_VIEW_HPP
#define RIEMANN_EVENT_VIEW_HPP

#include <riemann/detail/export.hpp>
#include <riemann/event.hpp>

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <ranges>
#include <span>
#include <string_view>

namespace riemann::inline v0 {

/// One attribute inside an `event_view`.
struct RIEMANN_EXPORT attribute_view {
  /// Its name.
  std::string_view key{};
  /// What it says, or nothing when it is absent on the wire.
  std::optional<std::string_view> value{};

  /// Both the same, absent values too.
  friend bool operator==(const attribute_view&, const attribute_view&) = default;
};

class event_view;

namespace detail {

/// The bytes of the first length-delimited field numbered `field` in `rest` (of a
/// checked message, which goes on behind them); at the end a span without data.
RIEMANN_EXPORT std::span<const std::byte> next_field(std::span<const std::byte> rest,
                                                     std::uint32_t field) noexcept;

RIEMANN_EXPORT std::string_view decode_element(std::span<const std::byte> bytes,
                                               std::string_view*) noexcept;
RIEMANN_EXPORT attribute_view decode_element(std::span<const std::byte> bytes,
                                             attribute_view*) noexcept;
RIEMANN_EXPORT event_view decode_element(std::span<const std::byte> bytes, event_view*) noexcept;

/// The occurrences of one repeated field of a checked message, as views: a
/// forward range that allocates nothing.
template <class T, std::uint32_t Field>
class field_range : public std::ranges::view_interface<field_range<T, Field>> {
public:
  class iterator {
  public:
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using iterator_concept = std::forward_iterator_tag;
    using iterator_category = std::input_iterator_tag;

    iterator() = default;
    explicit iterator(std::span<const std::byte> bytes) noexcept
        : current_{next_field(bytes, Field)}, end_{bytes.data() + bytes.size()}
    {}

    value_type operator*() const noexcept
    {
      return decode_element(current_, static_cast<T*>(nullptr));
    }
    iterator& operator++() noexcept
    {
      const std::byte* const behind = current_.data() + current_.size();
      current_ = next_field({behind, end_}, Field);
      return *this;
    }
    iterator operator++(int) noexcept
    {
      auto before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const iterator& a, const iterator& b) noexcept
    {
      return a.current_.data() == b.current_.data();
    }
    friend bool operator==(const iterator& a, std::default_sentinel_t) noexcept
    {
      return a.current_.data() == nullptr;
    }

  private:
    std::span<const std::byte> current_{};
    const std::byte* end_ = nullptr;
  };

  field_range() = default;
  explicit field_range(std::span<const std::byte> bytes) noexcept : bytes_{bytes} {}

  [[nodiscard]] iterator begin() const noexcept { return iterator{bytes_}; }
  [[nodiscard]] std::default_sentinel_t end() const noexcept { return {}; }

private:
  std::span<const std::byte> bytes_{};
};

} // namespace detail

/// The tags of an event: a forward range of `std::string_view`.
using tag_range = detail::field_range<std::string_view, 7>;
/// The attributes of an event: a forward range of `attribute_view`.
using attribute_range = detail::field_range<attribute_view, 9>;

/**
 * An event as it lies in an answer's bytes: nothing is copied, and a view is
 * valid as long as the `response` it came from (or a copy of it) lives.
 *
 * The metric is read as Riemann reads it: `metric_sint64`, then `metric_d`, then
 * `metric_f`; the time from `time_micros` when there is one, else from `time`.
 */
class RIEMANN_EXPORT event_view {
public:
  /// An event with no fields.
  event_view() = default;

  /// The machine it is about, or nothing when it is absent.
  [[nodiscard]] std::optional<std::string_view> host() const noexcept { return host_; }
  /// What it is about, or nothing.
  [[nodiscard]] std::optional<std::string_view> service() const noexcept { return service_; }
  /// How it is, or nothing.
  [[nodiscard]] std::optional<std::string_view> state() const noexcept { return state_; }
  /// In words, or nothing.
  [[nodiscard]] std::optional<std::string_view> description() const noexcept
  {
    return description_;
  }
  /// The number in its own kind, or nothing.
  [[nodiscard]] std::optional<riemann::metric> metric() const noexcept { return metric_; }
  /// How long it is valid, in seconds, or nothing.
  [[nodiscard]] std::optional<ttl_duration> ttl() const noexcept { return ttl_; }
  /// When it was, or nothing.
  [[nodiscard]] std::optional<timestamp> time() const noexcept { return time_; }
  /// In the order of the wire.
  [[nodiscard]] tag_range tags() const noexcept { return tag_range{tags_}; }
  /// In the order of the wire.
  [[nodiscard]] attribute_range attributes() const noexcept { return attribute_range{attributes_}; }

  /// The event's own wire bytes, without tag or length.
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return bytes_; }

  /// A copy that owns what it holds.
  [[nodiscard]] event to_event() const;

  /// For the codec: reads the fields of a checked `Event`.
  explicit event_view(std::span<const std::byte> checked_bytes) noexcept;

private:
  std::span<const std::byte> bytes_{};
  std::optional<std::string_view> host_{};
  std::optional<std::string_view> service_{};
  std::optional<std::string_view> state_{};
  std::optional<std::string_view> description_{};
  std::optional<riemann::metric> metric_{};
  std::optional<ttl_duration> ttl_{};
  std::optional<timestamp> time_{};
  /// From the first tag, or attribute, to the last, and what else is between.
  std::span<const std::byte> tags_{};
  std::span<const std::byte> attributes_{};
};

namespace detail {

inline event_view decode_element(std::span<const std::byte> bytes, event_view*) noexcept
{
  return event_view{bytes};
}

} // namespace detail

/// The events of an answer.
using event_range = detail::field_range<event_view, 6>;

} // namespace riemann::inline v0

#endif

#ifndef RIEMANN_DETAIL_LENT_EVENT_HPP
#define RIEMANN_DETAIL_LENT_EVENT_HPP

#include <riemann/detail/event_source.hpp>
#include <riemann/message.hpp>

#include <optional>
#include <utility>

namespace riemann::inline v0::detail {

/// A caller's event for the time of a call, whose copies have it encoded: what starts at
/// once encodes it where it is to be.
class lent_event {
public:
  template <class Event>
  explicit lent_event(const Event& e) : source_{e}
  {}
  lent_event(const lent_event& other) : source_{other.source_}, encoded_{other.encode()} {}
  // NOLINTNEXTLINE(performance-noexcept-move-constructor): it encodes, which takes memory
  lent_event(lent_event&& other)
      : source_{other.source_},
        encoded_{other.encoded_ ? std::move(*other.encoded_) : other.encode()}
  {}
  lent_event& operator=(const lent_event&) = delete;
  lent_event& operator=(lent_event&&) = delete;
  ~lent_event() = default;

  /// None: the event itself is still there.
  [[nodiscard]] const message* encoded() const noexcept { return encoded_ ? &*encoded_ : nullptr; }
  [[nodiscard]] const event_source& source() const noexcept { return source_; }

private:
  [[nodiscard]] message encode() const { return encoded_ ? *encoded_ : message{source_}; }

  event_source source_; ///< gone, perhaps, once it is encoded
  std::optional<message> encoded_{};
};

} // namespace riemann::inline v0::detail

#endif

#ifndef RIEMANN_DETAIL_EVENT_SOURCE_HPP
#define RIEMANN_DETAIL_EVENT_SOURCE_HPP

#include <riemann/event.hpp>
#include <riemann/event_literal.hpp>

#include <cstddef>

namespace riemann::detail {

/// An event of the caller's that is about to be encoded where it is to be, measured. As
/// long as the event is where it is.
class event_source {
public:
  /// Throw `std::length_error` when it is longer than a message may be.
  explicit event_source(const event& e);
  explicit event_source(const event_literal& e);

  /// Bytes it takes in a message, with its tag and length.
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// So many.
  void write(std::byte* out) const noexcept { write_(event_, event_size_, out); }

private:
  const void* event_;
  std::size_t event_size_;
  std::size_t size_;
  void (*write_)(const void* event, std::size_t event_size, std::byte* out) noexcept;
};

} // namespace riemann::detail

#endif

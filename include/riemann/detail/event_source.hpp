#ifndef RIEMANN_DETAIL_EVENT_SOURCE_HPP
#define RIEMANN_DETAIL_EVENT_SOURCE_HPP

#include <riemann/detail/export.hpp>
#include <riemann/event.hpp>
#include <riemann/event_literal.hpp>

#include <cstddef>

namespace riemann::inline v0::detail {

/**
 * An event of the caller's that is about to be encoded where it is to be. As long as the
 * event is where it is.
 *
 * To measure it is a third of the encoding: where there is room enough for `bound()`, it
 * is written unmeasured.
 */
class RIEMANN_EXPORT event_source {
public:
  /// Throw `std::length_error` when it is longer than a message may be.
  explicit event_source(const event& e);
  explicit event_source(const event_literal& e);

  /// Bytes it takes in a message at most, with its tag and length.
  [[nodiscard]] std::size_t bound() const noexcept { return bound_; }
  /// Bytes it takes.
  [[nodiscard]] std::size_t size() const noexcept { return with_->size(event_); }
  /// Returns the end of what it wrote, which has `bound()` bytes of room, or `size()`.
  std::byte* write(std::byte* out) const noexcept { return with_->write(event_, out); }
  std::byte* write_unmeasured(std::byte* out) const noexcept
  {
    return with_->write_unmeasured(event_, bound_, out);
  }

private:
  struct functions {
    std::size_t (*size)(const void* event) noexcept;
    std::byte* (*write)(const void* event, std::byte* out) noexcept;
    std::byte* (*write_unmeasured)(const void* event, std::size_t bound, std::byte* out) noexcept;
  };
  template <class Event>
  static const functions functions_of;

  template <class Event>
  explicit event_source(const Event* e);

  const void* event_;
  std::size_t bound_;
  const functions* with_;
};

} // namespace riemann::inline v0::detail

#endif

#ifndef RIEMANN_SYNC_OPTIONS_HPP
#define RIEMANN_SYNC_OPTIONS_HPP

#include <riemann/detail/export.hpp>

#include <chrono>

namespace riemann::inline v0 {

/// Deadlines of a `sync_client`: each above zero, and at most
/// `session_options::max_duration`.
struct RIEMANN_EXPORT sync_options {
  /// How long a call may take that says nothing of its own, connecting included.
  std::chrono::milliseconds call_timeout = std::chrono::seconds{10};
  /// How long the destructor, and a `disconnect()` that says nothing of its own, wait
  /// for answers that are owed.
  std::chrono::milliseconds drain_timeout = std::chrono::seconds{5};

  /// Throws `std::invalid_argument`, naming the option and what it may be.
  void validate() const;
};

} // namespace riemann::inline v0

#endif

#ifndef RIEMANN_NET_STRAND_VISIT_HPP
#define RIEMANN_NET_STRAND_VISIT_HPP

#include "net/delivery.hpp"

#include <utility>

namespace riemann::inline v0::net {

/**
 * A thread's stay on a shell's strand that it entered from the shell's own executor:
 * what ends meanwhile is delivered as it leaves, with no hop. They nest as calls do.
 */
class strand_visit {
public:
  /// `shell`: known by its address.
  explicit strand_visit(const void* shell) noexcept
      : shell_{shell}, outer_{std::exchange(current, this)}
  {}
  strand_visit(const strand_visit&) = delete;
  strand_visit& operator=(const strand_visit&) = delete;
  ~strand_visit()
  {
    if (left_) {
      return;
    }
    // By an exception: what was gathered goes the usual way.
    current = outer_;
    try {
      if (ready_) {
        ready_->post();
      }
    } catch (...) { // NOLINT(bugprone-empty-catch): no memory; its handlers are destroyed uninvoked
    }
  }

  /// Off the strand again: calls the handlers.
  void leave()
  {
    current = outer_;
    left_ = true;
    if (ready_) {
      ready_->run();
    }
  }

  /// Where to put what is to be delivered; none if this thread came otherwise.
  static delivery<send_operation>::pointer* place(const void* shell) noexcept
  {
    return current != nullptr && current->shell_ == shell ? &current->ready_ : nullptr;
  }

private:
  static inline thread_local strand_visit* current = nullptr;

  const void* shell_;
  strand_visit* outer_;
  bool left_ = false;
  delivery<send_operation>::pointer ready_{};
};

} // namespace riemann::inline v0::net

#endif

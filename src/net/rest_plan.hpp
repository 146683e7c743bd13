#ifndef RIEMANN_NET_REST_PLAN_HPP
#define RIEMANN_NET_REST_PLAN_HPP

#include "core/request.hpp"

#include <chrono>
#include <utility>

namespace riemann::inline v0::net {

/// When the memory of a busy time is given back: it is kept for the next one, but not for
/// ever.
class rest_plan {
public:
  /// Of quiet, before it is.
  static constexpr std::chrono::seconds after{1};

  /// Something is to be done. True: it was resting.
  [[nodiscard]] bool work() noexcept
  {
    worked_ = true;
    return std::exchange(resting_, false);
  }

  /// Nothing is queued, and no answer is owed.
  void quiet(bool connected, bool reads, core::time_point now) noexcept
  {
    if (!connected) {
      const bool due = std::exchange(worked_, false) || due_ != core::never;
      due_ = due ? now : core::never;
    } else if (reads && std::exchange(worked_, false)) {
      // Not where nothing is read: a timer alone would keep the context running.
      due_ = now + after;
    }
  }
  void busy() noexcept { due_ = core::never; }

  [[nodiscard]] core::time_point due() const noexcept { return due_; }

  /// It is given back now.
  void rest() noexcept
  {
    resting_ = true;
    due_ = core::never;
  }

private:
  core::time_point due_ = core::never;
  bool worked_ = false; ///< since it was quiet the last time
  bool resting_ = false;
};

} // namespace riemann::inline v0::net

#endif

#ifndef RIEMANN_SIMULATION_TIMELINE_HPP
#define RIEMANN_SIMULATION_TIMELINE_HPP

#include "core/request.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

namespace riemann::simulation {

using core::never;
using core::time_point;

/// The simulated clock, and what is going to happen by it: tasks of one instant
/// run in the order they were given.
class timeline {
public:
  using task = std::function<void()>;

  [[nodiscard]] time_point now() const noexcept { return now_; }
  void after(std::chrono::microseconds delay, task what)
  {
    tasks_.push_back({now_ + delay, next_number_++, std::move(what)});
    std::push_heap(tasks_.begin(), tasks_.end(), later{});
  }
  /// When the next task is due; `never` if there is none.
  [[nodiscard]] time_point next() const noexcept
  {
    return tasks_.empty() ? never : tasks_.front().due;
  }
  void advance(time_point to) noexcept { now_ = std::max(now_, to); }
  void run_next()
  {
    std::pop_heap(tasks_.begin(), tasks_.end(), later{});
    const task what = std::move(tasks_.back().what);
    tasks_.pop_back();
    what();
  }

private:
  struct entry {
    time_point due;
    std::uint64_t number;
    task what;
  };
  struct later {
    bool operator()(const entry& a, const entry& b) const noexcept
    {
      return std::pair{a.due, a.number} > std::pair{b.due, b.number};
    }
  };

  time_point now_{std::chrono::hours{1}};
  std::uint64_t next_number_ = 0;
  std::vector<entry> tasks_{};
};

} // namespace riemann::simulation

#endif

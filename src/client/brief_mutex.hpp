#ifndef RIEMANN_CLIENT_BRIEF_MUTEX_HPP
#define RIEMANN_CLIENT_BRIEF_MUTEX_HPP

#include <atomic>

namespace riemann::inline v0::clients {

/**
 * A mutex for what is over in nanoseconds, nearly always, and is done for every event.
 *
 * It is given back by a plain store: that halves what taking and giving back costs when
 * nobody else is there (doc/decisions.md has the figures). The price is that whoever
 * waits is not woken but looks again: at once, then after others had the processor, then
 * after a nap, so that a holder of lower priority gets on, too.
 */
class brief_mutex {
public:
  [[nodiscard]] bool try_lock() noexcept
  {
    return !taken_.exchange(true, std::memory_order_acquire);
  }
  void lock() noexcept
  {
    while (!try_lock()) [[unlikely]] {
      wait();
    }
  }
  void unlock() noexcept { taken_.store(false, std::memory_order_release); }

private:
  void wait() const noexcept;

  std::atomic<bool> taken_{false};
};

} // namespace riemann::inline v0::clients

#endif

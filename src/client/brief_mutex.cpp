#include "client/brief_mutex.hpp"

#include <chrono>
#include <thread>

namespace riemann::inline v0::clients {

namespace {

void pause() noexcept
{
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ __volatile__("yield");
#endif
}

} // namespace

void brief_mutex::wait() const noexcept
{
  constexpr int looks = 64;
  constexpr int turns = 64;
  for (int i = 0; taken_.load(std::memory_order_relaxed); ++i) {
    if (i < looks) {
      pause();
    } else if (i < looks + turns) {
      std::this_thread::yield();
    } else {
      std::this_thread::sleep_for(std::chrono::microseconds{50});
    }
  }
}

} // namespace riemann::inline v0::clients

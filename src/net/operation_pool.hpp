#ifndef RIEMANN_NET_OPERATION_POOL_HPP
#define RIEMANN_NET_OPERATION_POOL_HPP

#include "core/request.hpp"

#include <riemann/detail/implementation.hpp>

#include <cstddef>
#include <memory>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

namespace riemann::net {

/// A request with the handler that waits for it.
struct send_operation : core::request {
  send_operation(message m, core::time_point deadline, detail::send_slot h, detail::operation_id i)
      : core::request{std::move(m), deadline}, handler{std::move(h)}, id{i}
  {}

  detail::send_slot handler;
  detail::operation_id id;
};

/// Keeps the memory of ended operations for the next ones, so that a send in
/// steady state takes none from the heap. Any thread may call it.
class operation_pool {
public:
  /// `most`: free operations kept.
  explicit operation_pool(std::size_t most) : most_{most} {}
  operation_pool(const operation_pool&) = delete;
  operation_pool& operator=(const operation_pool&) = delete;
  ~operation_pool()
  {
    for (void* memory : free_) {
      ::operator delete(memory);
    }
  }

  template <class... Args>
  send_operation* make(Args&&... args)
  {
    void* memory = take();
    try {
      return ::new (memory) send_operation(std::forward<Args>(args)...);
    } catch (...) {
      give_back(memory);
      throw;
    }
  }

  /// Destroys the operations and keeps their memory.
  void release(send_operation* const* operations, std::size_t count) noexcept
  {
    for (std::size_t i = 0; i != count; ++i) {
      operations[i]->~send_operation();
    }
    const std::scoped_lock lock{mutex_};
    for (std::size_t i = 0; i != count; ++i) {
      keep(operations[i]);
    }
  }
  void release(send_operation* operation) noexcept { release(&operation, 1); }

private:
  static_assert(alignof(send_operation) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);

  void* take()
  {
    {
      const std::scoped_lock lock{mutex_};
      if (!free_.empty()) {
        void* memory = free_.back();
        free_.pop_back();
        return memory;
      }
    }
    return ::operator new(sizeof(send_operation));
  }

  void give_back(void* memory) noexcept
  {
    const std::scoped_lock lock{mutex_};
    keep(memory);
  }

  void keep(void* memory) noexcept
  {
    if (free_.size() >= most_) {
      return ::operator delete(memory);
    }
    try {
      free_.push_back(memory);
    } catch (...) {
      ::operator delete(memory);
    }
  }

  const std::size_t most_;
  std::mutex mutex_{};
  std::vector<void*> free_{};
};

} // namespace riemann::net

#endif

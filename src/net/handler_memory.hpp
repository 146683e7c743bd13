#ifndef RIEMANN_NET_HANDLER_MEMORY_HPP
#define RIEMANN_NET_HANDLER_MEMORY_HPP

#include <atomic>
#include <cstddef>
#include <new>

namespace riemann::net {

/// Room for the one operation of its kind that is outstanding at a time; a
/// second one goes to the heap. Asio releases an operation's memory before it
/// calls the handler, and while it still holds it.
class handler_memory {
public:
  handler_memory() = default;
  handler_memory(const handler_memory&) = delete;
  handler_memory& operator=(const handler_memory&) = delete;

  void* allocate(std::size_t size)
  {
    if (size <= sizeof(storage_) && !taken_.exchange(true, std::memory_order_acquire)) {
      return storage_;
    }
    return ::operator new(size);
  }

  void deallocate(void* memory) noexcept
  {
    if (memory == storage_) {
      taken_.store(false, std::memory_order_release);
    } else {
      ::operator delete(memory);
    }
  }

private:
  alignas(std::max_align_t) std::byte storage_[512]; // NOLINT: raw room
  std::atomic<bool> taken_{false};
};

template <class T>
class handler_allocator {
public:
  using value_type = T;

  explicit handler_allocator(handler_memory& memory) noexcept : memory_{&memory} {}
  template <class U>
  handler_allocator(const handler_allocator<U>& other) noexcept // NOLINT: allocators convert
      : memory_{other.memory_}
  {}

  T* allocate(std::size_t n)
  {
    static_assert(alignof(T) <= alignof(std::max_align_t));
    return static_cast<T*>(memory_->allocate(n * sizeof(T)));
  }
  void deallocate(T* p, std::size_t) noexcept { memory_->deallocate(p); }

  template <class U>
  bool operator==(const handler_allocator<U>& other) const noexcept
  {
    return memory_ == other.memory_;
  }

private:
  template <class>
  friend class handler_allocator;

  handler_memory* memory_;
};

} // namespace riemann::net

#endif

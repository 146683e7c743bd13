#ifndef RIEMANN_NET_HANDLER_MEMORY_HPP
#define RIEMANN_NET_HANDLER_MEMORY_HPP

#include <atomic>
#include <cstddef>
#include <new>

namespace riemann::inline v0::net {

/// Room for the one handler of its kind that is outstanding at a time, and for
/// the hop to its executor that a strand makes of it: two blocks; more, or larger
/// ones, come from the heap. Asio releases an operation's memory before it calls
/// the handler, and while it still holds it.
class handler_memory {
public:
  handler_memory() = default;
  handler_memory(const handler_memory&) = delete;
  handler_memory& operator=(const handler_memory&) = delete;

  void* allocate(std::size_t size)
  {
    if (size <= sizeof(block::storage)) {
      for (block& b : blocks_) {
        if (!b.taken.exchange(true, std::memory_order_acquire)) {
          return b.storage;
        }
      }
    }
    return ::operator new(size);
  }

  void deallocate(void* memory) noexcept
  {
    for (block& b : blocks_) {
      if (memory == b.storage) {
        return b.taken.store(false, std::memory_order_release);
      }
    }
    ::operator delete(memory);
  }

private:
  struct block {
    alignas(std::max_align_t) std::byte storage[320]; // NOLINT(modernize-avoid-c-arrays): raw room
    std::atomic<bool> taken{false};
  };

  block blocks_[2]; // NOLINT(modernize-avoid-c-arrays): raw room
};

template <class T>
class handler_allocator {
public:
  using value_type = T;

  explicit handler_allocator(handler_memory& memory) noexcept : memory_{&memory} {}
  template <class U>
  // NOLINTNEXTLINE(google-explicit-constructor): allocators convert
  handler_allocator(const handler_allocator<U>& other) noexcept : memory_{other.memory_}
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

} // namespace riemann::inline v0::net

#endif

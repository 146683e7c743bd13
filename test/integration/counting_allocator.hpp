#ifndef RIEMANN_TEST_INTEGRATION_COUNTING_ALLOCATOR_HPP
#define RIEMANN_TEST_INTEGRATION_COUNTING_ALLOCATOR_HPP

#include <atomic>
#include <cstddef>
#include <memory>

namespace riemann::test {

struct allocations {
  std::atomic<int> made{0};
  std::atomic<int> live{0};
};

template <class T>
struct counting_allocator {
  using value_type = T;

  explicit counting_allocator(allocations& c) noexcept : counts{&c} {}
  template <class U>
  // NOLINTNEXTLINE(google-explicit-constructor): allocators convert
  counting_allocator(const counting_allocator<U>& other) noexcept : counts{other.counts}
  {}
  T* allocate(std::size_t n)
  {
    ++counts->made;
    ++counts->live;
    return std::allocator<T>{}.allocate(n);
  }
  void deallocate(T* p, std::size_t n)
  {
    --counts->live;
    std::allocator<T>{}.deallocate(p, n);
  }
  template <class U>
  bool operator==(const counting_allocator<U>& other) const noexcept
  {
    return counts == other.counts;
  }

  allocations* counts;
};

} // namespace riemann::test

#endif

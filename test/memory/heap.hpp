#ifndef RIEMANN_TEST_MEMORY_HEAP_HPP
#define RIEMANN_TEST_MEMORY_HEAP_HPP

#include <cstddef>
#include <cstdint>

/// What this program's threads take from the heap, whichever way: `malloc` and its
/// kin are interposed, which `operator new` and Asio's `aligned_alloc` end in.
namespace riemann::test {

/// Of one thread, while it counts.
struct heap_use {
  std::uint64_t calls = 0; ///< that took memory
  std::int64_t bytes = 0;  ///< taken and not given back, as the heap rounds them
};

/// Has the calling thread counted while it lives.
class heap_count {
public:
  heap_count() noexcept;
  heap_count(const heap_count&) = delete;
  heap_count& operator=(const heap_count&) = delete;
  ~heap_count();

  [[nodiscard]] heap_use now() const noexcept;
};

/// Which attempts to take memory may fail.
enum class heap_kind {
  /// Not those for aligned memory, which Asio takes for its own hops: a strand that gets none
  /// for its next one (Boost 1.81) ends the process, by a destructor that throws, or is never
  /// run again.
  plain,
  any, ///< where there is no strand
};

/// Has attempts of the calling thread's to take memory fail, while it lives: so many in a
/// row, after so many others.
class heap_failure {
public:
  explicit heap_failure(std::uint64_t after, std::uint64_t in_a_row = 1,
                        heap_kind kind = heap_kind::plain) noexcept;
  heap_failure(const heap_failure&) = delete;
  heap_failure& operator=(const heap_failure&) = delete;
  ~heap_failure();

  /// One has failed.
  [[nodiscard]] bool happened() const noexcept;

private:
  std::uint64_t in_a_row_;
};

} // namespace riemann::test

#endif

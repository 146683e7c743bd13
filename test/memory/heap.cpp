#include "heap.hpp"

#include <cerrno>
#include <malloc.h>

// glibc's own, under the names by which it lets itself be interposed.
extern "C" {
void* __libc_malloc(std::size_t size); // NOLINT(bugprone-reserved-identifier): glibc's name
// NOLINTNEXTLINE(bugprone-reserved-identifier): as above
void* __libc_calloc(std::size_t count, std::size_t size);
// NOLINTNEXTLINE(bugprone-reserved-identifier): as above
void* __libc_realloc(void* memory, std::size_t size);
// NOLINTNEXTLINE(bugprone-reserved-identifier): as above
void* __libc_memalign(std::size_t alignment, std::size_t size);
void __libc_free(void* memory); // NOLINT(bugprone-reserved-identifier): as above
}

namespace {

thread_local bool counting = false;
thread_local riemann::test::heap_use use;
thread_local std::uint64_t failing = 0;
thread_local std::uint64_t good_before = 0;
thread_local bool aligned_fail = false;

/// This attempt is one that fails.
bool fails() noexcept
{
  if (failing == 0) {
    return false;
  }
  if (good_before != 0) {
    --good_before;
    return false;
  }
  --failing;
  errno = ENOMEM;
  return true;
}

bool aligned_fails() noexcept
{
  return aligned_fail && fails();
}

void* taken(void* memory) noexcept
{
  if (counting && memory != nullptr) {
    ++use.calls;
    use.bytes += static_cast<std::int64_t>(::malloc_usable_size(memory));
  }
  return memory;
}

void* given_back(void* memory) noexcept
{
  if (counting && memory != nullptr) {
    use.bytes -= static_cast<std::int64_t>(::malloc_usable_size(memory));
  }
  return memory;
}

} // namespace

extern "C" {

void* malloc(std::size_t size) noexcept
{
  return fails() ? nullptr : taken(__libc_malloc(size));
}
void* calloc(std::size_t count, std::size_t size) noexcept
{
  return fails() ? nullptr : taken(__libc_calloc(count, size));
}
void* realloc(void* memory, std::size_t size) noexcept
{
  return fails() ? nullptr : taken(__libc_realloc(given_back(memory), size));
}
void* memalign(std::size_t alignment, std::size_t size) noexcept
{
  return aligned_fails() ? nullptr : taken(__libc_memalign(alignment, size));
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept
{
  return aligned_fails() ? nullptr : taken(__libc_memalign(alignment, size));
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept
{
  *memory = aligned_fails() ? nullptr : taken(__libc_memalign(alignment, size));
  return *memory != nullptr ? 0 : ENOMEM;
}
void free(void* memory) noexcept
{
  __libc_free(given_back(memory));
}

} // extern "C"

namespace riemann::test {

heap_count::heap_count() noexcept
{
  use = {};
  counting = true;
}

heap_count::~heap_count()
{
  counting = false;
}

heap_use heap_count::now() const noexcept
{
  return use;
}

heap_failure::heap_failure(std::uint64_t after, std::uint64_t in_a_row, heap_kind kind) noexcept
    : in_a_row_{in_a_row}
{
  good_before = after;
  aligned_fail = kind == heap_kind::any;
  failing = in_a_row;
}

heap_failure::~heap_failure()
{
  failing = 0;
}

bool heap_failure::happened() const noexcept
{
  return failing != in_a_row_;
}

} // namespace riemann::test

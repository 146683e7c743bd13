#ifndef RIEMANN_DETAIL_SHARED_BYTES_HPP
#define RIEMANN_DETAIL_SHARED_BYTES_HPP

#include <riemann/detail/export.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

namespace riemann::inline v0::detail {

/// Bytes on the heap that their owners share; only one that has them alone may write
/// there. Copies may be made and destroyed by several threads at once.
class RIEMANN_EXPORT shared_bytes {
public:
  shared_bytes() noexcept = default;
  /// Room for so many, uninitialised. Throws `std::bad_alloc`.
  explicit shared_bytes(std::size_t room)
      : block_{::new(::operator new(sizeof(block) + room)) block{}}
  {}
  shared_bytes(const shared_bytes& other) noexcept : block_{other.block_}
  {
    if (block_ != nullptr) {
      block_->owners.fetch_add(1, std::memory_order_relaxed);
    }
  }
  shared_bytes(shared_bytes&& other) noexcept : block_{std::exchange(other.block_, nullptr)} {}
  shared_bytes& operator=(shared_bytes other) noexcept
  {
    std::swap(block_, other.block_);
    return *this;
  }
  ~shared_bytes()
  {
    if (block_ != nullptr && (is_alone() || block_->owners.fetch_sub(1) == 1)) {
      block_->~block();
      ::operator delete(block_);
    }
  }

  explicit operator bool() const noexcept { return block_ != nullptr; }
  /// Nobody else has them, and what others did with them is done.
  [[nodiscard]] bool is_alone() const noexcept
  {
    return block_->owners.load(std::memory_order_acquire) == 1;
  }
  [[nodiscard]] std::byte* get() const noexcept
  {
    return reinterpret_cast<std::byte*>(block_) + sizeof(block);
  }

private:
  struct alignas(std::max_align_t) block {
    std::atomic<std::uint32_t> owners{1};
  };

  block* block_ = nullptr;
};

} // namespace riemann::inline v0::detail

#endif

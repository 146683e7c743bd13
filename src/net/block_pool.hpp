#ifndef RIEMANN_NET_BLOCK_POOL_HPP
#define RIEMANN_NET_BLOCK_POOL_HPP

#include <cstddef>
#include <mutex>
#include <new>

namespace riemann::inline v0::net {

/// Blocks of memory of one size, kept for their next user. Any thread may call it.
class block_pool {
public:
  /// Of a cache line: what is used together is laid out by lines.
  static constexpr std::align_val_t alignment{64};

  /// `most`: free blocks kept.
  block_pool(std::size_t block_size, std::size_t most) noexcept
      : block_size_{block_size < sizeof(free_block) ? sizeof(free_block) : block_size}, most_{most}
  {}
  block_pool(const block_pool&) = delete;
  block_pool& operator=(const block_pool&) = delete;
  ~block_pool() { keep(0); }

  [[nodiscard]] void* take()
  {
    {
      const std::scoped_lock lock{mutex_};
      if (free_block* const block = free_) {
        free_ = block->next;
        --count_;
        return block;
      }
    }
    return ::operator new(block_size_, alignment);
  }

  void give_back(void* memory) noexcept
  {
    {
      const std::scoped_lock lock{mutex_};
      if (count_ < most_) {
        free_ = ::new (memory) free_block{free_};
        ++count_;
        return;
      }
    }
    ::operator delete(memory, alignment);
  }

  /// Keeps so many free ones at most, from now on.
  void keep(std::size_t most) noexcept
  {
    for (free_block* block = cut(most); block != nullptr;) {
      free_block* const next = block->next;
      ::operator delete(static_cast<void*>(block), alignment);
      block = next;
    }
  }

private:
  struct free_block {
    free_block* next;
  };

  /// Unlinks those behind the first `kept`.
  free_block* cut(std::size_t kept) noexcept
  {
    const std::scoped_lock lock{mutex_};
    most_ = kept;
    if (count_ <= kept) {
      return nullptr;
    }
    count_ = kept;
    free_block** end = &free_;
    for (; kept != 0; --kept) {
      end = &(*end)->next;
    }
    free_block* const rest = *end;
    *end = nullptr;
    return rest;
  }

  const std::size_t block_size_;
  std::size_t most_;
  std::mutex mutex_{};
  free_block* free_ = nullptr;
  std::size_t count_ = 0;
};

} // namespace riemann::inline v0::net

#endif

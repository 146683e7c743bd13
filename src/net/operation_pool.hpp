#ifndef RIEMANN_NET_OPERATION_POOL_HPP
#define RIEMANN_NET_OPERATION_POOL_HPP

#include "core/batch_waiter.hpp"
#include "core/request.hpp"
#include "net/block_pool.hpp"
#include "net/operations_by_id.hpp"

#include <riemann/detail/implementation.hpp>

#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace riemann::inline v0::net {

/// A request with the handler that waits for it.
struct send_operation : core::request {
  using list = core::request_list;

  send_operation(message&& m, core::time_point deadline, detail::send_slot&& h,
                 detail::operation_id i) noexcept
      : core::request{std::move(m), deadline}, id{i}, handler{std::move(h)}
  {}

  /// A long message is not to wait for its handler's turn: refused ones may be many.
  void leave_behind() noexcept
  {
    if (size > message::inline_capacity) {
      payload = message{};
    }
  }

  detail::operation_id id;
  id_hook id_link{};
  detail::send_slot handler; ///< begins a line of the cache
};

/// Somebody who waits for an event of a batch, with the handler.
struct wait_operation : core::batch_waiter {
  using list = core::batch_waiters;

  wait_operation(detail::send_slot&& h, detail::operation_id i) noexcept
      : id{i}, handler{std::move(h)}
  {}

  void leave_behind() noexcept {}

  detail::operation_id id;
  id_hook id_link{};
  detail::send_slot handler;
};

/// Keeps the memory of ended operations for the next ones, so that a send in
/// steady state takes none from the heap. Any thread may call it.
template <class Operation>
class operation_pool {
public:
  /**
   * Destroys an operation, and while it lives keeps the memory at hand for the
   * next one that this thread makes: the handler that is called meanwhile usually
   * sends again, and finds it in the cache, with no lock to take.
   */
  class spare {
  public:
    spare(operation_pool& pool, Operation& ended) noexcept
        : pool_{pool}, memory_{&ended}, outer_{std::exchange(at_hand, this)}
    {
      ended.~Operation();
    }
    spare(const spare&) = delete;
    spare& operator=(const spare&) = delete;
    ~spare()
    {
      at_hand = outer_;
      if (memory_ != nullptr) {
        pool_.blocks_.give_back(memory_);
      }
    }

  private:
    friend class operation_pool;

    operation_pool& pool_;
    void* memory_;
    spare* outer_;
  };

  /// `most`: free operations kept.
  explicit operation_pool(std::size_t most) noexcept : blocks_{sizeof(Operation), most} {}

  /// With what the operation's constructor takes.
  template <class... Args>
  [[nodiscard]] Operation* make(Args&&... args)
  {
    return ::new (take()) Operation(std::forward<Args>(args)...);
  }

  /// Destroys the operation and keeps its memory.
  void release(Operation& operation) noexcept
  {
    operation.~Operation();
    blocks_.give_back(&operation);
  }

  /// Free operations are kept up to so many, from now on.
  void keep(std::size_t most) noexcept { blocks_.keep(most); }

private:
  static_assert(alignof(Operation) <= static_cast<std::size_t>(block_pool::alignment));

  void* take()
  {
    if (spare* const s = at_hand; s != nullptr && &s->pool_ == this && s->memory_ != nullptr) {
      return std::exchange(s->memory_, nullptr);
    }
    return blocks_.take();
  }

  /// Of this thread; they nest as the calls do.
  static inline thread_local spare* at_hand = nullptr;

  block_pool blocks_;
};

} // namespace riemann::inline v0::net

#endif

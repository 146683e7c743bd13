#ifndef RIEMANN_NET_OPERATION_POOL_HPP
#define RIEMANN_NET_OPERATION_POOL_HPP

#include "core/request.hpp"
#include "net/block_pool.hpp"

#include <riemann/detail/implementation.hpp>

#include <boost/intrusive/set.hpp>

#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace riemann::inline v0::net {

/// A request with the handler that waits for it.
struct send_operation : core::request {
  send_operation(message&& m, core::time_point deadline, detail::send_slot&& h,
                 detail::operation_id i) noexcept
      : core::request{std::move(m), deadline}, id{i}, handler{std::move(h)}
  {}

  /// A waiter's.
  send_operation(detail::send_slot&& h, detail::operation_id i) noexcept
      : id{i}, handler{std::move(h)}
  {}

  detail::operation_id id;
  boost::intrusive::set_member_hook<boost::intrusive::optimize_size<true>> id_link{};
  detail::send_slot handler; ///< begins a line of the cache
};

/// Keeps the memory of ended operations for the next ones, so that a send in
/// steady state takes none from the heap. Any thread may call it.
class operation_pool {
public:
  /**
   * Destroys an operation, and while it lives keeps the memory at hand for the
   * next one that this thread makes: the handler that is called meanwhile usually
   * sends again, and finds it in the cache, with no lock to take.
   */
  class spare {
  public:
    spare(operation_pool& pool, send_operation& ended) noexcept
        : pool_{pool}, memory_{&ended}, outer_{std::exchange(at_hand, this)}
    {
      ended.~send_operation();
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
  explicit operation_pool(std::size_t most) noexcept : blocks_{sizeof(send_operation), most} {}

  [[nodiscard]] send_operation* make(message&& m, core::time_point deadline,
                                     detail::send_slot&& handler, detail::operation_id id)
  {
    return ::new (take()) send_operation(std::move(m), deadline, std::move(handler), id);
  }
  /// For an event of a batch.
  [[nodiscard]] send_operation* make_waiter(detail::send_slot&& handler, detail::operation_id id)
  {
    return ::new (take()) send_operation(std::move(handler), id);
  }

  /// Destroys the operation and keeps its memory.
  void release(send_operation& operation) noexcept
  {
    operation.~send_operation();
    blocks_.give_back(&operation);
  }

  /// Free operations are kept up to so many, from now on.
  void keep(std::size_t most) noexcept { blocks_.keep(most); }

private:
  static_assert(alignof(send_operation) <= static_cast<std::size_t>(block_pool::alignment));

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

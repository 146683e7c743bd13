#ifndef RIEMANN_NET_DELIVERY_HPP
#define RIEMANN_NET_DELIVERY_HPP

#include "core/request.hpp"
#include "net/block_pool.hpp"
#include "net/handler_memory.hpp"
#include "net/operation_pool.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <limits>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

namespace riemann::inline v0::net {

/// What the deliveries of one transport share; it outlives whoever made them.
template <class Operation>
struct delivery_room {
  /// Operations that a wide delivery holds at most.
  static constexpr std::size_t many = 128;

  /// Sizes of deliveries, and how many operations are outstanding in a busy time.
  delivery_room(std::size_t wide_size, std::size_t narrow_size, std::size_t window) noexcept
      // Twice the window: those that have ended, and those their handlers send.
      : most_{2 * std::min(window, std::numeric_limits<std::size_t>::max() / 2)},
        operations{most_},
        wide{wide_size, wide_kept()},
        narrow{narrow_size, most_}
  {}

  /// Gives back the free memory, and what becomes free from now on.
  void rest() noexcept
  {
    operations.keep(0);
    wide.keep(0);
    narrow.keep(0);
  }
  /// Keeps it again.
  void work() noexcept
  {
    operations.keep(most_);
    wide.keep(wide_kept());
    narrow.keep(most_);
  }

private:
  [[nodiscard]] std::size_t wide_kept() const noexcept { return most_ / many + 64; }

  std::size_t most_;

public:
  operation_pool<Operation> operations;
  block_pool wide;   ///< for deliveries of many
  block_pool narrow; ///< ...and of one
  /// Deliveries to the transport's own executor that have not ended.
  std::atomic<std::size_t> pending{0};
};

/**
 * Ended operations whose handlers share an executor, delivered by one post.
 *
 * Handlers are claimed one by one, and while more are left another runner always
 * waits at the executor: handlers that block on another's future, or throw, do
 * not hold up those behind them while a thread is idle. An executor that runs one
 * function at a time calls them in order; after one that throws, those behind it
 * may come later than the next delivery.
 *
 * A delivery that its context destroys unrun destroys its handlers uninvoked.
 */
template <class Operation>
class delivery {
public:
  using pointer = boost::intrusive_ptr<delivery>;

  delivery(const delivery&) = delete;
  delivery& operator=(const delivery&) = delete;

  [[nodiscard]] bool full() const noexcept { return count_ == operations_.size(); }
  void add(Operation& operation) noexcept { operations_[count_++] = &operation; }
  /// Instead of delivering: puts all of them in front of the list.
  void give_back(typename Operation::list& list) noexcept;

  /// Has its executor run it.
  virtual void post() = 0;
  /// To be called on the executor, by whoever did not post it.
  void run();

protected:
  /// `operations`: room for them. `own`: the executor is the transport's.
  delivery(std::shared_ptr<delivery_room<Operation>> room, block_pool& home,
           std::span<Operation*> operations, bool own) noexcept;
  virtual ~delivery();

private:
  friend void intrusive_ptr_add_ref(delivery* d) noexcept
  {
    d->owners_.fetch_add(1, std::memory_order_relaxed);
  }
  friend void intrusive_ptr_release(delivery* d) noexcept
  {
    if (d->owners_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      d->end();
    }
  }

  void end() noexcept;
  void call_for_help() noexcept;
  [[nodiscard]] std::size_t claim() noexcept { return next_.fetch_add(1); }
  void prefetch(std::size_t next) const noexcept;
  void complete(Operation& operation);

  std::shared_ptr<delivery_room<Operation>> room_;
  block_pool& home_;
  std::span<Operation*> operations_;
  std::size_t count_ = 0;
  std::atomic<std::size_t> next_{0};
  std::atomic<std::size_t> owners_{0};
  std::atomic<bool> runner_waits_{true}; ///< posted and not begun
  const bool own_;
};

extern template class delivery<send_operation>;
extern template class delivery<wait_operation>;

/// Of `Capacity` operations at most, to an executor of the type.
template <class Operation, class Executor, std::size_t Capacity>
class delivery_to final : public delivery<Operation> {
public:
  using pointer = typename delivery<Operation>::pointer;
  using room_type = delivery_room<Operation>;

  static pointer make(const Executor& executor, const std::shared_ptr<room_type>& room, bool own)
  {
    block_pool& home = Capacity == 1 ? room->narrow : room->wide;
    return pointer{::new (home.take()) delivery_to{executor, room, home, own}};
  }

  void post() override
  {
    if constexpr (takes_memory) {
      boost::asio::post(executor_, runner{pointer{this}, &memory_});
    } else {
      boost::asio::post(executor_, [self = pointer{this}] { self->run(); });
    }
  }

private:
  /// Erased executors (Boost 1.81) take what they need from `std::allocator`.
  static constexpr bool takes_memory = !std::is_same_v<Executor, boost::asio::any_io_executor>;
  struct no_memory {};

  struct runner {
    using allocator_type = handler_allocator<void>;
    [[nodiscard]] allocator_type get_allocator() const noexcept { return allocator_type{*memory}; }
    void operator()() const { self->run(); }

    pointer self;
    handler_memory* memory; ///< told of after a move, too
  };

  delivery_to(const Executor& executor, std::shared_ptr<room_type> room, block_pool& home, bool own)
      : delivery<Operation>{std::move(room), home, storage_, own}, executor_{executor}
  {}
  ~delivery_to() override = default;

  Executor executor_;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-member-init): as many are set as were added
  std::array<Operation*, Capacity> storage_;
  [[no_unique_address]] std::conditional_t<takes_memory, handler_memory, no_memory> memory_{};
};

} // namespace riemann::inline v0::net

#endif

#ifndef RIEMANN_NET_DELIVERY_HPP
#define RIEMANN_NET_DELIVERY_HPP

#include "core/request.hpp"
#include "net/block_pool.hpp"
#include "net/handler_memory.hpp"
#include "net/operation_pool.hpp"

#include <boost/asio/post.hpp>
#include <boost/smart_ptr/intrusive_ptr.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace riemann::net {

/// What the deliveries of one transport share; it outlives whoever made them.
struct delivery_room {
  /// `most`: free operations kept.
  delivery_room(std::size_t delivery_size, std::size_t most) noexcept
      : operations{most}, deliveries{delivery_size, 32}
  {}

  operation_pool operations;
  block_pool deliveries;

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
class delivery {
public:
  using pointer = boost::intrusive_ptr<delivery>;

  /// Operations that one holds at most.
  static constexpr std::size_t capacity = 128;

  delivery(const delivery&) = delete;
  delivery& operator=(const delivery&) = delete;

  [[nodiscard]] bool full() const noexcept { return count_ == capacity; }
  void add(send_operation& operation) noexcept { operations_[count_++] = &operation; }
  /// Instead of delivering: puts all of them in front of the list.
  void give_back(core::request_list& list) noexcept;

  /// Has its executor run it.
  virtual void post() = 0;
  /// To be called on the executor, by whoever did not post it.
  void run();

protected:
  /// `own`: its executor is the transport's.
  delivery(std::shared_ptr<delivery_room> room, bool own) noexcept;
  virtual ~delivery();

  struct runner {
    using allocator_type = handler_allocator<void>;
    [[nodiscard]] allocator_type get_allocator() const noexcept { return allocator_type{*memory}; }
    void operator()() const { self->run(); }

    pointer self;
    handler_memory* memory; ///< told of after a move, too
  };

  handler_memory memory_{};

private:
  friend void intrusive_ptr_add_ref(delivery* d) noexcept
  {
    d->owners_.fetch_add(1, std::memory_order_relaxed);
  }
  friend void intrusive_ptr_release(delivery* d) noexcept;

  void call_for_help() noexcept;
  [[nodiscard]] std::size_t claim() noexcept { return next_.fetch_add(1); }
  void prefetch(std::size_t next) const noexcept;
  void complete(send_operation& operation);

  std::shared_ptr<delivery_room> room_;
  std::array<send_operation*, capacity> operations_; // NOLINT: the first count_ are set
  std::size_t count_ = 0;
  std::atomic<std::size_t> next_{0};
  std::atomic<std::size_t> owners_{0};
  std::atomic<bool> runner_waits_{true}; ///< posted and not begun
  const bool own_;
};

/// One to an executor of the type.
template <class Executor>
class delivery_to final : public delivery {
public:
  static pointer make(const Executor& executor, const std::shared_ptr<delivery_room>& room,
                      bool own)
  {
    return pointer{::new (room->deliveries.take()) delivery_to{executor, room, own}};
  }

  void post() override { boost::asio::post(executor_, runner{pointer{this}, &memory_}); }

private:
  delivery_to(const Executor& executor, std::shared_ptr<delivery_room> room, bool own)
      : delivery{std::move(room), own}, executor_{executor}
  {}
  ~delivery_to() override = default;

  Executor executor_;
};

} // namespace riemann::net

#endif

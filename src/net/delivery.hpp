#ifndef RIEMANN_NET_DELIVERY_HPP
#define RIEMANN_NET_DELIVERY_HPP

#include "core/request.hpp"
#include "net/handler_memory.hpp"
#include "net/operation_pool.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace riemann::net {

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
template <class Executor>
class delivery : public std::enable_shared_from_this<delivery<Executor>> {
public:
  delivery(Executor executor, std::shared_ptr<operation_pool> pool, std::size_t most)
      : executor_{std::move(executor)}, pool_{std::move(pool)}
  {
    operations_.reserve(most);
  }
  delivery(const delivery&) = delete;
  delivery& operator=(const delivery&) = delete;
  ~delivery()
  {
    const std::size_t claimed = std::min(next_.load(), operations_.size());
    pool_->release(operations_.data() + claimed, operations_.size() - claimed);
  }

  /// At most as many as were announced.
  void add(send_operation& operation) noexcept { operations_.push_back(&operation); }
  /// Instead of `post()`: puts all of them in front of the list.
  void give_back(core::request_list& list) noexcept
  {
    for (; !operations_.empty(); operations_.pop_back()) {
      list.push_front(*operations_.back());
    }
  }
  void post() { boost::asio::post(executor_, runner{this->shared_from_this(), &memory_}); }

private:
  struct runner {
    using allocator_type = handler_allocator<void>;
    [[nodiscard]] allocator_type get_allocator() const noexcept { return allocator_type{*memory}; }
    void operator()() const { self->run(); }

    std::shared_ptr<delivery> self;
    handler_memory* memory; ///< told of after a move, too
  };

  void run()
  {
    runner_waits_.store(false);
    for (std::size_t mine = claim(); mine < operations_.size(); mine = claim()) {
      call_for_help();
      complete(*operations_[mine]);
    }
  }

  void call_for_help() noexcept
  {
    if (next_.load() < operations_.size() && !runner_waits_.load() &&
        !runner_waits_.exchange(true)) {
      try {
        post();
      } catch (...) { // NOLINT: no memory; this runner goes on alone
        runner_waits_.store(false);
      }
    }
  }

  std::size_t claim() noexcept { return next_.fetch_add(1); }

  void complete(send_operation& operation)
  {
    auto handler = std::move(operation.handler);
    const auto error = operation.error;
    auto answer = std::move(operation.answer);
    pool_->release(&operation);
    try {
      handler(error, std::move(answer));
    } catch (...) {
      call_for_help();
      throw;
    }
  }

  Executor executor_;
  std::shared_ptr<operation_pool> pool_;
  std::vector<send_operation*> operations_{};
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> runner_waits_{true}; ///< posted and not begun
  handler_memory memory_{};
};

} // namespace riemann::net

#endif

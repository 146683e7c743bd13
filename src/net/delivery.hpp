#ifndef RIEMANN_NET_DELIVERY_HPP
#define RIEMANN_NET_DELIVERY_HPP

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
 * Handlers are claimed one by one, and a second runner is posted before the
 * first handler is called: one that blocks on another's future, or throws, does
 * not hold up those behind it while threads are idle. An executor that runs one
 * function at a time calls them in order.
 *
 * A delivery that its context destroys unrun destroys its handlers uninvoked.
 */
template <class Executor>
class delivery : public std::enable_shared_from_this<delivery<Executor>> {
public:
  delivery(Executor executor, std::shared_ptr<operation_pool> pool)
      : executor_{std::move(executor)}
      , pool_{std::move(pool)}
  {
  }
  delivery(const delivery&) = delete;
  delivery& operator=(const delivery&) = delete;
  ~delivery()
  {
    const std::size_t claimed = std::min(next_.load(), operations_.size());
    pool_->release(operations_.data() + claimed, operations_.size() - claimed);
  }

  void add(send_operation& operation) { operations_.push_back(&operation); }
  void post() { boost::asio::post(executor_, runner{this->shared_from_this()}); }

private:
  struct runner {
    using allocator_type = handler_allocator<void>;
    [[nodiscard]] allocator_type get_allocator() const noexcept
    {
      return allocator_type{self->memory_};
    }
    void operator()() const { self->run(); }

    std::shared_ptr<delivery> self;
  };

  void run()
  {
    std::size_t mine = claim();
    if (mine + 1 < operations_.size() && !helped_.exchange(true)) {
      post();
    }
    for (; mine < operations_.size(); mine = claim()) {
      complete(*operations_[mine]);
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
      if (next_.load() < operations_.size()) {
        post();
      }
      throw;
    }
  }

  Executor executor_;
  std::shared_ptr<operation_pool> pool_;
  std::vector<send_operation*> operations_{};
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> helped_{false};
  handler_memory memory_{};
};

} // namespace riemann::net

#endif

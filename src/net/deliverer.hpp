#ifndef RIEMANN_NET_DELIVERER_HPP
#define RIEMANN_NET_DELIVERER_HPP

#include "core/request.hpp"
#include "net/delivery.hpp"
#include "net/operation_pool.hpp"
#include "net/waiters.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <memory>
#include <type_traits>
#include <utility>

namespace riemann::net {

/// Hands what has ended to its handlers' executors, one post for those in a row
/// that share one. `Executor` is the transport's own, as it is. Any thread may
/// call it.
template <class Executor>
class deliverer {
public:
  deliverer(Executor own, std::shared_ptr<operation_pool> pool)
      : own_{std::move(own)}, pool_{std::move(pool)}
  {}

  /// Empties the list; what an exception leaves in it was not delivered.
  void deliver(core::request_list& ended) const
  {
    while (!ended.empty()) {
      const auto& first = static_cast<send_operation&>(ended.front()).handler.executor();
      if (first) {
        deliver_run(ended, boost::asio::any_io_executor{first});
      } else {
        deliver_run(ended, own_);
      }
    }
  }

  void deliver(finished_waits& done) const
  {
    for (finished_wait& f : std::exchange(done, {})) {
      if (const auto executor = f.handler.executor()) {
        post(executor, std::move(f));
      } else {
        post(own_, std::move(f));
      }
    }
  }

private:
  template <class Where>
  static void post(const Where& executor, finished_wait f)
  {
    boost::asio::post(executor, [f = std::move(f)]() mutable { f.handler(f.error); });
  }

  /// Takes the operations in front that complete where the first one does.
  template <class Where>
  void deliver_run(core::request_list& ended, const Where& executor) const
  {
    const auto end = std::ranges::find_if_not(ended, [&](const core::request& r) {
      return belongs(static_cast<const send_operation&>(r).handler.executor(), executor);
    });
    const auto count = static_cast<std::size_t>(std::distance(ended.begin(), end));
    auto group = std::make_shared<delivery<Where>>(executor, pool_, count);
    for (std::size_t i = 0; i != count; ++i) {
      auto& operation = static_cast<send_operation&>(ended.front());
      ended.pop_front();
      group->add(operation);
    }
    try {
      group->post();
    } catch (...) {
      group->give_back(ended);
      throw;
    }
  }

  template <class Where>
  [[nodiscard]] bool belongs(const boost::asio::any_io_executor& wanted,
                             const Where& executor) const
  {
    if constexpr (!std::is_same_v<Where, boost::asio::any_io_executor>) {
      return !wanted;
    } else if constexpr (std::is_same_v<Executor, boost::asio::any_io_executor>) {
      return wanted ? wanted == executor : executor == own_;
    } else {
      return wanted && wanted == executor;
    }
  }

  Executor own_;
  std::shared_ptr<operation_pool> pool_;
};

} // namespace riemann::net

#endif

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

namespace riemann::inline v0::net {

/// Hands what has ended to its handlers' executors, one post for those in a row
/// that share one. `Executor` is the transport's own, as it is. Any thread may
/// call it.
template <class Executor>
class deliverer {
public:
  static std::shared_ptr<delivery_room> make_room(std::size_t window)
  {
    return std::make_shared<delivery_room>(
        std::max(sizeof(delivery_to<Executor, many>),
                 sizeof(delivery_to<boost::asio::any_io_executor, many>)),
        std::max(sizeof(delivery_to<Executor, 1>),
                 sizeof(delivery_to<boost::asio::any_io_executor, 1>)),
        window);
  }

  deliverer(Executor own, std::shared_ptr<delivery_room> room)
      : own_{std::move(own)}, room_{std::move(room)}
  {}

  /// Empties the list; what an exception leaves in it was not delivered.
  ///
  /// `at_once`: where the caller takes a delivery to its own executor instead of
  /// having it posted, since it is there and will run it as the next thing; used
  /// if it is empty, and if that overtakes no other.
  void deliver(core::request_list& ended, delivery::pointer* at_once = nullptr) const
  {
    while (!ended.empty()) {
      const auto& first = static_cast<send_operation&>(ended.front()).handler.executor();
      if (first) {
        deliver_run(ended, boost::asio::any_io_executor{first});
      } else if (at_once != nullptr && !*at_once && room_->pending == 0) {
        *at_once = gather(ended, own_);
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
  static constexpr std::size_t many = delivery_room::many;

  template <class Where>
  static void post(const Where& executor, finished_wait f)
  {
    boost::asio::post(executor, [f = std::move(f)]() mutable { f.handler(f.error); });
  }

  /// Takes the operations in front that complete where the first one does.
  template <class Where>
  delivery::pointer gather(core::request_list& ended, const Where& executor) const
  {
    const bool own = std::is_same_v<Where, Executor> && executor == own_;
    auto group = alone(ended, executor) ? delivery_to<Where, 1>::make(executor, room_, own)
                                        : delivery_to<Where, many>::make(executor, room_, own);
    while (!ended.empty() && !group->full() && belongs(ended.front(), executor)) {
      auto& operation = static_cast<send_operation&>(ended.front());
      ended.pop_front();
      // A long message is not to wait for its handler's turn: refused ones may be many.
      if (operation.size > message::inline_capacity) {
        operation.payload = message{};
      }
      group->add(operation);
    }
    return group;
  }

  /// The one behind the first completes elsewhere, if there is one.
  template <class Where>
  [[nodiscard]] bool alone(const core::request_list& ended, const Where& executor) const
  {
    const auto second = std::next(ended.begin());
    return second == ended.end() || !belongs(*second, executor);
  }

  template <class Where>
  void deliver_run(core::request_list& ended, const Where& executor) const
  {
    const auto group = gather(ended, executor);
    try {
      group->post();
    } catch (...) {
      group->give_back(ended);
      throw;
    }
  }

  template <class Where>
  [[nodiscard]] bool belongs(const core::request& r, const Where& executor) const
  {
    const auto& wanted = static_cast<const send_operation&>(r).handler.executor();
    if constexpr (!std::is_same_v<Where, boost::asio::any_io_executor>) {
      return !wanted;
    } else if constexpr (std::is_same_v<Executor, boost::asio::any_io_executor>) {
      return wanted ? wanted == executor : executor == own_;
    } else {
      return wanted && wanted == executor;
    }
  }

  Executor own_;
  std::shared_ptr<delivery_room> room_;
};

} // namespace riemann::inline v0::net

#endif

#ifndef RIEMANN_NET_DELIVERER_HPP
#define RIEMANN_NET_DELIVERER_HPP

#include "net/delivery.hpp"
#include "net/operation_pool.hpp"
#include "net/waiters.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <iterator>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace riemann::inline v0::net {

/// Hands what has ended to its handlers' executors, one post for those in a row
/// that share one. `Executor` is the transport's own, as it is. Any thread may
/// call it.
template <class Operation, class Executor>
class deliverer {
public:
  using room_type = delivery_room<Operation>;
  using list = typename Operation::list;
  using pointer = typename delivery<Operation>::pointer;

  static std::shared_ptr<room_type> make_room(std::size_t window)
  {
    return std::make_shared<room_type>(
        std::max(sizeof(delivery_to<Operation, Executor, many>),
                 sizeof(delivery_to<Operation, boost::asio::any_io_executor, many>)),
        std::max(sizeof(delivery_to<Operation, Executor, 1>),
                 sizeof(delivery_to<Operation, boost::asio::any_io_executor, 1>)),
        window);
  }

  deliverer(Executor own, std::shared_ptr<room_type> room)
      : own_{std::move(own)}, room_{std::move(room)}
  {}

  /// Empties the list, but for those whose executors refuse them, by an exception, the first
  /// of which it returns. Throws only for want of memory; what that leaves in the list was
  /// not delivered, either.
  ///
  /// `at_once`: where the caller takes a delivery to its own executor instead of
  /// having it posted, since it is there and will run it as the next thing; used
  /// if it is empty, and if that overtakes no other.
  std::exception_ptr deliver(list& ended, pointer* at_once = nullptr) const
  {
    refusals refused;
    try {
      while (!ended.empty()) {
        const auto& first = static_cast<Operation&>(ended.front()).handler.executor();
        if (first) {
          deliver_run(ended, boost::asio::any_io_executor{first}, refused);
        } else if (at_once != nullptr && !*at_once && room_->pending == 0) {
          *at_once = gather(ended, own_);
        } else {
          deliver_run(ended, own_, refused);
        }
      }
    } catch (...) {
      ended.splice(ended.begin(), refused.operations);
      throw;
    }
    ended.splice(ended.begin(), refused.operations);
    return refused.first;
  }

  /// With an exception it is as it was.
  void deliver(finished_wait& f) const
  {
    if (const auto executor = f.handler.executor()) {
      post_wait(executor, f);
    } else {
      post_wait(own_, f);
    }
  }

  /// As the first.
  std::exception_ptr deliver(finished_waits& done) const
  {
    std::exception_ptr refusal;
    for (auto next = done.begin(); next != done.end();) {
      try {
        deliver(*next);
        next = done.erase(next);
      } catch (const std::bad_alloc&) {
        throw;
      } catch (...) {
        refusal = refusal ? refusal : std::current_exception();
        ++next;
      }
    }
    return refusal;
  }

private:
  static constexpr std::size_t many = room_type::many;

  struct refusals {
    list operations{};
    std::exception_ptr first{};
  };

  /// Takes the operations in front that complete where the first one does.
  template <class Where>
  pointer gather(list& ended, const Where& executor) const
  {
    const bool own = std::is_same_v<Where, Executor> && executor == own_;
    auto group = alone(ended, executor)
                     ? delivery_to<Operation, Where, 1>::make(executor, room_, own)
                     : delivery_to<Operation, Where, many>::make(executor, room_, own);
    while (!ended.empty() && !group->full() && belongs(ended.front(), executor)) {
      auto& operation = static_cast<Operation&>(ended.front());
      ended.pop_front();
      operation.leave_behind();
      group->add(operation);
    }
    return group;
  }

  /// The one behind the first completes elsewhere, if there is one.
  template <class Where>
  [[nodiscard]] bool alone(const list& ended, const Where& executor) const
  {
    const auto second = std::next(ended.begin());
    return second == ended.end() || !belongs(*second, executor);
  }

  template <class Where>
  void deliver_run(list& ended, const Where& executor, refusals& refused) const
  {
    const auto group = gather(ended, executor);
    try {
      group->post();
    } catch (const std::bad_alloc&) {
      group->give_back(ended);
      throw;
    } catch (...) {
      list these;
      group->give_back(these);
      refused.operations.splice(refused.operations.end(), these);
      refused.first = refused.first ? refused.first : std::current_exception();
    }
  }

  template <class Where>
  [[nodiscard]] bool belongs(const typename list::value_type& waiter, const Where& executor) const
  {
    const auto& wanted = static_cast<const Operation&>(waiter).handler.executor();
    if constexpr (!std::is_same_v<Where, boost::asio::any_io_executor>) {
      return !wanted;
    } else if constexpr (std::is_same_v<Executor, boost::asio::any_io_executor>) {
      return wanted ? wanted == executor : executor == own_;
    } else {
      return wanted && wanted == executor;
    }
  }

  Executor own_;
  std::shared_ptr<room_type> room_;
};

} // namespace riemann::inline v0::net

#endif

#ifndef RIEMANN_NET_WAITERS_HPP
#define RIEMANN_NET_WAITERS_HPP

#include "core/reserve_more.hpp"

#include <riemann/detail/implementation.hpp>

#include <boost/asio/post.hpp>
#include <boost/system/error_code.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace riemann::inline v0::net {

/// A connect or disconnect that has ended, and is to be told.
struct finished_wait {
  detail::done_slot handler;
  boost::system::error_code error;
};
using finished_waits = std::vector<finished_wait>;

/// Has it told on the executor. With an exception it is as it was.
template <class Executor>
void post_wait(const Executor& executor, finished_wait& f)
{
  const auto posted = std::make_shared<finished_wait>(std::move(f));
  try {
    boost::asio::post(executor, [posted] { posted->handler(posted->error); });
  } catch (...) {
    f = std::move(*posted);
    throw;
  }
}

/// Those who wait for the same thing.
class waiters {
public:
  /// To add one then needs no memory.
  void make_room() { core::reserve_more(waiting_, 1); }

  void add(detail::done_slot&& handler, detail::operation_id id)
  {
    waiting_.push_back({std::move(handler), id});
  }

  void finish_all(boost::system::error_code error, finished_waits& done)
  {
    for (waiter& w : waiting_) {
      done.push_back({std::move(w.handler), error});
    }
    waiting_.clear();
  }

  /// False: no such one waits.
  bool finish(detail::operation_id id, boost::system::error_code error, finished_waits& done)
  {
    const auto w = std::ranges::find(waiting_, id, &waiter::id);
    if (w == waiting_.end()) {
      return false;
    }
    done.push_back({std::move(w->handler), error});
    waiting_.erase(w);
    return true;
  }

  [[nodiscard]] bool empty() const noexcept { return waiting_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return waiting_.size(); }

private:
  struct waiter {
    detail::done_slot handler;
    detail::operation_id id;
  };

  std::vector<waiter> waiting_{};
};

} // namespace riemann::inline v0::net

#endif

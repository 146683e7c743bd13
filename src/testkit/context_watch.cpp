#include "testkit/context_watch.hpp"

#include <utility>

namespace riemann::inline v0::testkit::detail {

boost::asio::execution_context::id context_watch::id;

context_watch::context_watch(boost::asio::execution_context& context) : service{context} {}

void context_watch::add(std::weak_ptr<context_bound> watched)
{
  const std::lock_guard lock{mutex_};
  std::erase_if(watched_, [](const auto& w) { return w.expired(); });
  watched_.push_back(std::move(watched));
}

void context_watch::shutdown()
{
  std::vector<std::weak_ptr<context_bound>> all;
  {
    const std::lock_guard lock{mutex_};
    all.swap(watched_);
  }
  for (const auto& w : all) {
    if (const auto watched = w.lock()) {
      watched->release_io();
    }
  }
}

} // namespace riemann::inline v0::testkit::detail

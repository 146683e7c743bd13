#include "net/shutdown_service.hpp"

#include <utility>

namespace riemann::inline v0::net {

boost::asio::execution_context::id shutdown_service::id;
boost::asio::execution_context::id plain_shutdown_service::id;

shutdown_service::~shutdown_service()
{
  // One after the other: the chain may be long.
  while (kept_) {
    kept_ = std::move(kept_->next_);
  }
}

void shutdown_service::keep(std::unique_ptr<operation_memory> memory) noexcept
{
  memory->next_ = std::move(kept_);
  kept_ = std::move(memory);
}

void shutdown_service::add(shutdown_node& node)
{
  const std::scoped_lock lock{mutex_};
  nodes_.push_back(node);
}

void shutdown_service::remove(shutdown_node& node) noexcept
{
  const std::scoped_lock lock{mutex_};
  if (node.is_linked()) {
    nodes_.erase(nodes_.iterator_to(node));
  }
}

void shutdown_service::shutdown()
{
  // A handler that is destroyed may own, and so remove, another node.
  for (;;) {
    shutdown_node* node = nullptr;
    {
      const std::scoped_lock lock{mutex_};
      if (nodes_.empty()) {
        return;
      }
      node = &nodes_.front();
      nodes_.pop_front();
    }
    node->on_context_shutdown();
  }
}

} // namespace riemann::inline v0::net

#include "client/completions.hpp"

#include <boost/asio/post.hpp>

namespace riemann::inline v0::clients {

void completions::post(std::shared_ptr<completion> c) noexcept
{
  try {
    boost::asio::post(c->where(), [c] { c->call(); });
  } catch (...) { // NOLINT(bugprone-empty-catch): no memory: it is tried again
    keep(std::move(c));
  }
}

void completions::post_late() noexcept
{
  if (!some_are_late_) {
    return;
  }
  for (auto next = take_late(); next;) {
    const auto c = std::exchange(next, std::move(next->next_));
    post(c);
  }
}

void completions::drop() noexcept
{
  // One after the other: a long chain is not to be a deep recursion.
  for (auto next = take_late(); next;) {
    next = std::exchange(next->next_, nullptr);
  }
}

void completions::keep(std::shared_ptr<completion> c) noexcept
{
  const std::scoped_lock lock{mutex_};
  c->next_ = std::exchange(late_, nullptr);
  late_ = std::move(c);
  some_are_late_ = true;
}

std::shared_ptr<completion> completions::take_late() noexcept
{
  const std::scoped_lock lock{mutex_};
  some_are_late_ = false;
  return std::exchange(late_, nullptr);
}

} // namespace riemann::inline v0::clients

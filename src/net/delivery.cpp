#include "net/delivery.hpp"

#include <algorithm>

namespace riemann::inline v0::net {

template <class Operation>
delivery<Operation>::delivery(std::shared_ptr<delivery_room<Operation>> room, block_pool& home,
                              std::span<Operation*> operations, bool own) noexcept
    : room_{std::move(room)}, home_{home}, operations_{operations}, own_{own}
{
  if (own_) {
    ++room_->pending;
  }
}

template <class Operation>
delivery<Operation>::~delivery()
{
  if (own_) {
    --room_->pending;
  }
  for (std::size_t i = std::min(next_.load(), count_); i != count_; ++i) {
    room_->operations.release(*operations_[i]);
  }
}

/// Nobody has it any more.
template <class Operation>
void delivery<Operation>::end() noexcept
{
  const auto room = room_;
  block_pool& home = home_;
  this->~delivery();
  home.give_back(this);
}

template <class Operation>
void delivery<Operation>::give_back(typename Operation::list& list) noexcept
{
  while (count_ != 0) {
    list.push_front(*operations_[--count_]);
  }
}

template <class Operation>
void delivery<Operation>::run()
{
  runner_waits_.store(false);
  for (std::size_t mine = claim(); mine < count_; mine = claim()) {
    call_for_help();
    prefetch(mine + 1);
    complete(*operations_[mine]);
  }
}

template <class Operation>
void delivery<Operation>::call_for_help() noexcept
{
  if (next_.load() < count_ && !runner_waits_.load() && !runner_waits_.exchange(true)) {
    try {
      post();
    } catch (...) { // NOLINT(bugprone-empty-catch): no memory; this runner goes on alone
      runner_waits_.store(false);
    }
  }
}

/// A window of operations is more than the nearest cache holds.
template <class Operation>
void delivery<Operation>::prefetch(std::size_t next) const noexcept
{
#if defined(__GNUC__)
  if (next < count_) {
    const Operation* const operation = operations_[next];
    const auto* const handler = reinterpret_cast<const char*>(&operation->handler);
    __builtin_prefetch(&operation->answer);
    __builtin_prefetch(handler);
    __builtin_prefetch(handler + 64);
  }
#else
  static_cast<void>(next);
#endif
}

template <class Operation>
void delivery<Operation>::complete(Operation& operation)
{
  auto handler = std::move(operation.handler);
  auto error = operation.error;
  auto answer = std::move(operation.answer);
  const typename operation_pool<Operation>::spare at_hand{room_->operations, operation};
  try {
    handler.invoke(error, answer);
  } catch (...) {
    call_for_help();
    throw;
  }
}

template class delivery<send_operation>;
template class delivery<wait_operation>;

} // namespace riemann::inline v0::net

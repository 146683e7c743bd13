#include "net/delivery.hpp"

#include <algorithm>

namespace riemann::inline v0::net {

delivery::delivery(std::shared_ptr<delivery_room> room, block_pool& home,
                   std::span<send_operation*> operations, bool own) noexcept
    : room_{std::move(room)}, home_{home}, operations_{operations}, own_{own}
{
  if (own_) {
    ++room_->pending;
  }
}

delivery::~delivery()
{
  if (own_) {
    --room_->pending;
  }
  for (std::size_t i = std::min(next_.load(), count_); i != count_; ++i) {
    room_->operations.release(*operations_[i]);
  }
}

void intrusive_ptr_release(delivery* d) noexcept
{
  if (d->owners_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    const auto room = d->room_;
    block_pool& home = d->home_;
    d->~delivery();
    home.give_back(d);
  }
}

void delivery::give_back(core::request_list& list) noexcept
{
  while (count_ != 0) {
    list.push_front(*operations_[--count_]);
  }
}

void delivery::run()
{
  runner_waits_.store(false);
  for (std::size_t mine = claim(); mine < count_; mine = claim()) {
    call_for_help();
    prefetch(mine + 1);
    complete(*operations_[mine]);
  }
}

void delivery::call_for_help() noexcept
{
  if (next_.load() < count_ && !runner_waits_.load() && !runner_waits_.exchange(true)) {
    try {
      post();
    } catch (...) { // NOLINT: no memory; this runner goes on alone
      runner_waits_.store(false);
    }
  }
}

/// A window of operations is more than the nearest cache holds.
void delivery::prefetch(std::size_t next) const noexcept
{
#if defined(__GNUC__)
  if (next < count_) {
    const auto* const line = reinterpret_cast<const char*>(operations_[next]);
    __builtin_prefetch(line + 64);
    __builtin_prefetch(line + sizeof(core::request));
    __builtin_prefetch(line + sizeof(core::request) + 64);
  }
#else
  static_cast<void>(next);
#endif
}

void delivery::complete(send_operation& operation)
{
  auto handler = std::move(operation.handler);
  auto error = operation.error;
  auto answer = std::move(operation.answer);
  const operation_pool::spare at_hand{room_->operations, operation};
  try {
    handler.invoke(error, answer);
  } catch (...) {
    call_for_help();
    throw;
  }
}

} // namespace riemann::inline v0::net

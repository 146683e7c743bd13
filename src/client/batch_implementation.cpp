#include "client/batch_implementation.hpp"

#include <riemann/error.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>

#include <algorithm>
#include <utility>

namespace riemann::inline v0::clients {

namespace {

/// Operations in a busy time, whose memory is kept.
constexpr std::size_t most_kept = 1'000;

} // namespace

batch_implementation::batch_implementation(std::shared_ptr<detail::implementation> transport,
                                           const batch_options& options,
                                           std::unique_ptr<alarm_clock> clock)
    : executor_{transport->executor()},
      transport_{std::move(transport)},
      room_{deliverer_type::make_room(std::min(options.max_events, most_kept))},
      io_{std::in_place, executor_, room_, std::move(clock)},
      service_{boost::asio::use_service<net::shutdown_service>(
          boost::asio::query(executor_, boost::asio::execution::context))},
      batcher_{options},
      on_loss_{options.on_loss}
{
  service_.add(*this);
}

batch_implementation::~batch_implementation()
{
  if (!context_gone_) {
    service_.remove(*this);
    destroy_handlers();
  }
}

// --- callers' side: any thread

core::batcher::admission batch_implementation::add_beside(const detail::event_source& event,
                                                          net::wait_operation* waiter,
                                                          lock_type& lock)
{
  const message encoded{event};
  lock.lock();
  return batcher_.add(encoded.body(), waiter);
}

bool batch_implementation::post(const detail::event_source& event)
{
  if (context_gone_) {
    return false;
  }
  lock_type lock{mutex_, std::defer_lock};
  const auto admission = add(event, nullptr, lock);
  if (is_any_to_do(admission)) [[unlikely]] {
    unlock_and_do(lock, collect(admission.must_look));
  }
  return admission.taken;
}

void batch_implementation::send(const detail::lent_event& event, detail::send_slot&& handler,
                                detail::operation_id id)
{
  if (context_gone_) {
    return;
  }
  net::wait_operation* const operation = room_->operations.make(std::move(handler), id);
  lock_type lock{mutex_, std::defer_lock};
  core::batcher::admission admission{};
  try {
    if (const message* const encoded = event.encoded()) {
      lock.lock();
      admission = batcher_.add(encoded->body(), operation);
    } else {
      admission = add(event.source(), operation, lock);
    }
  } catch (...) {
    if (lock) {
      lock.unlock();
    }
    room_->operations.release(*operation);
    throw;
  }
  if (admission.taken && id != 0) {
    cancellable_.insert(*operation);
  }
  if (is_any_to_do(admission)) [[unlikely]] {
    unlock_and_do(lock, collect(admission.must_look));
  }
}

void batch_implementation::flush(detail::done_slot handler, detail::operation_id id)
{
  wait({{}, {std::move(handler), {}}, id, false}, {});
}

void batch_implementation::drain(duration deadline, detail::done_slot handler,
                                 detail::operation_id id)
{
  if (context_gone_) {
    return;
  }
  wait({{}, {std::move(handler), {}}, id, true}, deadline_in(deadline));
}

void batch_implementation::wait(flush_operation f, std::optional<core::time_point> close_by)
{
  if (context_gone_) {
    return;
  }
  // What throws does so before anything has changed, and destroys the handler unlocked.
  flush_list alone;
  alone.push_back(std::move(f));
  lock_type lock{mutex_};
  batcher_.flush(alone.front());
  flushes_.splice(flushes_.end(), alone);
  if (close_by) {
    batcher_.close(*close_by);
  }
  unlock_and_do(lock, collect(true));
}

void batch_implementation::cancel_operation(detail::operation_id id, bool only_unwritten)
{
  if (context_gone_) {
    return;
  }
  lock_type lock{mutex_};
  chores c;
  if (const auto found = cancellable_.find(id); found != cancellable_.end()) {
    batcher_.cancel(*found, only_unwritten);
  } else if (const auto f = std::ranges::find(flushes_, id, &flush_operation::id);
             f != flushes_.end() && !(f->closes && only_unwritten)) {
    batcher_.forget(*f);
    finish(*f, boost::asio::error::operation_aborted, c);
  }
  collect_news(c);
  // The alarm may have nothing to wake for any more.
  c.wake = !std::exchange(waking_, true);
  unlock_and_do(lock, std::move(c));
}

batch_statistics batch_implementation::statistics() const
{
  const std::scoped_lock lock{mutex_};
  return batcher_.books();
}

void batch_implementation::close() noexcept
{
  if (context_gone_) {
    return;
  }
  lock_type lock{mutex_};
  batcher_.shut();
  armed_for_ = core::never;
  try {
    io_->clock->cancel();
  } catch (...) { // NOLINT(bugprone-empty-catch): an alarm that rings finds nothing to do
  }
  unlock_and_do(lock, collect(false));
}

core::time_point batch_implementation::deadline_in(duration d) const noexcept
{
  const auto now = io_->clock->now();
  return d > core::never - now ? core::never : now + d;
}

// --- with the lock held

batch_implementation::chores batch_implementation::collect(bool must_look) noexcept
{
  chores c;
  c.wake = must_look && !std::exchange(waking_, true);
  if (batcher_.has_news() || is_any_kept_back()) {
    collect_news(c);
  }
  return c;
}

void batch_implementation::collect_news(chores& c) noexcept
{
  c.ended = batcher_.take_ended();
  c.ended.splice(c.ended.begin(), undelivered_);
  if (!cancellable_.empty()) {
    for (core::batch_waiter& w : c.ended) {
      if (auto& operation = static_cast<net::wait_operation&>(w); operation.id_link.is_linked()) {
        cancellable_.erase(cancellable_.iterator_to(operation));
      }
    }
  }
  c.finished.splice(c.finished.begin(), untold_);
  for (auto flushed = batcher_.take_flushed(); !flushed.empty();) {
    auto& f = static_cast<flush_operation&>(flushed.front());
    flushed.pop_front();
    finish(f, f.error, c);
  }
  c.tell = batcher_.see_losses() && !std::exchange(telling_, true);
}

void batch_implementation::finish(flush_operation& f, boost::system::error_code error,
                                  chores& c) noexcept
{
  f.wait.error = error;
  const auto at = std::ranges::find(flushes_, &f, [](const flush_operation& o) { return &o; });
  c.finished.splice(c.finished.end(), flushes_, at);
}

bool batch_implementation::set_alarm() noexcept
{
  const auto due = batcher_.next_deadline();
  if (due == core::never && batcher_.idle() && armed_for_ != core::never) {
    // An idle batch client is not to keep its context running.
    armed_for_ = core::never;
    io_->clock->cancel();
  } else if (due < armed_for_) {
    return arm(due);
  }
  return true;
}

bool batch_implementation::arm(core::time_point due) noexcept
{
  // The alarm there was is none any more, even if there is no memory for another.
  armed_for_ = core::never;
  try {
    io_->clock->set(due, shared_from_this());
  } catch (...) {
    return false;
  }
  armed_for_ = due;
  return true;
}

// --- the end

void batch_implementation::on_context_shutdown() noexcept
{
  // A handler that is destroyed may hold the last reference to this.
  const auto self = weak_from_this().lock();
  context_gone_ = true;
  destroy_handlers();
  const auto on_loss = std::exchange(on_loss_, {});
  io_.reset();
  executor_ = boost::asio::any_io_executor{};
}

void batch_implementation::destroy_handlers() noexcept
{
  // Out of the way first: what handlers own may call back into here.
  cancellable_.clear();
  auto operations = batcher_.release_all();
  operations.splice(operations.end(), undelivered_);
  const auto flushes = std::exchange(flushes_, {});
  const auto untold = std::exchange(untold_, {});
  while (!operations.empty()) {
    auto& operation = static_cast<net::wait_operation&>(operations.front());
    operations.pop_front();
    room_->operations.release(operation);
  }
}

} // namespace riemann::inline v0::clients

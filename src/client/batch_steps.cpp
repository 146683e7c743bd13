// What a batch client does without its lock: handing over, delivering, telling.
#include "client/batch_implementation.hpp"

#include <riemann/error.hpp>

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace riemann::inline v0::clients {

void batch_implementation::unlock_and_do(lock_type& lock, chores c, delivery_pointer* at_once)
{
  // What was handed over may end meanwhile, elsewhere, and whose handler it was may give
  // up the batch client.
  const auto self = shared_from_this();
  lock.unlock();
  if (c.wake) {
    wake();
  }
  if (c.tell) {
    post_telling();
  }
  if (!c.finished.empty()) {
    io_->out.deliver(c.finished);
  }
  if (!c.ended.empty()) {
    try {
      io_->out.deliver(c.ended, at_once);
    } catch (...) {
      lock.lock();
      undelivered_.splice(undelivered_.end(), c.ended);
      lock.unlock();
      throw;
    }
  }
}

void batch_implementation::wake()
{
  try {
    boost::asio::post(executor_, [self = shared_from_this()] { self->on_woken(); });
  } catch (...) {
    // Whoever comes next tries again.
    const std::scoped_lock lock{mutex_};
    waking_ = false;
  }
}

void batch_implementation::on_woken()
{
  if (context_gone_) {
    return;
  }
  lock_type lock{mutex_};
  waking_ = false;
  hand_over_all(lock, nullptr);
}

void batch_implementation::on_alarm()
{
  if (context_gone_) {
    return;
  }
  lock_type lock{mutex_};
  armed_for_ = core::never;
  hand_over_all(lock, nullptr);
}

/// Whoever comes while another is at it leaves it to that one, which looks again.
void batch_implementation::hand_over_all(lock_type& lock, delivery_pointer* at_once)
{
  if (!std::exchange(handing_over_, true)) {
    const auto now = io_->clock->now();
    while (core::batch* const b = batcher_.next(now)) {
      lock.unlock();
      hand_over(*b);
      lock.lock();
    }
    handing_over_ = false;
    set_alarm();
  }
  unlock_and_do(lock, collect(false), at_once);
}

void batch_implementation::hand_over(core::batch& b)
{
  try {
    transport_->send(b.to_message(), {},
                     {batch_handler{shared_from_this(), &b}, boost::asio::any_io_executor{}}, 0);
  } catch (...) {
    const std::scoped_lock lock{mutex_};
    batcher_.on_end(b, errc::overloaded, response::failure("out of memory"), false);
  }
}

void batch_implementation::on_batch_end(core::batch& b, boost::system::error_code error,
                                        response answer)
{
  if (context_gone_) {
    return;
  }
  const bool sent = !error && nothing_is_acked();
  delivery_pointer at_once;
  {
    lock_type lock{mutex_};
    batcher_.on_end(b, error, std::move(answer), sent);
    hand_over_all(lock, &at_once);
  }
  if (at_once) {
    at_once->run();
  }
}

/// No error code tells whether success is an acknowledgement; the transport's books do.
bool batch_implementation::nothing_is_acked()
{
  if (is_answered_) {
    return false;
  }
  const auto books = transport_->statistics().messages;
  is_answered_ = books.acked != 0;
  return books.acked == 0 && books.sent != 0;
}

void batch_implementation::post_telling() noexcept
{
  try {
    boost::asio::post(executor_, [self = shared_from_this()] { self->tell_one_loss(); });
  } catch (...) {
    // No memory: the next loss tries again.
    const std::scoped_lock lock{mutex_};
    telling_ = false;
  }
}

void batch_implementation::tell_one_loss()
{
  if (context_gone_) {
    return;
  }
  batch_loss next;
  {
    const std::scoped_lock lock{mutex_};
    if (losses_.empty()) {
      losses_ = batcher_.take_losses();
      std::ranges::reverse(losses_);
    }
    if (losses_.empty()) {
      telling_ = false;
      return;
    }
    next = std::move(losses_.back());
    losses_.pop_back();
  }
  // Behind the call, whatever that throws: one is told after the other.
  struct tell_the_next {
    ~tell_the_next() { self.post_telling(); }
    batch_implementation& self;
  } const behind{*this};
  on_loss_(next);
}

} // namespace riemann::inline v0::clients

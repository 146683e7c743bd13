// What a batch client does without its lock: handing over, delivering, telling.
#include "client/batch_implementation.hpp"
#include "core/failure_or_none.hpp"

#include <riemann/error.hpp>

#include <boost/asio/post.hpp>

#include <new>
#include <utility>

namespace riemann::inline v0::clients {

void batch_implementation::unlock_and_do(lock_type& lock, chores c, delivery_pointer* at_once,
                                         when_alone then) noexcept
{
  // What was handed over may end meanwhile, elsewhere, and whose handler it was may give
  // up the batch client.
  const auto self = shared_from_this();
  lock.unlock();
  bool comes = !c.wake || wake();
  if (c.tell && !post_telling()) {
    comes = wake_once() && comes;
  }
  if (!deliver(c, at_once)) {
    comes = wake_once() && comes;
  }
  if (!comes && then == when_alone::look) {
    look_here();
  }
}

bool batch_implementation::deliver(chores& c, delivery_pointer* at_once) noexcept
{
  try {
    deliver_finished(c);
    if (!c.ended.empty()) {
      io_->out.deliver(c.ended, at_once);
    }
  } catch (...) { // no memory
    keep_back(c);
    return false;
  }
  // Whose executor refuses it is asked again another time: at once is no use.
  if (!c.finished.empty() || !c.ended.empty()) {
    keep_back(c);
  }
  return true;
}

/// Those whose executors do not refuse them.
void batch_implementation::deliver_finished(chores& c)
{
  for (auto next = c.finished.begin(); next != c.finished.end();) {
    try {
      io_->out.deliver(next->wait);
      next = c.finished.erase(next);
    } catch (const std::bad_alloc&) {
      throw;
    } catch (...) {
      ++next;
    }
  }
}

void batch_implementation::keep_back(chores& c) noexcept
{
  const std::scoped_lock lock{mutex_};
  undelivered_.splice(undelivered_.end(), c.ended);
  untold_.splice(untold_.end(), c.finished);
}

bool batch_implementation::wake() noexcept
{
  try {
    boost::asio::post(executor_, [self = shared_from_this()] { self->on_woken(); });
    return true;
  } catch (...) {
    const std::scoped_lock lock{mutex_};
    waking_ = false;
    return false;
  }
}

/// Unless it is about to wake.
bool batch_implementation::wake_once() noexcept
{
  {
    const std::scoped_lock lock{mutex_};
    if (std::exchange(waking_, true)) {
      return true;
    }
  }
  return wake();
}

void batch_implementation::look_here() noexcept
{
  if (context_gone_) {
    return;
  }
  lock_type lock{mutex_};
  hand_over_all(lock, nullptr, when_alone::stop);
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
void batch_implementation::hand_over_all(lock_type& lock, delivery_pointer* at_once,
                                         when_alone then) noexcept
{
  bool alarmed = true;
  if (!std::exchange(handing_over_, true)) {
    const auto now = io_->clock->now();
    while (core::batch* const b = batcher_.next(now)) {
      lock.unlock();
      hand_over(*b);
      lock.lock();
    }
    handing_over_ = false;
    alarmed = set_alarm();
  }
  unlock_and_do(lock, collect(!alarmed), at_once, then);
}

void batch_implementation::hand_over(core::batch& b) noexcept
{
  try {
    transport_->send(b.to_message(), {},
                     {batch_handler{shared_from_this(), &b}, boost::asio::any_io_executor{}}, 0);
  } catch (...) {
    const std::scoped_lock lock{mutex_};
    batcher_.on_end(b, errc::overloaded, core::failure_or_none([] { return "out of memory"; }),
                    false);
  }
}

void batch_implementation::on_batch_end(core::batch& b, boost::system::error_code error,
                                        response answer)
{
  if (context_gone_) {
    return;
  }
  const bool sent = !error && (!answer.answered() || nothing_is_acked());
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

/// A transport of the user's own may not say of each success whether it is an
/// acknowledgement; its books do.
bool batch_implementation::nothing_is_acked() noexcept
{
  if (is_answered_) {
    return false;
  }
  try {
    const auto books = transport_->statistics().messages;
    is_answered_ = books.acked != 0;
    return books.acked == 0 && books.sent != 0;
  } catch (...) {
    return true; // what is not known is not claimed
  }
}

bool batch_implementation::post_telling() noexcept
{
  try {
    boost::asio::post(executor_, [self = shared_from_this()] { self->tell_one_loss(); });
    return true;
  } catch (...) {
    const std::scoped_lock lock{mutex_};
    telling_ = false;
    return false;
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
    if (!batcher_.has_losses()) {
      telling_ = false;
      return;
    }
    next = batcher_.take_loss();
  }
  // Behind the call, whatever that throws: one is told after the other.
  struct tell_the_next {
    ~tell_the_next()
    {
      if (!self.post_telling() && !self.wake_once()) {
        self.look_here();
      }
    }
    batch_implementation& self;
  } const behind{*this};
  on_loss_(next);
}

} // namespace riemann::inline v0::clients

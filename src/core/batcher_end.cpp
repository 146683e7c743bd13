// How what a batcher has taken ends.
#include "core/batcher.hpp"
#include "core/failure_or_none.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <iterator>
#include <new>
#include <string>

namespace riemann::inline v0::core {

namespace {

response too_long_alone(const batch& b) noexcept
{
  return failure_or_none([&] {
    return "the event of service \"" + b.first_service() + "\" takes " + std::to_string(b.size()) +
           " bytes, more than the transport sends";
  });
}

} // namespace

void batcher::on_end(batch& b, boost::system::error_code error, response answer, bool sent) noexcept
{
  const auto at = std::ranges::find(outstanding_, &b, [](const batch& o) { return &o; });
  if (error == errc::message_too_large && !b.forgotten && b.events() > b.given_up()) {
    if (b.events() == 1) {
      answer = too_long_alone(b);
    } else if (state_ != state::shut) {
      try {
        return put_back(at);
      } catch (const std::bad_alloc&) { // NOLINT(bugprone-empty-catch): then it ends as it is
      }
    }
  }
  if (!b.forgotten) {
    end(b, &tally::in_flight, error, answer, sent);
  }
  release(outstanding_, at);
}

/// A batch that is too long goes again, in halves and without those given up.
void batcher::put_back(batches::iterator at)
{
  batches halves;
  const std::uint32_t alive = at->events() - at->given_up();
  if (alive > 1) {
    halves.emplace_back(at->number());
  }
  max_bytes_ = std::min(max_bytes_, std::max<std::size_t>(at->size() / 2, 1));
  at->drop_given_up();
  if (alive > 1) {
    at->split(halves.back());
    halves.back().closed = true;
    ++books_.splits;
  }
  halves.splice(halves.begin(), outstanding_, at);
  for (batch& half : halves) {
    queued_bytes_ += half.size();
  }
  books_.events.in_flight -= alive;
  books_.events.queued += alive;
  put_in_order(halves);
}

void batcher::put_in_order(batches& halves) noexcept
{
  const auto place = std::ranges::find_if(
      gathered_, [&](const batch& b) { return b.number() > halves.front().number(); });
  gathered_.splice(place, halves);
}

void batcher::cancel(batch_waiter& waiter, bool only_queued)
{
  const auto holds = [&](const batch& b) { return b.holds(waiter.position); };
  if (waiter.ended()) {
    return;
  }
  if (const auto at = std::ranges::find_if(gathered_, holds); at != gathered_.end()) {
    const std::size_t before = at->size();
    at->take_out(waiter);
    queued_bytes_ -= before - at->size();
    count(1, &tally::queued, errc::cancelled, false);
    end(waiter, errc::cancelled, {});
    if (at->events() == 0) {
      release(gathered_, at);
    }
  } else if (!only_queued) {
    std::ranges::find_if(outstanding_, holds)->give_up(waiter);
    count(1, &tally::in_flight, errc::abandoned, false);
    end(waiter, errc::abandoned, {});
  }
}

void batcher::flush(batch_flush& f)
{
  close_last();
  f.until = last_number_;
  if (state_ == state::shut) {
    f.error = boost::asio::error::operation_aborted;
    return flushed_.push_back(f);
  }
  flushes_.push_back(f);
  settle();
}

void batcher::close(time_point deadline) noexcept
{
  if (state_ == state::open) {
    state_ = state::closing;
  }
  close_due_ = std::min(close_due_, deadline);
}

void batcher::shut() noexcept
{
  state_ = state::shut;
  for (batch_flush& f : flushes_) {
    f.error = boost::asio::error::operation_aborted;
  }
  flushed_.splice(flushed_.end(), flushes_);
  const auto reason = failure_or_none([] { return "the batch client was destroyed"; });
  while (!gathered_.empty()) {
    end_gathered(errc::cancelled, reason);
  }
  for (batch& b : outstanding_) {
    for (auto waiters = b.give_up_all(); !waiters.empty();) {
      batch_waiter& w = waiters.front();
      waiters.pop_front();
      count(1, &tally::in_flight, errc::abandoned, false);
      end(w, errc::abandoned, {});
    }
  }
}

batch_waiters batcher::release_all() noexcept
{
  batch_waiters all;
  all.swap(ended_);
  for (batches* list : {&gathered_, &outstanding_}) {
    for (batch& b : *list) {
      all.splice(all.end(), b.waiters());
      b.forgotten = true;
    }
  }
  gathered_.clear();
  flushes_.clear();
  flushed_.clear();
  return all;
}

void batcher::end_queued(batch_waiter* waiter, const batch& of,
                         boost::system::error_code error) noexcept
{
  count(1, &tally::queued, error, false);
  note_failure(of.number(), error);
  if (waiter != nullptr) {
    end(*waiter, error, {});
  } else {
    lose(1, error, {});
  }
}

/// The first of those gathered.
void batcher::end_gathered(errc error, const response& reason) noexcept
{
  const auto at = gathered_.begin();
  queued_bytes_ -= at->size();
  end(*at, &tally::queued, error, reason, false);
  release(gathered_, at);
}

void batcher::give_up_all(errc error, const response& reason) noexcept
{
  for (batch& b : outstanding_) {
    if (!b.forgotten) {
      end(b, &tally::in_flight, error, reason, false);
      b.forgotten = true;
    }
  }
  settle();
}

void batcher::end(batch& b, bucket from, boost::system::error_code error, const response& answer,
                  bool sent) noexcept
{
  count(b.events() - b.given_up(), from, error, sent);
  if (error) {
    note_failure(b.number(), error);
    lose(b.posted(), error, answer);
  }
  for (batch_waiter& w : b.waiters()) {
    w.position = batch_waiter::nowhere;
    if (error) {
      w.error = error;
    }
    w.answer = answer;
  }
  ended_.splice(ended_.end(), b.waiters());
}

void batcher::end(batch_waiter& waiter, boost::system::error_code error, response answer) noexcept
{
  waiter.position = batch_waiter::nowhere;
  waiter.error = error;
  waiter.answer = std::move(answer);
  ended_.push_back(waiter);
}

/// `from`: none if they were never live.
void batcher::count(std::uint64_t events, bucket from, boost::system::error_code error,
                    bool sent) noexcept
{
  tally& t = books_.events;
  if (from != nullptr) {
    t.*from -= events;
  }
  if (error && error.category() == error_category()) {
    books_.causes.add(static_cast<errc>(error.value()), events);
  }
  switch (outcome_of(error)) {
  case outcome::acked:
  case outcome::sent:
    (sent ? t.sent : t.acked) += events;
    return;
  case outcome::rejected:
    t.rejected += events;
    return;
  case outcome::not_sent:
    t.not_sent += events;
    return;
  case outcome::unknown:
    t.unknown += events;
    return;
  }
}

void batcher::lose(std::uint64_t events, boost::system::error_code error,
                   const response& reason) noexcept
{
  if (events == 0) {
    return;
  }
  books_.lost += events;
  if (!tells_losses_) {
    return;
  }
  losses_are_new_ = true;
  batch_loss& known = loss_of(error);
  known.events += events;
  try {
    if (!reason.text().empty()) {
      known.reason = reason.text();
    } else if (known.reason.empty()) {
      known.reason = error.message();
    }
  } catch (...) { // NOLINT(bugprone-empty-catch): no memory; it is told without words
  }
}

batch_loss& batcher::loss_of(boost::system::error_code error) noexcept
{
  const auto known = std::ranges::find(losses_, error, &batch_loss::error);
  if (known != losses_.end()) {
    return *known;
  }
  try {
    return losses_.emplace_back(batch_loss{.events = 0, .error = error, .reason = {}});
  } catch (...) {
    if (mixed_loss_.events == 0) {
      mixed_loss_.error = error;
    }
    return mixed_loss_;
  }
}

batch_loss batcher::take_loss() noexcept
{
  if (losses_.empty()) {
    return std::exchange(mixed_loss_, batch_loss{});
  }
  batch_loss oldest = std::move(losses_.front());
  losses_.erase(losses_.begin());
  return oldest;
}

void batcher::note_failure(std::uint64_t number, boost::system::error_code error) noexcept
{
  for (batch_flush& f : flushes_) {
    if (number <= f.until && !f.error) {
      f.error = error;
    }
  }
}

/// The batch is over; some are kept for the memory they have.
void batcher::release(batches& from, batches::iterator at) noexcept
{
  if (free_.size() <= options_.max_outstanding && at->capacity() <= 2 * options_.max_bytes) {
    free_.splice(free_.begin(), from, at);
  } else {
    from.erase(at);
  }
  if (idle() && free_.size() > 1) {
    free_.erase(std::next(free_.begin()), free_.end());
  }
  settle();
}

/// Flushes whose events have all ended are done.
void batcher::settle() noexcept
{
  if (flushes_.empty()) {
    return;
  }
  auto lowest = std::numeric_limits<std::uint64_t>::max();
  if (!gathered_.empty()) {
    lowest = gathered_.front().number();
  }
  for (const batch& b : outstanding_) {
    if (!b.forgotten) {
      lowest = std::min(lowest, b.number());
    }
  }
  for (auto f = flushes_.begin(); f != flushes_.end();) {
    const auto at = f++;
    if (at->until < lowest) {
      flushed_.splice(flushed_.end(), flushes_, at);
    }
  }
}

} // namespace riemann::inline v0::core

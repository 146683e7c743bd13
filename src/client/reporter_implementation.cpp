#include "client/reporter_implementation.hpp"

#include <riemann/error.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>

#include <algorithm>
#include <new>
#include <utility>

namespace riemann::inline v0::clients {

reporter_implementation::reporter_implementation(std::shared_ptr<detail::implementation> transport,
                                                 reporter_options options,
                                                 std::unique_ptr<alarm_clock> clock)
    : executor_{transport->executor()},
      transport_{std::move(transport)},
      options_{std::move(options)},
      clock_{std::move(clock)},
      service_{boost::asio::use_service<net::shutdown_service>(
          boost::asio::query(executor_, boost::asio::execution::context))},
      ticks_{options_.interval}
{
  service_.add(*this);
}

reporter_implementation::~reporter_implementation()
{
  if (!context_gone_) {
    service_.remove(*this);
  }
}

// --- what is reported

gauge reporter_implementation::add_gauge(std::string_view name, const thresholds& limits)
{
  return registry_.add<gauge_entry>(name, limits, now());
}

void reporter_implementation::add_callback(std::string_view name, detail::figure_callback callback,
                                           const thresholds& limits)
{
  registry_.add_callback(name, limits, std::move(callback));
}

counter reporter_implementation::add_counter(std::string_view name, const thresholds& limits)
{
  return registry_.add<counter_entry>(name, limits, now());
}

meter reporter_implementation::add_meter(std::string_view name, const thresholds& limits)
{
  return registry_.add<meter_entry>(name, limits, now());
}

timer reporter_implementation::add_timer(std::string_view name, const thresholds& limits)
{
  return registry_.add<timer_entry>(name, limits, now());
}

void reporter_implementation::add_source(detail::event_callback source)
{
  registry_.add_source(std::move(source));
}

bool reporter_implementation::remove(std::string_view name)
{
  return registry_.remove(name);
}

// --- beginning and end: any thread

bool reporter_implementation::start()
{
  const std::scoped_lock lock{mutex_};
  if (context_gone_ || closed_ || stopping_ || phase_ == phase::waiting ||
      (phase_ == phase::reporting && !abandoned_)) {
    return false;
  }
  ticks_.begin(now() + options_.first_delay.value_or(options_.interval));
  if (std::exchange(abandoned_, false)) {
    of_earlier_ticks_ = true;
  } else {
    phase_ = phase::waiting;
  }
  try {
    set_alarm();
  } catch (...) {
    phase_ = phase::idle; // a report under way needs no alarm: this was idle
    throw;
  }
  return true;
}

void reporter_implementation::stop(duration deadline, detail::done_slot handler,
                                   detail::operation_id id)
{
  if (context_gone_) {
    return;
  }
  // What throws does so before anything has changed.
  stop_list alone;
  alone.push_back({{std::move(handler), {}}, id});
  chores c;
  {
    const std::scoped_lock lock{mutex_};
    stops_.splice(stops_.end(), alone);
    if (closed_) {
      finish_all(boost::asio::error::operation_aborted, c);
    } else if (phase_ == phase::idle || abandoned_) {
      finish_all({}, c);
    } else {
      const auto due = deadline > core::never - now() ? core::never : now() + deadline;
      stop_due_ = std::min(stop_due_, due);
      if (!std::exchange(stopping_, true) && phase_ == phase::waiting) {
        after_report({}, c);
      }
      arm(c);
    }
  }
  tell(c);
  if (c.report) {
    post_report();
  }
}

void reporter_implementation::cancel_operation(detail::operation_id id, bool only_unwritten)
{
  if (context_gone_ || only_unwritten) {
    return;
  }
  chores c;
  {
    const std::scoped_lock lock{mutex_};
    const auto found = std::ranges::find(stops_, id, &stop_operation::id);
    if (found == stops_.end()) {
      return;
    }
    found->wait.error = boost::asio::error::operation_aborted;
    c.done.splice(c.done.end(), stops_, found);
  }
  tell(c);
}

reporter_statistics reporter_implementation::statistics() const
{
  const std::scoped_lock lock{mutex_};
  return books_;
}

void reporter_implementation::close() noexcept
{
  if (context_gone_ || closed_.exchange(true)) {
    return;
  }
  // What callbacks own may refer to this.
  const auto self = shared_from_this();
  chores c;
  try {
    const std::scoped_lock lock{mutex_};
    finish_all(boost::asio::error::operation_aborted, c);
    clock_->cancel();
  } catch (...) { // NOLINT(bugprone-empty-catch): an alarm that rings finds it closed
  }
  tell(c);
  registry_.clear();
}

void reporter_implementation::on_context_shutdown() noexcept
{
  // A handler that is destroyed may hold the last reference to this.
  const auto self = weak_from_this().lock();
  context_gone_ = true;
  const auto stops = std::exchange(stops_, {});
  const auto untold = std::exchange(untold_, {});
  const auto on_report = std::exchange(options_.on_report, {});
  registry_.clear();
  clock_.reset();
  executor_ = boost::asio::any_io_executor{};
}

void reporter_implementation::on_alarm()
{
  if (context_gone_) {
    return;
  }
  chores c;
  {
    const std::scoped_lock lock{mutex_};
    const auto time = now();
    if (closed_) {
      return;
    }
    if (stopping_ && time >= stop_due_) {
      abandoned_ = phase_ == phase::reporting;
      end_stop(errc::drain_timeout, c);
    } else if (phase_ == phase::waiting && time >= ticks_.next()) {
      phase_ = phase::reporting;
      c.report = true;
    }
    arm(c);
  }
  tell(c);
  if (c.report) {
    make_report();
  }
}

// --- with the lock held

/// One alarm for both: the next report and the deadline of the stop.
void reporter_implementation::set_alarm()
{
  const auto tick = phase_ == phase::waiting ? ticks_.next() : core::never;
  const auto due = std::min(tick, stopping_ ? stop_due_ : core::never);
  if (due != core::never) {
    clock_->set(due, shared_from_this());
  } else {
    clock_->cancel();
  }
}

void reporter_implementation::arm(chores& c) noexcept
{
  try {
    set_alarm();
  } catch (...) {
    c.unarmed = true;
  }
}

void reporter_implementation::finish_all(boost::system::error_code error, chores& c) noexcept
{
  for (stop_operation& s : stops_) {
    s.wait.error = error;
  }
  c.done.splice(c.done.end(), stops_);
}

void reporter_implementation::end_stop(boost::system::error_code error, chores& c) noexcept
{
  stopping_ = false;
  last_began_ = false;
  stop_due_ = core::never;
  if (phase_ == phase::waiting) {
    phase_ = phase::idle;
  }
  finish_all(error, c);
}

/// Nobody reports; unless a report is to be made at once.
void reporter_implementation::after_report(boost::system::error_code error, chores& c) noexcept
{
  phase_ = phase::waiting;
  if (!stopping_) {
    return;
  }
  if (options_.last_report && !std::exchange(last_began_, true)) {
    phase_ = phase::reporting;
    c.report = true;
  } else {
    end_stop(error, c);
  }
}

// --- helpers

void reporter_implementation::tell(chores& c) noexcept
{
  bool again = c.unarmed;
  {
    const std::scoped_lock lock{mutex_};
    c.done.splice(c.done.begin(), untold_);
  }
  try {
    for (; !c.done.empty(); c.done.pop_front()) {
      net::finished_wait& w = c.done.front().wait;
      const auto where = w.handler.executor() ? w.handler.executor() : executor_;
      net::post_wait(where, w);
    }
  } catch (const std::bad_alloc&) {
    keep_back(c);
    again = true;
  } catch (...) {
    keep_back(c); // a handler's executor refuses: to ask it again at once is no use
  }
  if (again) {
    try_again(c.unarmed);
  }
}

void reporter_implementation::keep_back(chores& c) noexcept
{
  const std::scoped_lock lock{mutex_};
  untold_.splice(untold_.end(), c.done);
}

/// `unarmed`: nothing rings meanwhile.
void reporter_implementation::try_again(bool unarmed) noexcept
{
  try {
    boost::asio::post(executor_, [self = shared_from_this()] { self->on_try_again(); });
  } catch (...) {
    // It must be possible to begin anew.
    const std::scoped_lock lock{mutex_};
    if (unarmed && phase_ == phase::waiting) {
      phase_ = phase::idle;
    }
  }
}

void reporter_implementation::on_try_again()
{
  if (context_gone_) {
    return;
  }
  chores c;
  {
    const std::scoped_lock lock{mutex_};
    if (!closed_) {
      arm(c);
    }
  }
  tell(c);
}

} // namespace riemann::inline v0::clients

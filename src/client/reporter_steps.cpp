// A report, from its gathering to its end.
#include "client/reporter_implementation.hpp"
#include "core/failure_or_none.hpp"

#include <riemann/error.hpp>
#include <riemann/message.hpp>

#include <boost/asio/post.hpp>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace riemann::inline v0::clients {

namespace {

/// The next report is due by then.
std::chrono::milliseconds usual_deadline(std::chrono::milliseconds interval)
{
  return std::max(interval - interval / 10, std::chrono::milliseconds{1});
}

} // namespace

/// The last one, of a stop: where there is no memory for it, that ends without.
void reporter_implementation::post_report() noexcept
{
  try {
    boost::asio::post(executor_, [self = shared_from_this()] {
      if (!self->context_gone_ && !self->closed_) {
        self->make_report();
      }
    });
  } catch (...) {
    go_on(errc::overloaded);
  }
}

void reporter_implementation::make_report()
{
  report_ = {};
  try {
    begin_report();
  } catch (...) {
    // Out of memory: it is to end as any that fails.
    report_.error = errc::overloaded;
    count_begun();
    return end_report();
  }
  if (report_.pieces.empty()) {
    return go_on({});
  }
  count_begun();
  send_next();
}

void reporter_implementation::begin_report()
{
  report_.events = gather();
  if (!report_.events.empty()) {
    report_.pieces.emplace_back(report_.events);
  }
}

void reporter_implementation::count_begun()
{
  const std::scoped_lock lock{mutex_};
  ++books_.reports;
}

std::vector<event> reporter_implementation::gather()
{
  report_writer to{options_};
  std::uint64_t failed = 0;
  const auto time = now();
  for (const auto& entry : registry_.entries()) {
    if (closed_) {
      break;
    }
    try {
      entry->report(to, time);
    } catch (...) {
      ++failed;
    }
  }
  const std::scoped_lock lock{mutex_};
  books_.callbacks_failed += failed;
  return to.take();
}

void reporter_implementation::send_next()
{
  try {
    send_options options{.deadline = options_.deadline.value_or(usual_deadline(options_.interval))};
    auto on_end = [self = shared_from_this()](boost::system::error_code error, response answer) {
      self->on_piece_end(error, std::move(answer));
    };
    transport_->send(message{report_.pieces.back()}, options,
                     {std::move(on_end), boost::asio::any_io_executor{}}, 0);
  } catch (const std::length_error&) {
    on_piece_end(errc::message_too_large,
                 core::failure_or_none([] { return "longer than any message may be"; }));
  } catch (...) {
    on_piece_end(errc::overloaded, core::failure_or_none([] { return "out of memory"; }));
  }
}

void reporter_implementation::on_piece_end(boost::system::error_code error, response answer)
{
  if (context_gone_) {
    return;
  }
  if (!split(error)) {
    if (!report_.error) {
      report_.error = error;
      report_.answer = std::move(answer);
    }
    report_.pieces.pop_back();
  }
  if (report_.pieces.empty() || closed_) {
    end_report();
  } else {
    send_next();
  }
}

/// What is too long for one message goes in two; or not at all, without memory for that.
bool reporter_implementation::split(boost::system::error_code error) noexcept
{
  const auto whole = report_.pieces.back();
  if (error != errc::message_too_large || whole.size() < 2) {
    return false;
  }
  const auto half = whole.size() / 2;
  try {
    report_.pieces.push_back(whole.first(half));
  } catch (...) {
    return false;
  }
  *std::prev(report_.pieces.end(), 2) = whole.subspan(half);
  const std::scoped_lock lock{mutex_};
  ++books_.splits;
  return true;
}

void reporter_implementation::end_report()
{
  {
    const std::scoped_lock lock{mutex_};
    ++(report_.error ? books_.failed : books_.delivered);
  }
  // Behind the call, whatever that throws.
  struct then_go_on {
    ~then_go_on() { self.go_on(error); }
    reporter_implementation& self;
    boost::system::error_code error;
  } const behind{*this, report_.error};
  if (options_.on_report && !closed_) {
    options_.on_report({report_.error, report_.answer, report_.events});
  }
}

void reporter_implementation::go_on(boost::system::error_code error) noexcept
{
  if (context_gone_) {
    return;
  }
  chores c;
  {
    const std::scoped_lock lock{mutex_};
    if (closed_) {
      return;
    }
    const bool of_earlier_ticks = std::exchange(of_earlier_ticks_, false);
    if (std::exchange(abandoned_, false)) {
      phase_ = phase::idle;
    } else if (!stopping_ && ticks_.next() <= now()) {
      books_.missed += ticks_.pass(now()) + (of_earlier_ticks ? 1 : 0);
    }
    if (phase_ == phase::reporting) {
      after_report(error, c);
    }
    arm(c);
  }
  tell(c);
  if (c.report) {
    post_report();
  }
}

} // namespace riemann::inline v0::clients

#ifndef RIEMANN_NET_SESSION_SHELL_STEPS_HPP
#define RIEMANN_NET_SESSION_SHELL_STEPS_HPP

// Of a session shell: what comes in, on the strand and before it. For make_shell.hpp.

#include "core/reserve_more.hpp"
#include "net/session_shell.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>

namespace riemann::inline v0::net {

template <class Kind, class Executor>
std::optional<errc>
session_shell<Kind, Executor>::refusal_of(const send_operation& operation) const noexcept
{
  // Acts that the strand has not heard of may change the session's mind.
  const auto closed =
      inbox_.has_acts() || !taken_.empty() ? std::nullopt : session_.closed_to_sends();
  return closed ? closed : session_.unfit(operation, clock::now());
}

template <class Kind, class Executor>
inbox::admission session_shell<Kind, Executor>::make_room(send_operation& operation)
{
  auto admission = inbox_.admit(operation);
  while (!admission.admitted && drop_one()) {
    admission = inbox_.admit(operation);
  }
  try {
    io_->out.deliver(ended_);
  } catch (...) { // NOLINT(bugprone-empty-catch): no memory; the next step delivers them
  }
  return admission;
}

template <class Kind, class Executor>
bool session_shell<Kind, Executor>::drop_one()
{
  const bool newest = inbox_.drops_newest();
  if (core::request* const fresh = newest ? inbox_.drop_one() : nullptr) {
    ended_.push_back(*fresh);
    return true;
  }
  if (session_.drop_one()) {
    collect_ended();
    inbox_.publish(session_.books(), session_.held_bytes(), connected_);
    return true;
  }
  core::request* const fresh = newest ? nullptr : inbox_.drop_one();
  if (fresh != nullptr) {
    ended_.push_back(*fresh);
  }
  return fresh != nullptr;
}

template <class Kind, class Executor>
void session_shell<Kind, Executor>::refuse(send_operation& operation, errc why)
{
  operation.error = why;
  inbox_.refuse(operation, why);
  core::request_list refused;
  refused.push_back(operation);
  try {
    if (const auto refusal = io_->out.deliver(refused)) {
      std::rethrow_exception(refusal);
    }
  } catch (...) {
    refused.clear();
    inbox_.take_back_refusal(operation, why);
    room_->operations.release(operation);
    throw;
  }
}

template <class Kind, class Executor>
template <class Input>
void session_shell<Kind, Executor>::step(Input&& input)
{
  std::exception_ptr refusal;
  try {
    refusal = take_step(std::forward<Input>(input));
  } catch (...) {
    // No memory, and the executor's caller hears of it; the rest is the next step's.
    wake(false);
    throw;
  }
  // That one is asked again with the next step; at once it would be of no use.
  if (refusal) {
    std::rethrow_exception(refusal);
  }
}

template <class Kind, class Executor>
template <class Input>
std::exception_ptr session_shell<Kind, Executor>::take_step(Input&& input)
{
  // Callers come in between only where they may have to make room.
  std::unique_lock lock{step_mutex_, std::defer_lock};
  if (inbox_.drops()) {
    lock.lock();
  }
  const auto now = clock::now();
  writes_left_ = max_writes_a_step;
  if (unheard_.load() != 0) {
    hear_of_the_unheard(now);
  }
  input(*this, now);
  take_in(now);
  carry_out_all(now);
  collect_ended();
  rest_if_due(now);
  inbox_.publish(session_.books(), session_.held_bytes(), connected_);
  arm_timer();
  // After the books are out: handlers may run at once, elsewhere.
  auto refusal = io_->out.deliver(ended_, strand_visit::place(this));
  if (!finished_.empty()) {
    const auto another = io_->out.deliver(finished_);
    refusal = refusal ? refusal : another;
  }
  return refusal;
}

template <class Kind, class Executor>
void session_shell<Kind, Executor>::hear_of_the_unheard(core::time_point now)
{
  const unsigned over = unheard_.exchange(0);
  if ((over & unheard_timer) != 0) {
    armed_for_ = core::never;
  }
  if ((over & unheard_write) != 0) {
    writing_ = false;
    write_unheard(now);
  }
  if constexpr (Kind::session_type::answered) {
    if ((over & unheard_read) != 0) {
      reading_ = false;
      session_.on_read(no_memory(), 0, now);
    }
  }
  closed_if_quiet(now);
}

template <class Kind, class Executor>
void session_shell<Kind, Executor>::take_in(core::time_point now)
{
  inbox_.take(fresh_, taken_);
  if (!taken_.empty()) {
    // What has happened before is not told to those who ask now.
    carry_out_all(now);
  }
  while (!taken_.empty()) {
    submit_until(taken_.front().sends_before, now);
    obey(taken_.front(), now);
    taken_.pop_front(); // obeyed, whatever becomes of it
    carry_out_all(now);
  }
  submit_until(submitted_ + fresh_.size(), now);
}

template <class Kind, class Executor>
void session_shell<Kind, Executor>::submit_until(std::uint64_t sends, core::time_point now)
{
  while (submitted_ != sends) {
    auto& operation = static_cast<send_operation&>(fresh_.front());
    cancellable_.add(operation);
    fresh_.pop_front();
    ++submitted_;
    if (rest_.work()) {
      room_->work();
    }
    session_.submit(operation, now);
  }
}

template <class Kind, class Executor>
void session_shell<Kind, Executor>::obey(command& c, core::time_point now)
{
  // Telling them must need no memory.
  core::reserve_more(finished_, connects_.size() + disconnects_.size() + 1);
  switch (c.what) {
  case command::kind::connect:
    connects_.make_room();
    if (const auto refused = session_.connect(now)) {
      finished_.push_back({std::move(c.handler), refused});
    } else {
      connects_.add(std::move(c.handler), c.id);
    }
    return;
  case command::kind::disconnect:
    if (c.handler) { // else an earlier step had it, and found no memory to go on
      disconnects_.make_room();
      disconnects_.add(std::move(c.handler), c.id);
    }
    return session_.drain(c.deadline, now);
  case command::kind::cancel:
    return session_.cancel();
  case command::kind::withdraw:
    return cancel_one(c.id, true);
  case command::kind::give_up:
    return cancel_one(c.id, false);
  case command::kind::shut:
    return session_.shut();
  }
}

template <class Kind, class Executor>
void session_shell<Kind, Executor>::collect_ended()
{
  auto ended = session_.take_ended();
  cancellable_.forget(ended);
  ended_.splice(ended_.end(), ended);
}

template <class Kind, class Executor>
void session_shell<Kind, Executor>::cancel_one(detail::operation_id id, bool only_unwritten)
{
  const boost::system::error_code aborted = boost::asio::error::operation_aborted;
  if (send_operation* const found = cancellable_.find(id); found != nullptr) {
    if (!only_unwritten || core::unwritten(*found)) {
      session_.give_up(*found);
    }
  } else if (connects_.finish(id, aborted, finished_)) {
    if (connects_.empty()) {
      session_.connect_unwanted();
    }
  } else if (!only_unwritten && disconnects_.finish(id, aborted, finished_)) {
    if (disconnects_.empty()) {
      session_.stop_draining();
    }
  }
}

template <class Kind, class Executor>
void session_shell<Kind, Executor>::rest_if_due(core::time_point now)
{
  if (session_.quiet()) {
    rest_.quiet(connected_, Kind::session_type::answered, now);
  } else {
    rest_.busy();
  }
  if (rest_.due() > now) {
    return;
  }
  if constexpr (Kind::session_type::answered) {
    session_.rest();
  }
  io_->connector.rest();
  room_->rest();
  rest_.rest();
}

template <class Kind, class Executor>
void session_shell<Kind, Executor>::arm_timer()
{
  const auto due = std::min(session_.next_deadline(), rest_.due());
  if (due == core::never && !reading_ && armed_for_ != core::never) {
    // An idle transport is not to keep its context running.
    armed_for_ = core::never;
    io_->timer.cancel();
  } else if (due < armed_for_) {
    armed_for_ = core::never; // until it is: the earlier wait is over
    io_->timer.expires_at(due);
    io_->timer.async_wait(io_handler<session_shell, &session_shell::on_timer>{
        owe<&session_shell::on_timer>(), &memory_->timer});
    armed_for_ = due;
  }
}

template <class Kind, class Executor>
void session_shell<Kind, Executor>::on_timer(boost::system::error_code error, std::size_t)
{
  if (error) {
    return;
  }
  armed_for_ = core::never;
  step([](session_shell& shell, core::time_point now) { shell.session_.on_time(now); });
}

template <class Kind, class Executor>
void session_shell<Kind, Executor>::destroy_handlers() noexcept
{
  // Out of the way first: what handlers own may call back into here.
  cancellable_.forget_all();
  auto operations = session_.release_all();
  operations.splice(operations.end(), ended_);
  operations.splice(operations.end(), fresh_);
  command_list commands;
  commands.splice(commands.end(), taken_);
  inbox_.take(operations, commands);
  const auto connects = std::exchange(connects_, {});
  const auto disconnects = std::exchange(disconnects_, {});
  const auto done = std::exchange(finished_, {});
  while (!operations.empty()) {
    auto& operation = static_cast<send_operation&>(operations.front());
    operations.pop_front();
    room_->operations.release(operation);
  }
}

} // namespace riemann::inline v0::net

#endif

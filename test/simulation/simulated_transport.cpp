#include "simulated_transport.hpp"

#include "violation.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/query.hpp>

#include <algorithm>
#include <utility>

namespace riemann::simulation {

namespace {

const boost::system::error_code aborted = boost::asio::error::operation_aborted;

} // namespace

simulated_transport::simulated_transport(const boost::asio::any_io_executor& executor,
                                         timeline& time, dice& random, const scenario& how,
                                         account& known, std::size_t number)
    : executor_{executor},
      time_{time},
      random_{random},
      how_{how},
      known_{known},
      number_{number},
      service_{boost::asio::use_service<net::shutdown_service>(
          boost::asio::query(executor, boost::asio::execution::context))},
      shell_{time, random, how, promise::kept, messages_}
{
  shell_.report_to(*this);
  service_.add(*this);
}

simulated_transport::~simulated_transport()
{
  if (!context_gone_) {
    service_.remove(*this);
  }
}

// --- from above

void simulated_transport::send(message&& m, const send_options& options,
                               detail::send_slot&& handler, detail::operation_id id)
{
  if (context_gone_) {
    return;
  }
  known_.guard([&] {
    obey_all();
    const time_point deadline = options.deadline ? time_.now() + *options.deadline : never;
    sends_.emplace(messages_.all().size() + 1, waiting_send{std::move(handler), id});
    known_.attempt_begins(decode(m.body()), m.size(), number_);
    shell_.submit(std::move(m), deadline);
    known_.attempt_began(messages_.all().back());
  });
}

void simulated_transport::connect(detail::done_slot handler, detail::operation_id id)
{
  hand_over({.what = command::kind::connect, .handler = std::move(handler), .id = id});
}

void simulated_transport::disconnect(std::chrono::steady_clock::duration deadline,
                                     detail::done_slot handler, detail::operation_id id)
{
  hand_over({.what = command::kind::disconnect,
             .handler = std::move(handler),
             .id = id,
             .due = time_.now() + deadline});
}

void simulated_transport::cancel()
{
  hand_over({.what = command::kind::cancel});
}

void simulated_transport::cancel_operation(detail::operation_id id, bool only_unwritten)
{
  known_.guard([&] {
    for (const auto& [number, send] : sends_) {
      if (send.id == id) {
        known_.recalls(messages_.all()[number - 1]);
      }
    }
  });
  hand_over({.what = command::kind::cancel_one, .id = id, .only_unwritten = only_unwritten});
}

void simulated_transport::close() noexcept
{
  hand_over({.what = command::kind::shut});
}

void simulated_transport::hand_over(command c)
{
  if (context_gone_) {
    return;
  }
  commands_.push_back(std::move(c));
  known_.guard([&] {
    if (random_.chance(500)) {
      obey_all();
    } else if (commands_.size() == 1) {
      time_.after(random_.up_to(how_.hop), [this] { obey_all(); });
    }
  });
}

void simulated_transport::obey_all()
{
  while (!context_gone_ && !commands_.empty()) {
    command c = std::move(commands_.front());
    commands_.pop_front();
    obey(c);
  }
}

void simulated_transport::obey(command& c)
{
  switch (c.what) {
  case command::kind::connect:
    return obey_connect(c);
  case command::kind::disconnect:
    disconnects_.push_back({std::move(c.handler), c.id});
    return shell_.drain(std::chrono::ceil<std::chrono::microseconds>(
        std::max(c.due - time_.now(), time_point::duration::zero())));
  case command::kind::cancel:
    return shell_.cancel();
  case command::kind::cancel_one:
    return cancel_one(c.id, c.only_unwritten);
  case command::kind::shut:
    return shell_.shut();
  }
}

void simulated_transport::obey_connect(command& c)
{
  connects_.push_back({std::move(c.handler), c.id});
  if (const auto refused = shell_.connect()) {
    post(std::move(connects_.back().handler), refused);
    connects_.pop_back();
  }
}

/// As the real ones do.
void simulated_transport::cancel_one(detail::operation_id id, bool only_unwritten)
{
  const auto mine = std::ranges::find_if(sends_, [&](const auto& s) { return s.second.id == id; });
  if (mine != sends_.end()) {
    shell_.give_up(messages_.all()[mine->first - 1], only_unwritten);
  } else if (finish_one(connects_, id)) {
    if (connects_.empty()) {
      shell_.connect_unwanted();
    }
  } else if (!only_unwritten && finish_one(disconnects_, id)) {
    if (disconnects_.empty()) {
      shell_.stop_draining();
    }
  }
}

bool simulated_transport::finish_one(waits& of, detail::operation_id id)
{
  const auto w = std::ranges::find(of, id, &waiting_wait::id);
  if (w == of.end()) {
    return false;
  }
  post(std::move(w->handler), aborted);
  of.erase(w);
  return true;
}

void simulated_transport::finish_all(waits& of, boost::system::error_code error)
{
  for (waiting_wait& w : std::exchange(of, {})) {
    post(std::move(w.handler), error);
  }
}

template <class Slot, class... Results>
void simulated_transport::post(Slot handler, Results... results)
{
  const auto executor = handler.executor() ? handler.executor() : executor_;
  boost::asio::post(executor,
                    [handler = std::move(handler), ... results = std::move(results)]() mutable {
                      handler(std::move(results)...);
                    });
}

// --- from below

void simulated_transport::on_ended(tracked& t)
{
  auto mine = sends_.extract(t.number);
  require(!mine.empty(), "a message ended twice");
  auto& handler = mine.mapped().handler;
  const auto executor = handler.executor() ? handler.executor() : executor_;
  boost::asio::post(executor, [this, handler = std::move(handler), error = t.error,
                               answer = std::move(t.request->answer)]() mutable {
    known_.attempt_over(number_);
    handler(error, std::move(answer));
  });
}

void simulated_transport::on_connect_over(boost::system::error_code error)
{
  finish_all(connects_, error);
}

void simulated_transport::on_disconnect_over(boost::system::error_code error)
{
  finish_all(disconnects_, error);
}

/// One after the other, some time later.
void simulated_transport::on_change(const core::tell& what)
{
  if (what.state == connection_state::failed || what.state == connection_state::lost) {
    known_.fails();
  }
  if (observer_) {
    changes_.push_back({.state = what.state,
                        .error = what.error,
                        .reason = what.reason,
                        .until = what.until,
                        .failures = what.failures});
    time_.after(random_.up_to(how_.hop), [this] { tell_observer(); });
  }
}

void simulated_transport::tell_observer()
{
  if (context_gone_) {
    return;
  }
  const connection_change& change = changes_.front();
  const bool fails =
      change.state == connection_state::failed || change.state == connection_state::lost;
  failed_ = fails || (failed_ && change.state != connection_state::open);
  boost::asio::post(executor_, [observer = observer_, change, this] {
    observer(change);
    if (change.state == connection_state::open) {
      known_.opens(number_);
    }
  });
  changes_.pop_front();
}

void simulated_transport::on_context_shutdown() noexcept
{
  context_gone_ = true;
  const auto commands = std::exchange(commands_, {});
  const auto sends = std::exchange(sends_, {});
  const auto connects = std::exchange(connects_, {});
  const auto disconnects = std::exchange(disconnects_, {});
  const auto observer = std::exchange(observer_, {});
  executor_ = boost::asio::any_io_executor{};
}

} // namespace riemann::simulation

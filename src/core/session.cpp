#include "core/session.hpp"

#include "core/causes.hpp"
#include "core/session_actions.hpp"
#include "core/session_connecting.hpp"
#include "core/session_draining.hpp"
#include "core/session_exchange.hpp"

namespace riemann::inline v0::core {

template <class Pipeline>
basic_session<Pipeline>::basic_session(const options_type& options, destinations where)
    : options_{options},
      pipeline_{options_, ledger_},
      reader_{options_.max_answer_size},
      servers_{options_, where},
      probe_{options_}
{
  // What is told is told in the midst of a change, which want of memory is not to break off.
  reports_.reserve(max_reports);
}

template <class Pipeline>
void basic_session<Pipeline>::submit(request& r, time_point now)
{
  ledger_.submitted(r);
  pipeline_.enqueue(r, now);
  if (const auto why = closed_to_sends()) {
    return refuse(r, *why);
  }
  if (const auto why = unfit(r, now)) {
    return refuse(r, *why);
  }
  if (state_ == state::idle) {
    seek_connection(now);
  }
}

template <class Pipeline>
std::optional<errc> basic_session<Pipeline>::closed_to_sends() const noexcept
{
  if (mode_ == mode::running) {
    return {};
  }
  return mode_ == mode::shut ? errc::cancelled : errc::disconnected;
}

template <class Pipeline>
std::optional<errc> basic_session<Pipeline>::unfit(const request& r, time_point now) const noexcept
{
  if (const auto error = Pipeline::refusal(r.payload)) {
    return static_cast<errc>(error.value());
  }
  if (r.payload.size() > options_.max_message_size) {
    return errc::message_too_large;
  }
  if (r.expires_at <= now) {
    return errc::expired;
  }
  return {};
}

template <class Pipeline>
void basic_session<Pipeline>::refuse(request& r, errc code)
{
  pipeline_.give_up(r, code, code);
}

template <class Pipeline>
void basic_session<Pipeline>::give_up(request& r)
{
  pipeline_.give_up(r, errc::cancelled, errc::abandoned);
  if (!connect_wanted_) {
    connect_unwanted();
  }
  finish_drain_if_done();
}

template <class Pipeline>
boost::system::error_code basic_session<Pipeline>::connect(time_point now)
{
  switch (mode_) {
  case mode::shut:
    return aborted();
  case mode::draining:
    return errc::disconnected;
  case mode::disconnected:
    mode_ = mode::running;
    break;
  case mode::running:
    break;
  }
  switch (state_) {
  case state::open:
    connect_result_ = boost::system::error_code{};
    break;
  case state::idle:
    connect_wanted_ = true;
    seek_connection(now);
    break;
  case state::backing_off:
  case state::connecting:
  case state::closing:
    connect_wanted_ = true;
    break;
  }
  return {};
}

template <class Pipeline>
void basic_session<Pipeline>::connect_unwanted()
{
  connect_wanted_ = false;
  if (wants_connection()) {
    return;
  }
  if (state_ == state::connecting) {
    servers_.set_back();
    stop_connecting(aborted());
  } else if (state_ == state::backing_off) {
    servers_.set_back();
    state_ = state::idle;
  }
}

template <class Pipeline>
void basic_session<Pipeline>::cancel()
{
  if (mode_ == mode::draining) {
    end_drain(aborted());
  }
  end_everything();
}

template <class Pipeline>
void basic_session<Pipeline>::shut()
{
  if (mode_ == mode::draining) {
    end_drain(aborted());
  }
  mode_ = mode::shut;
  end_everything();
}

template <class Pipeline>
void basic_session<Pipeline>::end_everything()
{
  pipeline_.fail_queue(errc::cancelled, {});
  connect_wanted_ = false;
  keep_open_ = false;
  servers_.set_back();
  switch (state_) {
  case state::connecting:
    return stop_connecting(aborted());
  case state::open:
    report(connection_state::closed);
    break_off({errc::abandoned, errc::cancelled});
    return;
  case state::backing_off:
    state_ = state::idle;
    connect_result_ = aborted();
    return;
  case state::closing:
    connect_result_ = aborted();
    return;
  case state::idle:
    return;
  }
}

template <class Pipeline>
void basic_session<Pipeline>::on_time(time_point now)
{
  pipeline_.expire(now);
  if (connect_due_ <= now) {
    connect_overdue(errc::connect_timeout, now);
  }
  if (handshake_due_ <= now) {
    connect_overdue(errc::handshake_timeout, now);
  }
  if (state_ == state::open && write_due_ <= now) {
    const boost::system::error_code error = errc::write_timeout;
    write_failure_ ? lose_by_write(write_failure_, now)
                   : lose(errc::write_timeout, error.message(), error, now);
  }
  if (state_ == state::open && pipeline_.answer_overdue(now)) {
    const boost::system::error_code error = errc::answer_timeout;
    lose(errc::answer_timeout, error.message(), error, now);
  }
  if (mode_ == mode::draining && drain_due_ <= now) {
    drain_overdue(errc::drain_timeout);
  }
  if constexpr (answered) {
    ping_wanted_ = ping_wanted_ || ping_due() <= now;
    probe_.on_time(now);
  }
  if (!connect_wanted_) {
    connect_unwanted();
  }
  if (state_ == state::backing_off && servers_.retry_at() <= now) {
    start_connecting(now);
  }
  finish_drain_if_done();
}

template class basic_session<pipeline>;
template class basic_session<datagram_pipeline>;

} // namespace riemann::inline v0::core

#include "stack.hpp"

#include "client/pool_implementation.hpp"
#include "trace.hpp"
#include "violation.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>
#include <utility>

namespace riemann::simulation {

namespace {

std::shared_ptr<clients::pool_implementation>
make_pool(const boost::asio::any_io_executor& executor, const stack_scenario& how,
          const std::vector<std::shared_ptr<simulated_transport>>& lines,
          const simulated_time& time)
{
  const auto pool = std::make_shared<clients::pool_implementation>(
      executor, how.retry_interval,
      clients::pool_implementation::transports{lines.begin(), lines.end()}, time);
  for (clients::place p = 0; p != lines.size(); ++p) {
    lines[p]->observe(pool->observer_of(p));
  }
  return pool;
}

} // namespace

stack::stack(timeline& time, dice& random, const stack_scenario& how, account& known)
    : time_{time}, random_{random}, how_{how}, known_{known}
{
  const auto executor = io_->get_executor();
  for (const scenario& line : how_.lines) {
    lines_.push_back(std::make_shared<simulated_transport>(executor, time_, random_, line, known_,
                                                           lines_.size()));
  }
  below_ = lines_.front();
  if (how_.pools) {
    below_ = make_pool(executor, how_, lines_, now_);
    below_alive_ = below_;
  }
  if (how_.batches) {
    batch_options options = how_.batch;
    options.on_loss = [this](const batch_loss& loss) { known_.lost(loss); };
    options.validate();
    batch_ = std::make_shared<clients::batch_implementation>(
        below_, options, std::make_unique<simulated_clock>(executor, time_, how_.lateness));
    batch_alive_ = batch_;
  }
}

stack::~stack()
{
  context_gone_ = true;
}

// --- the users' side

void stack::post(item& i, const message& m)
{
  note(time_, "post ", i.number);
  changed_ = true;
  calm_ = false;
  i.posted = true;
  const auto queued = batch_->statistics().events.queued;
  const event e = m.to_events().front();
  i.taken = batch_->post(detail::event_source{e});
  known_.judge_post(i, queued);
  known_.begins(i);
}

void stack::send(item& i, message m)
{
  note(time_, "send ", i.number, i.to == top::batch ? " in a batch" : "");
  changed_ = true;
  calm_ = false;
  detail::send_slot slot{once{context_gone_, uncalled_,
                              [this, &i](boost::system::error_code error, const response& answer) {
                                known_.told(i, error, answer);
                              }},
                         io_->get_executor()};
  known_.begins(i);
  if (i.to == top::batch) {
    i.id = batch_->new_operation_id();
    const event e = m.to_events().front();
    const detail::lent_event lent{e};
    if (i.number % 2 == 0) {
      batch_->send(lent, std::move(slot), i.id);
    } else {
      // As a lazy token does it.
      batch_->send(detail::lent_event{lent}, std::move(slot), i.id);
    }
  } else {
    i.id = below_->new_operation_id();
    send_options options;
    if (i.expires_at != never) {
      options.deadline = i.expires_at - time_.now();
    }
    below_->send(std::move(m), options, std::move(slot), i.id);
  }
}

void stack::give_up(item& i, bool only_unwritten)
{
  note(time_, "give up ", i.number, only_unwritten ? " if it is unwritten" : "");
  known_.gives_up(i, only_unwritten);
  i.to == top::batch ? batch_->cancel_operation(i.id, only_unwritten)
                     : below_->cancel_operation(i.id, only_unwritten);
}

void stack::give_up(waited& w, bool only_unwritten)
{
  note(time_, "give up waiting");
  meddled_ = true;
  if (w.what == waited::kind::disconnect) {
    known_.stops_draining();
  }
  const bool of_batch = w.what == waited::kind::flush || w.what == waited::kind::close;
  of_batch ? batch_->cancel_operation(w.id, only_unwritten)
           : below_->cancel_operation(w.id, only_unwritten);
}

detail::done_slot stack::slot_for(waited& w)
{
  return {once{context_gone_, uncalled_,
               [this, &w](boost::system::error_code error) { told(w, error); }},
          io_->get_executor()};
}

waited& stack::begin(waited::kind what, time_point due)
{
  waited& w = waits_.emplace_back();
  const bool of_batch = what == waited::kind::flush || what == waited::kind::close;
  w.what = what;
  w.id = of_batch ? batch_->new_operation_id() : below_->new_operation_id();
  w.due = due;
  w.drains = drains_;
  w.in_health = healed_;
  w.up_to = known_.items().size();
  for (item& i : known_.items()) {
    if (calm_ && i.to == top::batch && i.waits()) {
      w.awaited.push_back(&i);
    }
  }
  return w;
}

void stack::connect()
{
  note(time_, "the user connects");
  waited& w = begin(waited::kind::connect, never);
  below_->connect(slot_for(w), w.id);
}

void stack::disconnect(std::chrono::microseconds within)
{
  note(time_, "the user disconnects within ", within.count(), " us");
  time_point due = time_.now() + within;
  for (const waited& before : waits_) {
    if (before.what == waited::kind::disconnect && !before.told) {
      due = std::max(due, before.due); // it waits for that one's end
    }
  }
  waited& w = begin(waited::kind::disconnect, due);
  ++drains_;
  down_ = true;
  known_.is_down(true);
  meddled_ = true;
  known_.disconnects(time_.now() + within);
  below_->disconnect(within, slot_for(w), w.id);
}

void stack::flush()
{
  note(time_, "flush");
  waited& w = begin(waited::kind::flush, never);
  batch_->flush(slot_for(w), w.id);
}

void stack::close(std::chrono::microseconds within)
{
  note(time_, "close the batch client within ", within.count(), " us");
  waited& w = begin(waited::kind::close, time_.now() + within);
  known_.batch_closes(w.due);
  batch_->drain(within, slot_for(w), w.id);
}

void stack::cancel()
{
  note(time_, "cancel all");
  meddled_ = true;
  known_.cancels_all();
  below_->cancel();
}

// --- how it ends

void stack::destroy(bool upper_first)
{
  if (upper_first) {
    destroy_upper();
  }
  note(time_, "the transport is destroyed");
  known_.closes(top::below);
  meddled_ = true;
  down_ = true;
  known_.is_down(true);
  below_->close();
  if (!upper_first) {
    destroy_upper();
  }
}

void stack::destroy_upper()
{
  if (batch_) {
    note(time_, "the batch client is destroyed");
    known_.closes(top::batch);
    meddled_ = true;
    batch_->close();
  }
}

void stack::release()
{
  batch_.reset();
  below_.reset();
}

void stack::destroy_context()
{
  note(time_, "the context is destroyed");
  context_gone_ = true;
  io_.reset();
}

// --- what the world does

void stack::run_handlers()
{
  io_->restart();
  changed_ = io_->poll() != 0 || changed_;
  calm_ = true;
  known_.rethrow();
  check_flushed();
}

time_point stack::next_deadline() const noexcept
{
  time_point next = never;
  for (const auto& line : lines_) {
    next = std::min(next, line->inside().next_deadline());
  }
  return next;
}

void stack::on_time()
{
  for (const auto& line : lines_) {
    if (line->inside().next_deadline() == next_deadline()) {
      return line->inside().on_time();
    }
  }
}

void stack::surplus()
{
  lines_[random_.below(lines_.size())]->inside().surplus();
}

void stack::heal()
{
  known_.heals(!down_ && !known_.batch_closing());
  healed_ = true;
  for (std::size_t i = 0; i != lines_.size(); ++i) {
    if (!how_.dead[i]) {
      lines_[i]->inside().heal();
    }
  }
}

} // namespace riemann::simulation

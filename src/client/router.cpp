#include "client/router.hpp"

#include "client/attempts.hpp"

#include <riemann/error.hpp>

#include <boost/asio/execution/context.hpp>
#include <boost/asio/query.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace riemann::inline v0::clients {

using boost::system::error_code;

router::router(const boost::asio::any_io_executor& executor, const time_source& time)
    : own_{executor},
      time_{time},
      service_{boost::asio::use_service<net::shutdown_service>(
          boost::asio::query(executor, boost::asio::execution::context))}
{
  service_.add(*this);
}

router::~router()
{
  if (!context_gone_) {
    service_.remove(*this);
  }
}

// --- sends

void router::send(message&& m, const send_options& options, detail::send_slot&& handler,
                  detail::operation_id id)
{
  if (context_gone_) {
    return;
  }
  const auto what = std::make_shared<routed_send>(shared_from_this(), std::move(m), options,
                                                  std::move(handler), id);
  const auto now = time_.now();
  if (what->options.deadline && *what->options.deadline < core::never - now) {
    what->expires_at = now + *what->options.deadline;
  }
  if (what->id == 0 && names_all()) {
    what->id = new_operation_id();
  }
  to_others_->post_late();
  std::unique_lock lock{mutex_};
  const route way = submit(*what, now);
  if (!way.locked) {
    lock.unlock();
  }
  try {
    attempt(what, way);
  } catch (...) {
    if (!lock) {
      lock.lock();
    }
    unsubmit(*what, way.by);
    throw;
  }
}

router::route router::submit(routed_send& what, clock::time_point now)
{
  what.era = era_;
  ledger_.submitted(what);
  route way = first_route(what, now);
  set_out(what, way);
  if (what.id != 0) {
    named_.insert(what);
  }
  return way;
}

/// If it has no name.
void router::name(routed_send& what) noexcept
{
  if (what.id == 0) {
    what.id = new_operation_id();
    named_.insert(what);
  }
}

void router::set_out(routed_send& what, const route& way) noexcept
{
  what.tried |= std::uint64_t{1} << way.by;
  ++what.attempts;
  what.at = way.by;
  what.losses_before = way.losses;
  what.withdrawn.forget();
  what.handing_over.begin();
}

void router::unsubmit(routed_send& what, place by) noexcept
{
  what.at = nowhere;
  ended_at(what, by, errc::cancelled);
  count_out(what, {}, outcome::not_sent);
  auto& books = ledger_.books();
  --books.messages.submitted;
  --books.messages.not_sent;
  books.events.submitted -= what.events;
  books.events.not_sent -= what.events;
}

void router::attempt(const std::shared_ptr<routed_send>& what, const route& way)
{
  const unsigned number = what->handing_over.number();
  message m = way.last ? std::move(what->payload) : message{what->payload};
  way.to->send(std::move(m), what->options, {attempt_end{what, way.by}, {}}, what->id);
  if (what->handing_over.end(number)) {
    recall_late(*what, way, number);
  }
}

/// What was recalled while it was handed over, and is there now.
void router::recall_late(routed_send& what, const route& way, unsigned number) noexcept
{
  const std::scoped_lock lock{mutex_};
  if (!what.handing_over.forget(number)) {
    return;
  }
  try {
    way.to->cancel_operation(what.id, !what.written_too);
  } catch (...) { // NOLINT(bugprone-empty-catch): no memory: it waits on
  }
}

void router::withdraw(routed_send& what, detail::implementation& from, std::uint64_t losses)
{
  from.cancel_operation(what.id, true);
  what.handing_over.recall();
  what.withdrawn.ask(losses);
}

void router::attempted(const std::shared_ptr<routed_send>& what, place by, error_code error,
                       response answer)
{
  if (try_again(what, by, error)) {
    return;
  }
  {
    const std::scoped_lock lock{mutex_};
    count_out(*what, error, error ? outcome_of(error) : good_at(by));
  }
  to_others_->post_late();
  if (const auto elsewhere = std::exchange(what->elsewhere, nullptr)) {
    elsewhere->tell(error, std::move(answer));
    to_others_->post(elsewhere);
  } else {
    what->handler.invoke(error, answer);
  }
}

void router::count_out(routed_send& what, error_code error, outcome o) noexcept
{
  what.error = error;
  ledger_.ended(what, o);
  finished(what);
}

/// If it is to be.
bool router::try_again(const std::shared_ptr<routed_send>& what, place by, error_code& error)
{
  std::optional<route> way;
  {
    const std::scoped_lock lock{mutex_};
    what->at = nowhere;
    ended_at(*what, by, error);
    if (what->era != era_ && what->withdrawn.asked() && error == errc::cancelled && disconnected_) {
      error = errc::disconnected;
    }
    if (!error || what->era != era_ || closed_ || !goes_on(*what, by, error)) {
      return false;
    }
    if (what->cancelled) {
      error = errc::cancelled;
      return false;
    }
    if (what->withdrawn.asked()) {
      what->tried = 0;
      what->attempts = 0;
    }
    if (what->options.deadline && what->expires_at != core::never) {
      what->options.deadline = what->expires_at - time_.now();
    }
    way = next_route(*what, error);
    set_out(*what, *way);
    name(*what); // for a cancel, which is to find what is between two of the transports
  }
  try {
    attempt(what, *way);
    return true;
  } catch (...) { // NOLINT(bugprone-empty-catch): no memory: it ends as it has
    const std::scoped_lock lock{mutex_};
    what->at = nowhere;
    ended_at(*what, way->by, errc::cancelled);
    return false;
  }
}

void router::forget(routed_send& what) noexcept
{
  if (what.id != 0) {
    const std::scoped_lock lock{mutex_};
    if (what.id_link.is_linked()) {
      named_.erase(named_.iterator_to(what));
    }
  }
}

// --- what goes to all

void router::connect(detail::done_slot handler, detail::operation_id id)
{
  if (context_gone_) {
    return;
  }
  const auto all = std::make_shared<joint_wait>(std::move(handler), to_others_, connect_needs());
  try {
    connect_all(*all, id);
  } catch (...) {
    if (all->call_off()) {
      throw;
    }
  }
}

void router::connect_all(joint_wait& all, detail::operation_id id)
{
  const std::scoped_lock lock{mutex_};
  if (drains_ != 0) {
    return all.refuse(own_, errc::disconnected);
  }
  disconnected_ = false;
  const std::size_t wanted = opened();
  all.expect(wanted);
  visit([&, next = std::size_t{0}](detail::implementation& inside) mutable {
    if (next != wanted) {
      inside.connect(all.slot(next++), id);
    }
  });
}

void router::disconnect(clock::duration deadline, detail::done_slot handler,
                        detail::operation_id id)
{
  if (context_gone_) {
    return;
  }
  // (What was begun of one that is called off is a drain, too, and keeps it.)
  const auto all =
      std::make_shared<joint_wait>(std::move(handler), to_others_, joint_wait::need::all,
                                   [self = shared_from_this()] { self->drained(); });
  try {
    disconnect_all(*all, deadline, id);
  } catch (...) {
    if (all->call_off()) {
      throw;
    }
  }
}

void router::disconnect_all(joint_wait& all, clock::duration deadline, detail::operation_id id)
{
  const std::scoped_lock lock{mutex_};
  ++drains_;
  ++era_;
  disconnected_ = true;
  stop();
  all.expect(count());
  visit([&, next = std::size_t{0}](detail::implementation& inside) mutable {
    inside.disconnect(deadline, all.slot(next++), id);
  });
}

void router::drained() noexcept
{
  const std::scoped_lock lock{mutex_};
  --drains_;
}

void router::cancel()
{
  const std::scoped_lock lock{mutex_};
  ++era_;
  stop();
  // What is being handed over comes to where it goes after this.
  for (routed_send& s : named_) {
    s.written_too = true;
    s.handing_over.recall();
  }
  visit([](detail::implementation& inside) { inside.cancel(); });
}

void router::cancel_operation(detail::operation_id id, bool only_unwritten)
{
  const std::scoped_lock lock{mutex_};
  if (const auto found = named_.find(id); found != named_.end()) {
    found->cancelled = true;
    found->written_too = found->written_too || !only_unwritten;
    found->handing_over.recall();
  }
  // Whoever has it knows it by the same name.
  visit([&](detail::implementation& inside) { inside.cancel_operation(id, only_unwritten); });
}

void router::close() noexcept
{
  const std::scoped_lock lock{mutex_};
  closed_ = true;
  stop();
  visit([](detail::implementation& inside) { inside.close(); });
}

riemann::statistics router::statistics() const
{
  const std::scoped_lock lock{mutex_};
  riemann::statistics all = ledger_.books();
  add_connections(all, past_);
  tally messages;
  tally events;
  visit([&](const detail::implementation& inside) {
    const auto books = inside.statistics();
    add_connections(all, books);
    add_live(messages, books.messages);
    add_live(events, books.events);
  });
  place_live(all.messages, messages);
  place_live(all.events, events);
  return all;
}

void router::on_context_shutdown() noexcept
{
  const auto self = weak_from_this().lock();
  context_gone_ = true;
  {
    const std::scoped_lock lock{mutex_};
    on_shutdown();
    own_ = boost::asio::any_io_executor{};
  }
  to_others_->drop();
}

} // namespace riemann::inline v0::clients

#include "client/hybrid_implementation.hpp"

#include "client/attempts.hpp"
#include "client/joint_wait.hpp"

#include <riemann/error.hpp>

#include <boost/asio/execution/context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/query.hpp>

#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>

namespace riemann::clients {

using boost::system::error_code;

namespace {

bool is_name(const std::string& host)
{
  error_code not_literal;
  boost::asio::ip::make_address(host, not_literal);
  return not_literal.failed();
}

} // namespace

hybrid_implementation::hybrid_implementation(const boost::asio::any_io_executor& executor,
                                             const hybrid_options& options, parts inside)
    : own_{executor},
      options_{options},
      inside_{std::move(inside)},
      datagrams_{inside_.make_datagrams(executor)},
      look_up_due_{clock::now() + options.resolve_interval},
      service_{boost::asio::use_service<net::shutdown_service>(
          boost::asio::query(executor, boost::asio::execution::context))}
{
  if (is_name(options_.udp.host)) {
    resolver_.emplace(executor);
  }
  service_.add(*this);
}

hybrid_implementation::~hybrid_implementation()
{
  if (!context_gone_) {
    service_.remove(*this);
  }
}

template <class Function>
void hybrid_implementation::for_each_inside(Function function) const
{
  function(*inside_.stream);
  function(*datagrams_);
  for (const auto& old : retired_) {
    function(*old);
  }
}

// --- sends

void hybrid_implementation::send(message&& m, const send_options& options,
                                 detail::send_slot&& handler, detail::operation_id id)
{
  if (context_gone_) {
    return;
  }
  const way by =
      m.has_query() || m.size() > options_.udp.max_datagram_size ? way::stream : way::datagrams;
  const auto what = std::make_shared<hybrid_send>(shared_from_this(), std::move(m), options,
                                                  std::move(handler), id);
  submit(*what, by == way::datagrams);
  try {
    attempt(what, by);
  } catch (...) {
    unsubmit(*what);
    throw;
  }
}

void hybrid_implementation::submit(hybrid_send& what, bool by_datagram)
{
  const auto now = clock::now();
  if (what.options.deadline && *what.options.deadline < core::never - now) {
    what.expires_at = now + *what.options.deadline;
  }
  const std::scoped_lock lock{mutex_};
  what.era = era_;
  ledger_.submitted(what);
  if (what.id != 0) {
    cancellable_.insert(what);
  }
  if (by_datagram && look_up_due_ <= now) {
    look_up_if_due();
  }
}

void hybrid_implementation::unsubmit(hybrid_send& what) noexcept
{
  const std::scoped_lock lock{mutex_};
  ledger_.ended(what, outcome::not_sent);
  auto& books = ledger_.books();
  --books.messages.submitted;
  --books.messages.not_sent;
  books.events.submitted -= what.events;
  books.events.not_sent -= what.events;
}

void hybrid_implementation::attempt(const std::shared_ptr<hybrid_send>& what, way by)
{
  detail::send_slot handler{attempt_end{what, by}, own_};
  if (by == way::stream) {
    return inside_.stream->send(std::move(what->payload), what->options, std::move(handler),
                                what->id);
  }
  const auto to = [this] {
    const std::scoped_lock lock{mutex_};
    return datagrams_;
  }();
  // It may have to go over TCP in the end.
  to->send(message{what->payload}, what->options, std::move(handler), what->id);
}

void hybrid_implementation::attempted(const std::shared_ptr<hybrid_send>& what, way by,
                                      error_code error, response answer)
{
  if (by == way::datagrams && error) {
    if (const auto next = next_way(*what, error)) {
      try {
        return attempt(what, *next);
      } catch (const std::bad_alloc&) { // NOLINT: it ends as it has
      }
    }
  }
  {
    const std::scoped_lock lock{mutex_};
    const outcome good = by == way::datagrams ? outcome::sent : outcome::acked;
    ledger_.ended(*what, error ? outcome_of(error) : good);
  }
  what->handler.invoke(error, answer);
}

/// Of one that no byte of was sent: the attempt was refused.
std::optional<way> hybrid_implementation::next_way(hybrid_send& what, error_code& error)
{
  const std::scoped_lock lock{mutex_};
  const bool too_long = error == errc::message_too_large;
  const bool retired = error == errc::disconnected && !disconnected_;
  if (!(too_long || retired) || what.again || what.era != era_ || closed_) {
    return {};
  }
  if (what.cancelled) {
    error = errc::cancelled;
    return {};
  }
  what.again = true;
  if (what.options.deadline && what.expires_at != core::never) {
    what.options.deadline = what.expires_at - clock::now();
  }
  return too_long ? way::stream : way::datagrams;
}

void hybrid_implementation::forget(hybrid_send& what) noexcept
{
  if (what.id != 0) {
    const std::scoped_lock lock{mutex_};
    if (what.id_link.is_linked()) {
      cancellable_.erase(cancellable_.iterator_to(what));
    }
  }
}

// --- what goes to both

void hybrid_implementation::connect(detail::done_slot handler, detail::operation_id id)
{
  if (context_gone_) {
    return;
  }
  const auto both = std::make_shared<joint_wait>(std::move(handler), own_);
  const std::scoped_lock lock{mutex_};
  if (drains_ != 0) {
    return both->refuse(errc::disconnected);
  }
  disconnected_ = false;
  both->expect(2);
  inside_.stream->connect(both->slot(0, own_), id);
  datagrams_->connect(both->slot(1, own_), id);
}

void hybrid_implementation::disconnect(clock::duration deadline, detail::done_slot handler,
                                       detail::operation_id id)
{
  if (context_gone_) {
    return;
  }
  const auto all = std::make_shared<joint_wait>(std::move(handler), own_,
                                                [self = shared_from_this()] { self->drained(); });
  const std::scoped_lock lock{mutex_};
  ++drains_;
  ++era_;
  disconnected_ = true;
  drop_replacement();
  all->expect(2 + retired_.size());
  std::size_t place = 0;
  for_each_inside([&](detail::implementation& inside) {
    inside.disconnect(deadline, all->slot(place++, own_), id);
  });
}

void hybrid_implementation::drained() noexcept
{
  const std::scoped_lock lock{mutex_};
  --drains_;
}

void hybrid_implementation::cancel()
{
  const std::scoped_lock lock{mutex_};
  ++era_;
  drop_replacement();
  for_each_inside([](detail::implementation& inside) { inside.cancel(); });
}

void hybrid_implementation::cancel_operation(detail::operation_id id, bool only_unwritten)
{
  const std::scoped_lock lock{mutex_};
  if (const auto found = cancellable_.find(id); found != cancellable_.end()) {
    found->cancelled = true;
  }
  // Whoever has it knows it by the same name.
  for_each_inside(
      [&](detail::implementation& inside) { inside.cancel_operation(id, only_unwritten); });
}

void hybrid_implementation::close() noexcept
{
  const std::scoped_lock lock{mutex_};
  closed_ = true;
  ++era_;
  drop_replacement();
  for_each_inside([](detail::implementation& inside) { inside.close(); });
}

riemann::statistics hybrid_implementation::statistics() const
{
  const std::scoped_lock lock{mutex_};
  riemann::statistics all = ledger_.books();
  add_connections(all, past_);
  tally messages;
  tally events;
  for_each_inside([&](const detail::implementation& inside) {
    const auto books = inside.statistics();
    add_connections(all, books);
    add_live(messages, books.messages);
    add_live(events, books.events);
  });
  place_live(all.messages, messages);
  place_live(all.events, events);
  return all;
}

boost::system::result<boost::asio::ip::udp::endpoint>
hybrid_implementation::datagram_address() const
{
  const std::scoped_lock lock{mutex_};
  return datagrams_->address();
}

void hybrid_implementation::on_context_shutdown() noexcept
{
  const auto self = weak_from_this().lock();
  context_gone_ = true;
  const std::scoped_lock lock{mutex_};
  resolver_.reset();
  own_ = boost::asio::any_io_executor{};
}

} // namespace riemann::clients

#include "testkit/server_impl.hpp"

#include "testkit/listeners.hpp"
#include "testkit/tls_manner.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>

#include <utility>

namespace riemann::inline v0::testkit {

namespace asio = boost::asio;

namespace {

/// Of a sink, in bytes: fewer system calls than the usual ones need.
constexpr std::size_t sink_read_size = std::size_t{256} << 10;
/// So that a burst is not lost while another socket has its turn.
constexpr int sink_receive_buffer = 8 << 20;

/// A strand over the concrete executor where it is known: over the generic one
/// each hop allocates.
asio::any_io_executor make_serial(const asio::any_io_executor& executor)
{
  if (const auto* concrete = executor.target<asio::io_context::executor_type>()) {
    return asio::make_strand(*concrete);
  }
  return asio::make_strand(executor);
}

} // namespace

server::impl::impl(const asio::any_io_executor& executor, const server_options& options)
    : options_{options},
      state_{std::make_shared<detail::server_state>(options.default_ttl,
                                                    options.sink ? detail::retention::nothing
                                                                 : detail::retention::last_event)}
{
  detail::listen_options where{.address = options.address, .port = options.port};
  if (options.tls) {
    tls_ = detail::make_manner(*options.tls);
    where.tls_port = options.tls->port;
  }
  auto bound = detail::listen(executor, where);
  if (!options.journal.empty()) {
    state_->kept.emplace(options.journal, options.max_message_size);
  }
  endpoint_ = bound.tcp.local_endpoint();
  datagrams_ = std::make_shared<detail::datagram_receiver>(
      std::move(bound.udp), state_,
      options.sink ? detail::datagram_options{.max_datagram_size = options.max_datagram_size,
                                              .receive_buffer = sink_receive_buffer}
                   : detail::datagram_options{.max_datagram_size = options.max_datagram_size});
  io_.emplace(io{executor, asio::steady_timer{executor}, {std::move(bound.tcp)}});
  if (bound.tls) {
    tls_endpoint_ = bound.tls->local_endpoint();
    io_->tls.emplace(door{std::move(*bound.tls)});
  }
}

void server::impl::start()
{
  const std::lock_guard lock{mutex_};
  auto& context = asio::query(io_->executor, asio::execution::context);
  asio::use_service<detail::context_watch>(context).add(weak_from_this());
  accept(io_->plain);
  if (io_->tls) {
    accept(*io_->tls);
  }
  schedule_tick();
  datagrams_->start();
}

void server::impl::stop() noexcept
{
  {
    const std::lock_guard lock{mutex_};
    io_.reset();
  }
  datagrams_->close();
  close_connections();
  // For another server to go on with it.
  const std::lock_guard lock{state_->mutex};
  state_->kept.reset();
}

void server::impl::close_connections() noexcept
{
  std::vector<std::weak_ptr<detail::any_connection>> all;
  {
    const std::lock_guard lock{mutex_};
    all.swap(connections_);
  }
  for (const auto& w : all) {
    if (const auto c = w.lock()) {
      c->close();
    }
  }
}

void server::impl::inject(std::vector<fault> together, fault_place where)
{
  const std::lock_guard lock{state_->mutex};
  state_->faults.add(std::move(together), where);
}

void server::impl::clear_faults()
{
  const std::lock_guard lock{state_->mutex};
  state_->faults.clear();
}

server_counters server::impl::counters() const
{
  const std::lock_guard lock{state_->mutex};
  return state_->handler.snapshot();
}

std::vector<event> server::impl::index() const
{
  const std::lock_guard lock{state_->mutex};
  std::vector<event> events;
  events.reserve(state_->handler.index().size());
  state_->handler.index().visit([&events](detail::stored_event e) {
    events.push_back(std::move(e).take());
    return true;
  });
  return events;
}

void server::impl::accept(door& at)
{
  at.acceptor.async_accept(make_serial(io_->executor),
                           [self = shared_from_this(), &at](const boost::system::error_code& ec,
                                                            asio::ip::tcp::socket socket) {
                             self->on_accepted(at, ec, std::move(socket));
                           });
}

void server::impl::on_accepted(door& at, const boost::system::error_code& ec,
                               asio::ip::tcp::socket socket)
{
  const std::lock_guard lock{mutex_};
  // If not, the door is gone too.
  if (!io_) {
    return;
  }
  if (ec && ec != asio::error::connection_aborted) {
    at.paused = true;
    return;
  }
  if (!ec) {
    welcome(at, std::move(socket));
  }
  accept(at);
}

void server::impl::welcome(const door& at, asio::ip::tcp::socket socket)
{
  if (&at == &io_->plain) {
    start_connection(detail::plain_wire{std::move(socket)});
  } else {
    start_connection(detail::tls_wire{std::move(socket), tls_});
  }
}

template <class Wire>
void server::impl::start_connection(Wire wire)
{
  detail::connection_options how{.max_message_size = options_.max_message_size,
                                 .max_unread_answers = options_.max_unread_answers};
  if (options_.sink) {
    how.buffer.initial_capacity = sink_read_size;
  }
  const auto c = std::make_shared<detail::connection<Wire>>(std::move(wire), state_, how,
                                                            options_.unread_timeout, ++accepted_);
  remember(c);
  c->start();
}

void server::impl::remember(const std::shared_ptr<detail::any_connection>& c)
{
  // Swept only when the list would grow, so that it costs little an accept.
  if (connections_.size() == connections_.capacity()) {
    std::erase_if(connections_, [](const auto& w) { return w.expired(); });
  }
  connections_.push_back(c);
}

void server::impl::schedule_tick()
{
  io_->timer.expires_after(options_.reap_interval);
  io_->timer.async_wait(
      [self = shared_from_this()](const boost::system::error_code& ec) { self->on_tick(ec); });
}

void server::impl::on_tick(const boost::system::error_code& ec)
{
  const std::lock_guard lock{mutex_};
  if (!io_ || ec) {
    return;
  }
  {
    const std::lock_guard shared{state_->mutex};
    state_->handler.reap(detail::current_time());
  }
  if (std::exchange(io_->plain.paused, false)) {
    accept(io_->plain);
  }
  if (io_->tls && std::exchange(io_->tls->paused, false)) {
    accept(*io_->tls);
  }
  schedule_tick();
}

} // namespace riemann::inline v0::testkit

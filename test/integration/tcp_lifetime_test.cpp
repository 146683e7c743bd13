// Transport, context, handlers and pending operations, destroyed in every order.

#include "tcp_fixture.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/mpl/list.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <future>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::test;
using namespace std::chrono_literals;

/// What became of some handlers.
struct fates {
  std::atomic<int> invoked{0};
  std::atomic<int> dropped{0}; ///< destroyed uninvoked
  std::atomic<int> wrong{0};   ///< invoked with another error than cancelled or aborted
};

/// A handler that tells its end, and owns something.
class mortal {
public:
  explicit mortal(fates& f, std::shared_ptr<void> owned = {}) : fates_{&f}, owned_{std::move(owned)}
  {}
  mortal(mortal&& other) noexcept
      : fates_{std::exchange(other.fates_, nullptr)}, owned_{std::move(other.owned_)}
  {}
  mortal& operator=(mortal&&) = delete;
  ~mortal()
  {
    if (fates_ != nullptr) {
      ++fates_->dropped;
    }
  }

  void operator()(error_code e)
  {
    const auto f = std::exchange(fates_, nullptr);
    ++f->invoked;
    f->wrong += e == boost::system::errc::operation_canceled ? 0 : 1;
  }
  void operator()(error_code e, const response&) { (*this)(e); }

private:
  fates* fates_;
  std::shared_ptr<void> owned_;
};

/// Executors of several kinds, and the contexts below them.
struct on_context {
  asio::io_context context{};
  asio::any_io_executor executor() { return context.get_executor(); }
  void finish() { run(context); }
};
struct on_strand {
  asio::io_context context{};
  asio::any_io_executor executor() { return asio::make_strand(context); }
  void finish() { run(context); }
};
struct on_pool {
  asio::thread_pool context{2};
  asio::any_io_executor executor() { return context.get_executor(); }
  void finish() { context.join(); }
};
struct on_pool_strand {
  asio::thread_pool context{2};
  asio::any_io_executor executor()
  {
    return asio::make_strand(asio::any_io_executor{context.get_executor()});
  }
  void finish() { context.join(); }
};
using kinds = boost::mpl::list<on_context, on_strand, on_pool, on_pool_strand>;

tcp_options narrow_to(const scripted_peer& peer)
{
  session_options session;
  session.max_in_flight = 2;
  return options_for(peer.endpoint(), session);
}

constexpr int sends = 5;

/// Two sends written and three queued, once the peer has read two.
void load(tcp_transport& transport, fates& f, const std::shared_ptr<void>& owned = {})
{
  for (int i = 0; i != sends; ++i) {
    transport.async_send(one_event(), mortal{f, owned});
  }
}

/// Reads two messages, says so, and never answers.
struct silent_peer {
  gate written{};
  scripted_peer peer{{[this](connection& c) {
    c.read_frames(2);
    written.open();
    c.read_to_end();
  }}};
};

/// Runs the context in the background until the peer has its messages.
void run_until_written(asio::io_context& context, const gate& written)
{
  auto running = std::async(std::launch::async, [&] { context.run(); });
  written.wait();
  context.stop();
  running.get();
  context.restart();
}
void run_until_written(asio::thread_pool&, const gate& written)
{
  written.wait();
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(tcp_lifetime, watchdog)

BOOST_AUTO_TEST_CASE_TEMPLATE(transport_destroyed_with_work_outstanding_completes_it, Kind, kinds)
{
  silent_peer silent;
  fates f;
  Kind kind;
  {
    tcp_transport transport{kind.executor(), narrow_to(silent.peer)};
    load(transport, f);
    run_until_written(kind.context, silent.written);
    transport.async_disconnect(20s, mortal{f});
  }
  kind.finish();
  BOOST_TEST(f.invoked == sends + 1);
  BOOST_TEST(f.dropped == 0);
  BOOST_TEST(f.wrong == 0);
}

BOOST_AUTO_TEST_CASE(transport_destroyed_before_its_context_ever_runs_completes_nothing_inline)
{
  silent_peer silent;
  fates f;
  asio::io_context context;
  {
    tcp_transport transport{context, narrow_to(silent.peer)};
    load(transport, f);
    transport.async_connect(mortal{f});
  }
  BOOST_TEST(f.invoked == 0);
  run(context);
  BOOST_TEST(f.invoked == sends + 1);
  BOOST_TEST(f.wrong == 0);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(context_destroyed_first_destroys_handlers_uninvoked, Kind, kinds)
{
  silent_peer silent;
  fates f;
  auto kind = std::make_unique<Kind>();
  tcp_transport transport{kind->executor(), narrow_to(silent.peer)};
  asio::cancellation_signal signal;
  load(transport, f);
  transport.async_send(one_event(), asio::bind_cancellation_slot(signal.slot(), mortal{f}));
  run_until_written(kind->context, silent.written);
  transport.async_disconnect(20s, mortal{f});
  if constexpr (requires { kind->context.stop(); }) {
    kind->context.stop();
  }
  kind.reset();
  BOOST_TEST(f.invoked == 0);
  BOOST_TEST(f.dropped == sends + 2);
  signal.emit(asio::cancellation_type::terminal);
  tcp_transport moved{std::move(transport)};
}

BOOST_AUTO_TEST_CASE_TEMPLATE(context_destroyed_before_it_ran_destroys_handlers_uninvoked, Kind,
                              kinds)
{
  silent_peer silent;
  fates f;
  auto kind = std::make_unique<Kind>();
  if constexpr (requires { kind->context.join(); }) {
    kind->context.stop();
  }
  tcp_transport transport{kind->executor(), narrow_to(silent.peer)};
  load(transport, f);
  transport.async_connect(mortal{f});
  transport.cancel();
  kind.reset();
  BOOST_TEST(f.invoked == 0);
  BOOST_TEST(f.dropped == sends + 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(context_destroyed_while_resolving_or_connecting_leaks_nothing, Kind,
                              kinds)
{
  asio::io_context other;
  const deaf_listener listener{other};
  fates f;
  for (const bool name : {false, true}) {
    auto kind = std::make_unique<Kind>();
    auto options = options_for(listener.endpoint());
    if (name) {
      options.host = "nosuch.invalid";
    }
    tcp_transport transport{kind->executor(), options};
    load(transport, f);
    if constexpr (requires { kind->context.poll(); }) {
      kind->context.poll();
    } else {
      kind->context.stop();
    }
    kind.reset();
  }
  BOOST_TEST(f.invoked + f.dropped == 2 * sends);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(handlers_that_own_the_transport_go_with_the_context, Kind, kinds)
{
  silent_peer silent;
  fates f;
  auto kind = std::make_unique<Kind>();
  std::weak_ptr<tcp_transport> watched;
  {
    auto transport = std::make_shared<tcp_transport>(kind->executor(), narrow_to(silent.peer));
    watched = transport;
    load(*transport, f, transport);
    run_until_written(kind->context, silent.written);
    transport->async_disconnect(20s, mortal{f, transport});
  }
  BOOST_TEST(!watched.expired());
  if constexpr (requires { kind->context.stop(); }) {
    kind->context.stop();
  }
  kind.reset();
  BOOST_TEST(watched.expired());
  BOOST_TEST(f.invoked == 0);
  BOOST_TEST(f.dropped == sends + 1);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(transport_destroyed_in_its_own_handler_completes_the_rest, Kind,
                              kinds)
{
  scripted_peer peer{{[](connection& c) {
    c.read_frames(1);
    c.ack(1);
    c.read_to_end();
  }}};
  fates f;
  std::atomic<int> first{0};
  Kind kind;
  session_options session;
  session.max_in_flight = 1;
  auto transport =
      std::make_unique<tcp_transport>(kind.executor(), options_for(peer.endpoint(), session));
  gate all_sent;
  transport->async_send(one_event(), [&](error_code e, response) {
    all_sent.wait();
    BOOST_TEST(e == error_code{});
    ++first;
    transport.reset();
  });
  load(*transport, f);
  all_sent.open();
  kind.finish();
  BOOST_TEST(first == 1);
  BOOST_TEST(f.invoked == sends);
  BOOST_TEST(f.wrong == 0);
}

BOOST_AUTO_TEST_CASE(transport_that_was_moved_keeps_its_work)
{
  running_server server;
  asio::io_context context;
  std::vector<result> sent(4);
  tcp_transport first{context, options_for(server->tcp_endpoint())};
  first.async_send(one_event(), record{sent[0]});
  tcp_transport second{std::move(first)};
  second.async_send(one_event(), record{sent[1]});
  // What the assigned-to one had in hand ends as if it had been destroyed.
  tcp_transport third{context, options_for(server->tcp_endpoint())};
  third.async_send(one_event(), record{sent[2]});
  third = std::move(second);
  client owner{std::move(third)};
  owner.async_send({.service = "s"}, record{sent[3]});
  run_until(context, [&] { return sent[0].done() && sent[3].done(); });
  BOOST_TEST(sent[0].error == error_code{});
  BOOST_TEST(sent[1].error == error_code{});
  BOOST_TEST(sent[2].error == errc::cancelled);
  BOOST_TEST(sent[3].error == error_code{});
  first = std::move(owner.transport());
  check_books(first);
}

BOOST_AUTO_TEST_CASE(lazy_operation_started_after_its_transport_is_gone_is_cancelled)
{
  silent_peer silent;
  asio::io_context context;
  std::optional<tcp_transport> transport{std::in_place, context, narrow_to(silent.peer)};
  auto send = transport->async_send(one_event(), asio::deferred);
  auto connect = transport->async_connect(asio::deferred);
  auto disconnect = transport->async_disconnect(20s, asio::deferred);
  auto never_started = transport->async_send(one_event(), asio::deferred);
  transport.reset();
  result sent;
  result connected;
  result gone;
  std::move(send)(record{sent});
  std::move(connect)(record{connected});
  std::move(disconnect)(record{gone});
  BOOST_TEST(!sent.done());
  run(context);
  BOOST_TEST(sent.error == errc::cancelled);
  BOOST_TEST(connected.error == asio::error::operation_aborted);
  BOOST_TEST(gone.error == asio::error::operation_aborted);
}

BOOST_AUTO_TEST_CASE(lazy_operation_never_started_is_not_counted_and_may_outlive_the_context)
{
  auto context = std::make_unique<asio::io_context>();
  std::optional<tcp_transport> transport{std::in_place, *context};
  auto send = transport->async_send(one_event(), asio::deferred);
  BOOST_TEST(transport->statistics().messages.submitted == 0U);
  transport.reset();
  context.reset();
}

BOOST_AUTO_TEST_CASE(coroutine_that_waits_for_an_answer_goes_with_its_context)
{
  silent_peer silent;
  fates f;
  auto context = std::make_unique<asio::io_context>();
  tcp_transport transport{*context, narrow_to(silent.peer)};
  for (int i = 0; i != 2; ++i) {
    asio::co_spawn(
        *context,
        [](tcp_transport& t, mortal) -> asio::awaitable<void> {
          co_await t.async_send(one_event());
        }(transport, mortal{f}),
        asio::detached);
  }
  run_until_written(*context, silent.written);
  context.reset();
  BOOST_TEST(f.invoked == 0);
  BOOST_TEST(f.dropped == 2);
}

BOOST_AUTO_TEST_CASE(transports_of_one_context_may_own_one_another)
{
  silent_peer silent;
  fates f;
  auto context = std::make_unique<asio::io_context>();
  auto outer = std::make_shared<tcp_transport>(*context, narrow_to(silent.peer));
  auto inner = std::make_shared<tcp_transport>(*context, narrow_to(silent.peer));
  load(*outer, f, inner);
  load(*inner, f, outer);
  outer.reset();
  inner.reset();
  context.reset();
  BOOST_TEST(f.dropped == 2 * sends);
}

BOOST_AUTO_TEST_CASE(handlers_context_may_go_before_the_transports)
{
  running_server server;
  asio::io_context context;
  fates f;
  tcp_transport transport{context, options_for(server->tcp_endpoint())};
  {
    asio::io_context foreign;
    for (int i = 0; i != sends; ++i) {
      transport.async_send(one_event(), asio::bind_executor(foreign, mortal{f}));
    }
    run_until(context, [&] { return transport.statistics().messages.acked == sends; });
  }
  BOOST_TEST(f.invoked == 0);
  BOOST_TEST(f.dropped == sends);
}

BOOST_AUTO_TEST_SUITE_END()

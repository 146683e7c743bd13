// Once there is no memory for the caller who begins something: it hears of that by an
// exception, and then its handler is gone, or it does not, and then its handler is called.
#include "../integration/tcp_fixture.hpp"
#include "heap.hpp"

#include <riemann/blank_transport.hpp>
#include <riemann/hybrid_transport.hpp>
#include <riemann/pool_transport.hpp>
#include <riemann/sync_client.hpp>

#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>

namespace riemann::test {

namespace {

using namespace std::chrono_literals;

testkit::test::running_server& server()
{
  static testkit::test::running_server running;
  return running;
}

pool_options options_of(const pool_transport*)
{
  return {.servers = {options_for(server()->tcp_endpoint())}, .connections = 4};
}
hybrid_options options_of(const hybrid_transport*)
{
  hybrid_options both;
  both.tcp = options_for(server()->tcp_endpoint());
  both.udp.host = both.tcp.host;
  both.udp.port = both.tcp.port;
  return both;
}

/// Counts its calls; whoever has it keeps `alive`.
struct witness {
  void operator()(error_code) const { ++*calls; }

  int* calls;
  std::shared_ptr<int> alive;
};

enum class what { connect, disconnect };

template <class Transport>
void begin(Transport& transport, what w, witness handler)
{
  if (w == what::connect) {
    transport.async_connect(std::move(handler));
  } else {
    transport.async_disconnect(patience, std::move(handler));
  }
}

/// It is as good as ever.
template <class Transport>
void check_goes_on(asio::io_context& context, Transport& transport)
{
  const auto wait_for = [&](const result& r) {
    run_until(context, [&] { return r.done(); });
    BOOST_TEST(!r.error, r.error.message());
  };
  // First to the end of what was begun, if that threw.
  transport.async_disconnect(patience, asio::detached);
  run(context);
  result connected;
  transport.async_connect(record{connected});
  wait_for(connected);
  result sent;
  transport.async_send(one_event(), record{sent});
  wait_for(sent);
  result gone;
  transport.async_disconnect(patience, record{gone});
  wait_for(gone);
  run(context);
  check_books(transport.statistics());
}

/// False: so much memory was never asked for.
template <class Transport>
bool lives_through(what w, std::uint64_t failing)
{
  asio::io_context context{1};
  Transport transport{context, options_of(static_cast<const Transport*>(nullptr))};
  int calls = 0;
  bool thrown = false;
  bool happened = false;
  std::weak_ptr<int> handler;
  {
    witness first{&calls, std::make_shared<int>()};
    handler = first.alive;
    const heap_failure fails{failing};
    try {
      begin(transport, w, std::move(first));
    } catch (const std::bad_alloc&) {
      thrown = true;
    }
    happened = fails.happened();
  }
  BOOST_TEST(handler.expired() == thrown);
  run_until(context, [&] { return thrown || calls != 0; });
  check_goes_on(context, transport);
  BOOST_TEST(calls == (thrown ? 0 : 1));
  return happened;
}

template <class Transport>
void live_through_all()
{
  const watchdog hangs;
  for (const what w : {what::connect, what::disconnect}) {
    std::uint64_t failing = 0;
    BOOST_TEST_CONTEXT((w == what::connect ? "connect" : "disconnect"))
    {
      for (; lives_through<Transport>(w, failing); ++failing) {
      }
      BOOST_TEST(failing > 1U);
    }
  }
}

/// The result, or an exception: `failing` as above.
template <class Call>
bool calls_through(sync_client& client, std::uint64_t failing, Call call)
{
  const heap_failure fails{failing};
  try {
    call(client);
  } catch (const std::bad_alloc&) { // it is what was asked for
  }
  return fails.happened();
}

} // namespace

BOOST_AUTO_TEST_SUITE(memory_that_fails_the_caller)

BOOST_AUTO_TEST_CASE(pool_when_there_is_no_memory_to_begin_then_throws_and_calls_nobody)
{
  live_through_all<pool_transport>();
}

BOOST_AUTO_TEST_CASE(hybrid_when_there_is_no_memory_to_begin_then_throws_and_calls_nobody)
{
  live_through_all<hybrid_transport>();
}

BOOST_AUTO_TEST_CASE(blank_when_there_is_no_memory_to_send_then_its_books_hold_nothing_live)
{
  std::uint64_t failing = 0;
  for (bool happened = true; happened; ++failing) {
    asio::io_context context{1};
    blank_transport transport{context};
    const message m = one_event();
    {
      const heap_failure fails{failing};
      for (int i = 0; i != 10; ++i) { // more than it has room for from the beginning
        try {
          transport.async_send(m, asio::detached);
        } catch (const std::bad_alloc&) { // it is what was asked for
        }
      }
      happened = fails.happened();
    }
    const tally books = transport.statistics().messages;
    BOOST_TEST(books.balanced());
    BOOST_TEST(books.live() == 0U);
  }
  BOOST_TEST(failing > 1U);
}

BOOST_AUTO_TEST_CASE(sync_connect_when_there_is_no_memory_then_ends_at_its_deadline_or_throws)
{
  const watchdog hangs;
  asio::io_context context;
  const deaf_listener deaf{context};
  // By itself it does not end.
  const auto options = options_for(deaf.endpoint(), {.connect_timeout = 1h});
  std::uint64_t failing = 0;
  error_code last;
  const auto connect = [&](sync_client& client) {
    const auto connected = client.connect(10ms);
    last = connected ? error_code{} : connected.error().code;
  };
  do {
    sync_client client{options, {.drain_timeout = 10ms}};
    if (!calls_through(client, failing, connect)) {
      break;
    }
    last = {};
    connect(client);
    BOOST_TEST(last == errc::connect_timeout);
  } while (++failing != 0);
  BOOST_TEST(last == errc::connect_timeout);
  BOOST_TEST(failing > 1U);
}

BOOST_AUTO_TEST_CASE(sync_hybrid_when_there_is_no_memory_then_its_calls_end_or_throw)
{
  const watchdog hangs;
  const auto options = options_of(static_cast<const hybrid_transport*>(nullptr));
  for (std::uint64_t failing = 0, happened = 1; happened != 0; ++failing) {
    sync_client client{options};
    happened = 0;
    happened += calls_through(client, failing, [](auto& c) { static_cast<void>(c.connect()); });
    happened += calls_through(client, failing, [](auto& c) { static_cast<void>(c.disconnect()); });
    BOOST_TEST(!client.disconnect().has_error()); // and what that began, if it threw
    BOOST_TEST(!client.connect().has_error());
    BOOST_TEST(!client.send({.service = "s"}).has_error());
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test

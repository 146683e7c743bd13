// Once, while a transport is at work, there is no memory: each attempt to take some fails in
// turn. The executor's caller may hear of it; but whatever was begun ends, once, and the
// transport is good for more.
#include "../integration/tls_fixture.hpp"
#include "heap.hpp"
#include "run_whatever_comes.hpp"

#include <riemann/hybrid_transport.hpp>
#include <riemann/pool_transport.hpp>
#include <riemann/tcp_transport.hpp>
#include <riemann/tls_transport.hpp>
#include <riemann/udp_transport.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <new>
#include <string>

namespace riemann::test {

namespace {

using namespace std::chrono_literals;

testkit::test::running_server& server()
{
  static testkit::test::running_server running{with_tls(mutual_tls())};
  return running;
}

/// What is lost unheard of ends by its deadline: nobody is to wait long for that.
session_options short_deadlines()
{
  return {.connect_timeout = 300ms,
          .max_connect_tries = 2,
          .min_backoff = 1ms,
          .max_backoff = 1ms,
          .answer_timeout = 300ms,
          .write_timeout = 300ms};
}

tcp_options options_of(const tcp_transport*)
{
  return options_for(server()->tcp_endpoint(), short_deadlines());
}
tls_options options_of(const tls_transport*)
{
  auto o = tls_options_for(server()->tls_endpoint());
  o.session = short_deadlines();
  o.handshake_timeout = 300ms;
  return o;
}
udp_options options_of(const udp_transport*)
{
  return {.host = "127.0.0.1",
          .port = server()->port(),
          .min_backoff = 1ms,
          .max_backoff = 1ms,
          .connect_timeout = 300ms};
}
pool_options options_of(const pool_transport*)
{
  const auto server = options_of(static_cast<const tcp_transport*>(nullptr));
  return {.servers = {server, server}, .connections = 2, .retry_interval = 1ms};
}
hybrid_options options_of(const hybrid_transport*)
{
  return {.tcp = options_of(static_cast<const tcp_transport*>(nullptr)),
          .udp = options_of(static_cast<const udp_transport*>(nullptr))};
}

template <class Transport>
constexpr bool of_several =
    std::same_as<Transport, pool_transport> || std::same_as<Transport, hybrid_transport>;

/// A transport at work.
template <class Transport>
struct work {
  explicit work(bool erased)
      : transport{erased ? asio::any_io_executor{asio::make_strand(context)}
                         : asio::any_io_executor{context.get_executor()},
                  options_of(static_cast<const Transport*>(nullptr))}
  {}

  void begin()
  {
    transport.async_connect(record{opened});
    for (result& r : sent) {
      transport.async_send(message{{.service = "s", .description = std::string(300, 'x')}},
                           record{r});
    }
    if constexpr (Transport::answers_queries) {
      transport.async_send(message::query("service = \"s\""), record{asked});
    } else {
      asked.calls = 1;
    }
  }
  [[nodiscard]] bool all_ended() const
  {
    return opened.done() && asked.done() &&
           std::ranges::all_of(sent, [](const result& r) { return r.done(); });
  }
  /// All is over then, once; unless there was no memory to begin with it. (Several
  /// connections may have begun with it in part: as they say, it is called again.)
  void disconnect()
  {
    try {
      transport.async_disconnect(patience, record{gone});
    } catch (const std::bad_alloc&) {
      if constexpr (!of_several<Transport>) {
        return;
      }
      transport.async_disconnect(patience, record{gone});
    }
    run_whatever_comes(context, [&] { return gone.done(); });
    BOOST_TEST(gone.calls == 1);
  }
  bool reopens()
  {
    result reopened;
    transport.async_connect(record{reopened});
    run_whatever_comes(context, [&] { return reopened.done(); });
    return !reopened.error;
  }
  /// Each of them once; and it goes on.
  void check()
  {
    BOOST_TEST(opened.calls == 1);
    BOOST_TEST(asked.calls == 1);
    for (const result& r : sent) {
      BOOST_TEST(r.calls == 1);
    }
    if (!reopens()) {
      // OpenSSL may have kept half a session, which the server does not take up.
      BOOST_TEST(reopens());
    }
    result again;
    transport.async_send(one_event(), record{again});
    run_whatever_comes(context, [&] { return again.done(); });
    BOOST_TEST(!again.error, again.error.message());
    result closed;
    transport.async_disconnect(patience, record{closed});
    run_whatever_comes(context, [&] { return closed.done(); });
    BOOST_TEST(!closed.error, closed.error.message());
    check_books(transport.statistics());
    run(context);
  }

  asio::io_context context{1};
  Transport transport;
  result opened{};
  std::array<result, 3> sent{};
  result asked{};
  result gone{};
};

/// From the first send, which connects, or once there is a connection.
enum class since { connecting, connected };

/// False: so much memory was never asked for.
template <class Transport>
bool lives_through(bool erased, since when, std::uint64_t failing)
{
  work<Transport> w{erased};
  if (when == since::connected) {
    result connected;
    w.transport.async_connect(record{connected});
    run_until(w.context, [&] { return connected.done(); });
  }
  w.begin();
  bool happened = false;
  {
    const heap_failure fails{failing};
    run_whatever_comes(w.context, [&] { return w.all_ended(); });
    // How TLS says goodbye without memory is not tried.
    if constexpr (!std::same_as<Transport, tls_transport>) {
      w.disconnect();
    }
    happened = fails.happened();
  }
  w.check();
  return happened;
}

/// Each in turn, and of many, as a handshake asks for, some.
template <class Transport>
void live_through_all()
{
  const watchdog hangs;
  for (const bool erased : {false, true}) {
    for (const since when : {since::connecting, since::connected}) {
      std::uint64_t failing = 0;
      BOOST_TEST_CONTEXT((erased ? "erased" : "concrete")
                         << ", since " << (when == since::connected ? "connected" : "connecting"))
      {
        for (; lives_through<Transport>(erased, when, failing); failing += 1 + failing / 24) {
        }
        BOOST_TEST_MESSAGE("memory was asked for " << failing << " times at most");
        BOOST_TEST((failing > 0 || when == since::connected), "nothing has failed");
      }
    }
  }
}

/// Where nobody listens. False: so much memory was never asked for.
bool is_refused_and_lives(std::uint64_t failing)
{
  asio::io_context context{1};
  asio::ip::tcp::endpoint nobody;
  {
    const asio::ip::tcp::acceptor once{context, {asio::ip::address_v4::loopback(), 0}};
    nobody = once.local_endpoint();
  }
  tcp_transport transport{context, options_for(nobody, short_deadlines())};
  result opened;
  result sent;
  transport.async_connect(record{opened});
  transport.async_send(one_event(), record{sent});
  bool happened = false;
  {
    const heap_failure fails{failing};
    run_whatever_comes(context, [&] { return opened.done() && sent.done(); });
    happened = fails.happened();
  }
  BOOST_TEST((opened.calls == 1 && sent.calls == 1));
  BOOST_TEST((opened.error && sent.error));
  check_books(transport.statistics());
  return happened;
}

} // namespace

BOOST_AUTO_TEST_SUITE(memory_that_fails)

BOOST_AUTO_TEST_CASE(tcp_when_nobody_listens_and_there_is_no_memory_once_then_all_is_told)
{
  const watchdog hangs;
  std::uint64_t failing = 0;
  for (; is_refused_and_lives(failing); ++failing) {
  }
  BOOST_TEST(failing > 0U);
}

BOOST_AUTO_TEST_CASE(tcp_when_there_is_no_memory_once_then_all_ends_and_it_goes_on)
{
  live_through_all<tcp_transport>();
}

BOOST_AUTO_TEST_CASE(tls_when_there_is_no_memory_once_then_all_ends_and_it_goes_on)
{
  live_through_all<tls_transport>();
}

BOOST_AUTO_TEST_CASE(udp_when_there_is_no_memory_once_then_all_ends_and_it_goes_on)
{
  live_through_all<udp_transport>();
}

BOOST_AUTO_TEST_CASE(pool_when_there_is_no_memory_once_then_all_ends_and_it_goes_on)
{
  live_through_all<pool_transport>();
}

BOOST_AUTO_TEST_CASE(hybrid_when_there_is_no_memory_once_then_all_ends_and_it_goes_on)
{
  live_through_all<hybrid_transport>();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test

// What an idle connection holds, after it has been busy.
#include "../integration/tls_fixture.hpp"
#include "heap.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <deque>
#include <optional>
#include <string>

namespace riemann::test {

namespace {

constexpr std::size_t transports = 20;
constexpr std::int64_t most = std::int64_t{32} << 10;
/// With the buffers of Asio's stream and of OpenSSL.
constexpr std::int64_t most_with_tls = std::int64_t{192} << 10;

/// A context that has had a transport to the place already: what it has once for all
/// of them is not theirs.
template <class Transport>
struct used_context {
  template <class Options>
  explicit used_context(const Options& options) : first{context, options}
  {
    result connected;
    first.async_connect(record{connected});
    run_until(context, [&] { return connected.done(); });
  }

  asio::io_context context{1};
  Transport first;
};

using used_for_tcp = used_context<tcp_transport>;

template <class Transport>
void send_many(Transport& transport, std::size_t& ended)
{
  for (int n = 0; n != 2'000; ++n) {
    transport.async_send(message{{.service = "s"}}, [&](error_code, const response&) { ++ended; });
  }
}

/// Transports are busy, and then idle: what each holds comes down to so much.
template <class Transport, class Options>
void be_busy_and_rest(const Options& options, std::int64_t limit)
{
  used_context<Transport> used{options};
  auto& context = used.context;

  const heap_count heap;
  std::deque<Transport> all;
  std::size_t ended = 0;
  const std::string large(20'000, 'x');
  for (std::size_t i = 0; i != transports; ++i) {
    auto& transport = all.emplace_back(context, options);
    send_many(transport, ended);
    transport.async_send(message{{.service = "large", .description = large}},
                         [&](error_code, const response&) { ++ended; });
    transport.async_send(message::query("service = \"large\""),
                         [&](error_code, const response&) { ++ended; });
  }
  run_until(context, [&] { return ended == transports * 2'002; });
  const auto busy = heap.now().bytes / static_cast<std::int64_t>(transports);
  BOOST_TEST(busy > limit, "the busy time left no trace: this test shows nothing");
  const auto each = [&] { return heap.now().bytes / static_cast<std::int64_t>(transports); };
  run_until(context, [&] { return each() <= limit; });
  BOOST_TEST_MESSAGE("an idle connection holds " << each() << " bytes, a busy one left " << busy);
}

} // namespace

BOOST_AUTO_TEST_SUITE(memory_at_rest)

BOOST_AUTO_TEST_CASE(connection_when_idle_after_a_busy_time_then_holds_at_most_32_kib)
{
  running_server server;
  be_busy_and_rest<tcp_transport>(options_for(server->tcp_endpoint()), most);
}

BOOST_AUTO_TEST_CASE(connection_over_tls_when_idle_after_a_busy_time_then_holds_at_most_192_kib)
{
  running_server server{with_tls(mutual_tls())};
  be_busy_and_rest<tls_transport>(tls_options_for(server->tls_endpoint()), most_with_tls);
}

BOOST_AUTO_TEST_CASE(connection_when_closed_at_once_after_a_busy_time_then_holds_at_most_32_kib)
{
  running_server server;
  used_for_tcp used{options_for(server->tcp_endpoint())};
  auto& context = used.context;

  const heap_count heap;
  tcp_transport transport{context, options_for(server->tcp_endpoint())};
  std::size_t ended = 0;
  send_many(transport, ended);
  run_until(context, [&] { return ended == 2'000; });
  BOOST_TEST(heap.now().bytes > most);
  result gone;
  transport.async_disconnect(patience, record{gone});
  run_until(context, [&] { return gone.done(); });
  BOOST_TEST(heap.now().bytes <= most);
}

BOOST_AUTO_TEST_CASE(sends_when_refused_for_want_of_a_server_then_leave_at_most_32_kib)
{
  std::optional<running_server> server{std::in_place};
  const auto nobody = (*server)->tcp_endpoint();
  server.reset();
  used_for_tcp used{options_for(nobody)};
  auto& context = used.context;

  const heap_count heap;
  tcp_transport transport{context, options_for(nobody)};
  std::size_t ended = 0;
  send_many(transport, ended);
  run(context);
  BOOST_TEST(ended == 2'000U);
  BOOST_TEST(heap.now().bytes <= most);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test

// What an idle connection holds, after it has been busy.
#include "../integration/tcp_fixture.hpp"
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

/// A context that has had a transport to the place already: what it has once for all
/// of them is not theirs.
struct used_context {
  explicit used_context(const asio::ip::tcp::endpoint& to) : first{context, options_for(to)}
  {
    result connected;
    first.async_connect(record{connected});
    run_until(context, [&] { return connected.done(); });
  }

  asio::io_context context{1};
  tcp_transport first;
};

void send_many(tcp_transport& transport, std::size_t& ended)
{
  for (int n = 0; n != 2'000; ++n) {
    transport.async_send(message{{.service = "s"}}, [&](error_code, const response&) { ++ended; });
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(memory_at_rest)

BOOST_AUTO_TEST_CASE(connection_when_idle_after_a_busy_time_then_holds_at_most_32_kib)
{
  running_server server;
  used_context used{server->tcp_endpoint()};
  auto& context = used.context;

  const heap_count heap;
  std::deque<tcp_transport> all;
  std::size_t ended = 0;
  const std::string large(20'000, 'x');
  for (std::size_t i = 0; i != transports; ++i) {
    auto& transport = all.emplace_back(context, options_for(server->tcp_endpoint()));
    send_many(transport, ended);
    transport.async_send(message{{.service = "large", .description = large}},
                         [&](error_code, const response&) { ++ended; });
    transport.async_send(message::query("service = \"large\""),
                         [&](error_code, const response&) { ++ended; });
  }
  run_until(context, [&] { return ended == transports * 2'002; });
  const auto busy = heap.now().bytes / static_cast<std::int64_t>(transports);
  BOOST_TEST(busy > most, "the busy time left no trace: this test shows nothing");
  const auto each = [&] { return heap.now().bytes / static_cast<std::int64_t>(transports); };
  run_until(context, [&] { return each() <= most; });
  BOOST_TEST_MESSAGE("an idle connection holds " << each() << " bytes, a busy one left " << busy);
}

BOOST_AUTO_TEST_CASE(connection_when_closed_at_once_after_a_busy_time_then_holds_at_most_32_kib)
{
  running_server server;
  used_context used{server->tcp_endpoint()};
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
  used_context used{nobody};
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

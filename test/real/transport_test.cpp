// Each of our transports and clients, with a server that answers as it does.
#include "visit.hpp"

#include <riemann/any_transport.hpp>
#include <riemann/batch_client.hpp>
#include <riemann/client.hpp>
#include <riemann/hybrid_transport.hpp>
#include <riemann/pool_transport.hpp>
#include <riemann/tcp_transport.hpp>
#include <riemann/udp_transport.hpp>

#include <cstddef>
#include <future>
#include <string>
#include <utility>
#include <vector>

namespace riemann::test {

namespace {

namespace asio = boost::asio;

constexpr std::size_t many_messages = 500;

struct transports : with_thread, visit {
  /// One message an event, all outstanding at once; each is to be acknowledged, or sent.
  template <class Transport>
  void send_all(Transport& transport, const std::vector<event>& events)
  {
    std::vector<std::future<response>> ends;
    for (const event& e : events) {
      ends.push_back(transport.async_send(message{e}, asio::use_future));
    }
    for (auto& end : ends) {
      test::get(end);
    }
  }
  /// Drained, with books that balance.
  template <class Transport>
  void leave(Transport& transport)
  {
    test::get(transport.async_disconnect(patience, asio::use_future));
    const auto books = transport.statistics();
    BOOST_TEST(books.messages.balanced());
    BOOST_TEST(books.messages.live() == 0u);
    BOOST_TEST(books.messages.unknown + books.messages.not_sent == 0u);
  }
  template <class Transport>
  std::size_t count(Transport& transport)
  {
    riemann::client user{transport};
    const std::string mine = "service =~ \"" + service("%") + "\"";
    return test::get(user.async_query(mine, asio::use_future)).event_count();
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(real_transport, transports)

BOOST_AUTO_TEST_CASE(tcp_when_many_are_outstanding_then_each_is_answered_and_found)
{
  tcp_transport transport{context, server_under_test::get().tcp()};
  send_all(transport, many(many_messages));
  BOOST_TEST(count(transport) == many_messages);
  leave(transport);
  BOOST_TEST(transport.statistics().connections_opened == 1u);
  BOOST_TEST(transport.statistics().messages.acked == many_messages + 1);
}

BOOST_AUTO_TEST_CASE(tcp_when_queries_and_events_alternate_then_each_query_sees_the_event_before_it)
{
  tcp_transport transport{context, server_under_test::get().tcp()};
  riemann::client user{transport};
  const query mine = field{"service"} == service("counter");
  std::vector<std::future<response>> answers;
  for (int i = 0; i != 50; ++i) {
    event e = named("counter");
    e.metric = i;
    transport.async_send(message{e}, [](auto&&...) {});
    answers.push_back(user.async_query(mine, asio::use_future));
  }
  for (int i = 0; i != 50; ++i) {
    const auto events = test::get(answers[static_cast<std::size_t>(i)]).to_events();
    BOOST_TEST_REQUIRE(events.size() == 1u);
    BOOST_TEST((events.front().metric == metric{i}));
  }
  leave(transport);
}

BOOST_AUTO_TEST_CASE(udp_when_sent_then_found)
{
  udp_transport transport{context, server_under_test::get().udp()};
  send_all(transport, many(20));
  wait_for(20);
  BOOST_TEST(found().size() == 20u);
  leave(transport);
  BOOST_TEST(transport.statistics().messages.sent == 20u);
}

BOOST_AUTO_TEST_CASE(udp_when_messages_share_a_datagram_then_each_is_found)
{
  auto options = server_under_test::get().udp();
  options.max_coalesced_size = 1'400;
  udp_transport transport{context, options};
  send_all(transport, many(100));
  wait_for(100);
  BOOST_TEST(found().size() == 100u);
  leave(transport);
}

BOOST_AUTO_TEST_CASE(hybrid_when_short_long_or_asked_then_each_goes_its_way)
{
  const auto& server = server_under_test::get();
  hybrid_options options;
  options.tcp = server.tcp();
  options.udp = server.udp();
  hybrid_transport transport{context, options};
  auto events = many(10);
  event large = named("long");
  large.description = std::string(options.udp.max_datagram_size, 'x');
  events.push_back(large);
  send_all(transport, events);
  wait_for(11);
  BOOST_TEST(count(transport) == 11u);
  leave(transport);
  BOOST_TEST(transport.statistics().messages.sent == 10u);
  BOOST_TEST(transport.statistics().messages.acked == 2u);
}

BOOST_AUTO_TEST_CASE(pool_when_it_has_several_connections_then_all_are_answered_and_found)
{
  pool_options options;
  options.servers = {server_under_test::get().tcp()};
  options.connections = 4;
  pool_transport transport{context, options};
  send_all(transport, many(many_messages));
  BOOST_TEST(count(transport) == many_messages);
  leave(transport);
  BOOST_TEST(transport.statistics().connections_opened > 1u);
}

BOOST_AUTO_TEST_CASE(any_transport_when_it_holds_tcp_then_the_same)
{
  any_transport transport{tcp_transport{context, server_under_test::get().tcp()}};
  send_all(transport, many(10));
  BOOST_TEST(count(transport) == 10u);
  leave(transport);
}

BOOST_AUTO_TEST_CASE(batch_client_when_many_are_posted_then_all_are_acknowledged_and_found)
{
  constexpr std::size_t posted = 5'000;
  tcp_transport transport{context, server_under_test::get().tcp()};
  batch_client user{transport};
  for (const event& e : many(posted)) {
    BOOST_TEST_REQUIRE(user.post(e));
  }
  test::get(user.async_close(patience, asio::use_future));
  BOOST_TEST(user.statistics().events.acked == posted);
  BOOST_TEST(found().size() == posted);
  leave(transport);
  BOOST_TEST(transport.statistics().messages.submitted < posted);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test

// The test server and its execution context may go in any order.

#include "testkit_fixture.hpp"

#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/test/unit_test.hpp>

#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace {

namespace asio = boost::asio;
using namespace riemann;
using namespace riemann::testkit::test;
using riemann::testkit::server;

/// Runs the server by hand until it has answered once.
void run_until_answered(asio::io_context& context, server& s)
{
  while (s.counters().acks == 0) {
    context.run_one();
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(testkit_lifetime)

BOOST_AUTO_TEST_CASE(server_still_tells_what_it_knows_when_its_context_is_gone)
{
  auto context = std::make_unique<asio::io_context>();
  server s{asio::make_strand(*context), {}};
  raw_client idle{s.tcp_endpoint()};
  raw_client client{s.tcp_endpoint()};
  client.send(event{.service = "s"});
  run_until_answered(*context, s);
  context.reset();
  BOOST_TEST(client.read_to_end() == ack().size());
  BOOST_TEST(s.index().size() == 1U);
  BOOST_TEST(s.counters().open_connections == 0U);
  s.close_connections();
  s.stop();
}

BOOST_AUTO_TEST_CASE(connections_are_closed_when_the_server_goes_and_its_context_stays)
{
  asio::io_context context;
  std::optional<server> s{std::in_place, context.get_executor()};
  raw_client client{s->tcp_endpoint()};
  client.send(event{.service = "s"});
  run_until_answered(context, *s);
  s.reset();
  BOOST_TEST(client.read_to_end() == ack().size());
  // What is left completes with an error and keeps nothing running.
  context.run();
}

BOOST_AUTO_TEST_CASE(server_may_go_when_its_context_never_ran)
{
  asio::io_context context;
  server s{context.get_executor()};
}

BOOST_AUTO_TEST_CASE(context_may_go_when_it_never_ran)
{
  auto context = std::make_unique<asio::io_context>();
  server s{context->get_executor()};
  context.reset();
}

BOOST_AUTO_TEST_CASE(server_runs_on_a_thread_pool)
{
  asio::thread_pool pool{2};
  server s{pool.get_executor()};
  raw_client client{s.tcp_endpoint()};
  client.send(event{.service = "s"});
  BOOST_TEST((client.read(6) == ack()));
}

BOOST_AUTO_TEST_CASE(every_function_may_be_called_while_clients_are_served)
{
  running_server server;
  std::vector<std::jthread> clients;
  for (int i = 0; i < 3; ++i) {
    clients.emplace_back([&server, i] {
      raw_client client{server->tcp_endpoint()};
      for (int n = 0; n < 200; ++n) {
        client.send(event{.service = "s" + std::to_string(i), .metric = n});
        client.read(6);
      }
    });
  }
  while (server->counters().acks < 600) {
    static_cast<void>(server->index());
    std::this_thread::yield();
  }
  clients.clear();
  BOOST_TEST(server->index().size() == 3U);
  // That they have gone it hears in its own time.
  while (server->counters().open_connections != 0) {
    std::this_thread::yield();
  }

  // And closed from here while they write.
  raw_client unlucky{server->tcp_endpoint()};
  std::jthread writer{[&unlucky] {
    while (!unlucky.try_send(message{}.frame())) {
    }
  }};
  while (server->counters().open_connections == 0) {
    std::this_thread::yield();
  }
  server->close_connections();
  writer.join();
  BOOST_TEST(server->counters().open_connections == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

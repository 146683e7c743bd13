// Faults over TLS, and the ends of server, context and connections.

#include "patience.hpp"
#include "testkit_tls_fixture.hpp"

#include <boost/asio/ssl/error.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>

namespace {

namespace asio = boost::asio;
using namespace riemann;
using namespace riemann::testkit;
using namespace riemann::testkit::test;
using namespace std::chrono_literals;
using boost::system::error_code;

struct tls_serving {
  [[nodiscard]] server_options options() const
  {
    return {.tls = server_tls_options{.certificate_pem = shown.certificate_pem,
                                      .key_pem = shown.key_pem}};
  }
  [[nodiscard]] std::unique_ptr<tls_client> begin(const asio::ip::tcp::endpoint& to) const
  {
    return std::make_unique<tls_client>(to, tls_client_options{.trusted = shown.certificate_pem});
  }
  /// With the handshake behind it.
  [[nodiscard]] std::unique_ptr<tls_client> connect(const asio::ip::tcp::endpoint& to) const
  {
    auto c = begin(to);
    c->handshake();
    return c;
  }

  identity shown = make_self_signed();
};

struct tls_running : tls_serving {
  using tls_serving::connect;
  [[nodiscard]] std::unique_ptr<tls_client> connect() { return connect(server->tls_endpoint()); }

  running_server server{options()};
};

/// Runs a server by hand, with a client in a thread of its own, until something is so.
template <class Client, class Predicate>
std::jthread run_with_client(asio::io_context& context, Client client, Predicate reached)
{
  std::jthread thread{std::move(client)};
  riemann::test::run_until(context, reached);
  return thread;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(testkit_tls_fault, tls_running)

BOOST_AUTO_TEST_CASE(answers_are_refused_and_split_as_over_tcp)
{
  const auto client = connect();
  server->inject(reject{"full"});
  client->send(message{});
  BOOST_TEST(client->receive().text() == "full");
  server->inject(split{1});
  client->send(message{});
  for (const auto b : ack()) {
    // Each byte is a record of its own.
    BOOST_TEST((client->read(1).front() == b));
    BOOST_TEST(::SSL_pending(client->handle()) == 0);
  }
  BOOST_TEST(server->counters().faults == 2U);
}

BOOST_AUTO_TEST_CASE(close_at_any_byte_sends_close_notify)
{
  for (std::size_t byte = 0; byte != 7; ++byte) {
    server->inject(close_at{byte});
    const auto client = connect();
    client->send(message{});
    error_code end;
    BOOST_TEST(client->read_to_end(end) == byte);
    BOOST_TEST(end == asio::error::eof);
    // What is still sent is thrown away.
    BOOST_TEST(client->try_send(message{}.frame()) == error_code{});
    client->wait_for_end();
    BOOST_TEST(server->counters().open_connections == 1U);
    client->socket().close();
    while (server->counters().open_connections != 0) {
      std::this_thread::yield();
    }
  }
  BOOST_TEST(server->counters().messages == 7U);
}

BOOST_AUTO_TEST_CASE(reset_at_any_byte_resets)
{
  for (std::size_t byte = 0; byte != 7; ++byte) {
    server->inject(reset_at{byte});
    const auto client = connect();
    client->send(message{});
    error_code end;
    BOOST_TEST(client->read_to_end(end) <= byte);
    BOOST_TEST(end == asio::error::connection_reset);
  }
}

BOOST_AUTO_TEST_CASE(faults_at_the_beginning_happen_behind_the_handshake)
{
  server->inject(reset_at{}, {.connection = 1, .message = fault_place::accept});
  error_code end;
  connect()->read_to_end(end);
  BOOST_TEST(end == asio::error::connection_reset);
  server->inject(close_at{4}, {.connection = 2, .message = fault_place::accept});
  const auto client = connect();
  client->send(event{.service = "cut"});
  BOOST_TEST(client->read_to_end(end) == 0U);
  BOOST_TEST(end == asio::error::eof);
  server->inject(slow_reads{1, 0ms}, {.connection = 3, .message = fault_place::accept});
  BOOST_TEST(connect()->ask("true").event_count() == 0U);
  BOOST_TEST(server->counters().faults == 3U);
}

BOOST_AUTO_TEST_CASE(connections_are_numbered_over_both_ports)
{
  server->inject(reject{"first"}, {.connection = 1});
  server->inject(reject{"second"}, {.connection = 2});
  server->inject(reject{"third"}, {.connection = 3});
  raw_client first{server->tcp_endpoint()};
  BOOST_TEST(first.ask("true").text() == "first");
  const auto second = connect();
  BOOST_TEST(second->ask("true").text() == "second");
  raw_client third{server->tcp_endpoint()};
  BOOST_TEST(third.ask("true").text() == "third");
}

BOOST_AUTO_TEST_CASE(delayed_and_coalesced_answers_come)
{
  const auto client = connect();
  server->inject(delay{1ms}, {.times = 5});
  server->inject(coalesce{3}, {.message = 6});
  for (int i = 0; i != 9; ++i) {
    client->send(message{});
  }
  for (int i = 0; i != 9; ++i) {
    BOOST_TEST((client->read(6) == ack()));
  }
}

BOOST_AUTO_TEST_CASE(connection_is_cut_off_when_answers_are_left_unread)
{
  auto o = options();
  o.max_unread_answers = std::size_t{1} << 20;
  o.unread_timeout = 1ms;
  running_server small{o};
  const auto client = connect(small->tls_endpoint());
  client->send(event{.service = "big", .description = std::string(100'000, 'x')});
  BOOST_TEST((client->read(6) == ack()));
  const auto query = message::query("true");
  error_code ec;
  while (!ec) {
    ec = client->try_send(query.frame());
  }
  BOOST_TEST(small->counters().cut_off == 1U);
  BOOST_TEST(small->counters().open_connections == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(testkit_tls_lifetime, tls_serving)

BOOST_AUTO_TEST_CASE(server_goes_first_with_handshakes_and_connections_open)
{
  riemann::test::watchdog watchdog;
  asio::io_context context;
  std::optional<server> s{std::in_place, context.get_executor(), options()};
  const auto stalled = begin(s->tls_endpoint());
  raw_client half{s->tls_endpoint()};
  half.send(make_bytes(0x16, 3, 1));
  std::unique_ptr<tls_client> client;
  const auto thread = run_with_client(
      context,
      [&] {
        client = connect(s->tls_endpoint());
        client->send(message{});
      },
      [&] { return s->counters().acks == 1 && s->counters().open_connections == 3; });
  s.reset();
  stalled->wait_for_end();
  half.read_to_end();
  // What is left completes with an error and keeps nothing running.
  riemann::test::run(context);
}

BOOST_AUTO_TEST_CASE(context_goes_first_with_handshakes_and_connections_open)
{
  riemann::test::watchdog watchdog;
  auto context = std::make_unique<asio::io_context>();
  server s{context->get_executor(), options()};
  const auto stalled = begin(s.tls_endpoint());
  raw_client half{s.tls_endpoint()};
  half.send(make_bytes(0x16, 3, 1));
  std::unique_ptr<tls_client> client;
  {
    const auto thread = run_with_client(
        *context,
        [&] {
          client = connect(s.tls_endpoint());
          client->send(message{});
        },
        [&] { return s.counters().acks == 1 && s.counters().open_connections == 3; });
  }
  context.reset();
  BOOST_TEST(client->read_to_end() == ack().size());
  stalled->wait_for_end();
  half.read_to_end();
  BOOST_TEST(s.counters().open_connections == 0U);
  s.close_connections();
  s.stop();
}

BOOST_AUTO_TEST_CASE(server_and_context_may_go_when_the_context_never_ran)
{
  {
    asio::io_context context;
    server s{context.get_executor(), options()};
    const auto waiting = begin(s.tls_endpoint());
  }
  auto context = std::make_unique<asio::io_context>();
  server s{context->get_executor(), options()};
  const auto waiting = begin(s.tls_endpoint());
  context.reset();
}

BOOST_AUTO_TEST_CASE(refused_and_unresponsive_clients_keep_nothing_running)
{
  riemann::test::watchdog watchdog;
  asio::io_context context;
  std::optional<server> s{std::in_place, context.get_executor(), options()};
  // It neither reads the alert nor closes.
  raw_client plain{s->tls_endpoint()};
  plain.send(event{.service = "s"});
  riemann::test::run_until(context, [&] { return s->counters().handshakes_failed == 1; });
  s.reset();
  riemann::test::run(context);
}

BOOST_AUTO_TEST_CASE(server_runs_on_a_thread_pool)
{
  asio::thread_pool pool{2};
  server s{pool.get_executor(), options()};
  BOOST_TEST(connect(s.tls_endpoint())->ask("true").ok());
}

BOOST_AUTO_TEST_CASE(connections_may_be_closed_while_they_are_busy)
{
  riemann::test::watchdog watchdog;
  running_server server{options()};
  std::atomic<bool> ends = false;
  std::vector<std::jthread> clients;
  for (int i = 0; i != 3; ++i) {
    clients.emplace_back([&] {
      while (!ends) {
        const auto client = begin(server->tls_endpoint());
        error_code ec = client->try_handshake();
        const event large{.service = "s", .description = std::string(50'000, 'x')};
        const message m{large};
        while (!ec && !ends) {
          ec = client->try_send(m.frame());
        }
      }
    });
  }
  // In every stage of a connection.
  for (std::uint64_t n = 1; n != 40; ++n) {
    while (server->counters().connections < n || server->counters().messages < n) {
      std::this_thread::yield();
    }
    server->close_connections();
  }
  ends = true;
  clients.clear();
  server->stop();
  BOOST_TEST(server->counters().open_connections == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

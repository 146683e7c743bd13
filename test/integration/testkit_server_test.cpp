// The test server, spoken to in bytes.

#include "patience.hpp"
#include "testkit_fixture.hpp"

#include <riemann/options.hpp>

#include <boost/asio/ip/udp.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace asio = boost::asio;
using namespace riemann;
using namespace riemann::testkit::test;
using riemann::testkit::server;
using riemann::testkit::server_options;
using riemann::testkit::server_tls_options;

event numbered(const std::string& service, int metric)
{
  return {.host = "h", .service = service, .metric = metric};
}

std::string query_for(const std::string& service)
{
  return "service = \"" + service + "\"";
}

void append(bytes& to, const message& m)
{
  to.insert(to.end(), m.frame().begin(), m.frame().end());
}
void append(bytes& to, const event& e)
{
  append(to, message{e});
}

} // namespace

BOOST_AUTO_TEST_SUITE(testkit_server)

BOOST_AUTO_TEST_CASE(event_is_acknowledged_with_the_bytes_of_a_real_server)
{
  running_server server;
  raw_client client{server->tcp_endpoint()};
  client.send(numbered("s", 1));
  BOOST_TEST((client.read(6) == ack()));
  BOOST_TEST(server->counters().events == 1U);
  BOOST_TEST(server->counters().acks == 1U);
  BOOST_REQUIRE_EQUAL(server->index().size(), 1U);
  BOOST_TEST((server->index().front().metric == metric{1}));
}

BOOST_AUTO_TEST_CASE(events_of_one_message_are_found_by_a_query_of_the_next)
{
  running_server server;
  raw_client client{server->tcp_endpoint()};
  const std::vector events{numbered("a", 1), numbered("b", 2), numbered("c", 3)};
  client.send(message{std::span{events}});
  BOOST_TEST((client.read(6) == ack()));
  const auto answer = client.ask("metric > 1");
  BOOST_TEST(answer.ok());
  std::set<std::string_view> services;
  for (const auto e : answer.events()) {
    services.insert(e.service().value());
  }
  BOOST_TEST((services == std::set<std::string_view>{"b", "c"}));
}

BOOST_AUTO_TEST_CASE(query_is_answered_as_an_event_is_when_nothing_matches)
{
  running_server server;
  raw_client client{server->tcp_endpoint()};
  client.send(message::query("service = \"none\""));
  BOOST_TEST((client.read(6) == ack()));
}

BOOST_AUTO_TEST_CASE(connection_goes_on_when_a_query_is_malformed)
{
  running_server server;
  raw_client client{server->tcp_endpoint()};
  const auto applied = numbered("applied", 1);
  message m{applied};
  m.set_query("(");
  client.send(m);
  const auto rejected = client.receive();
  BOOST_TEST(!rejected.ok());
  BOOST_TEST(!rejected.text().empty());
  BOOST_TEST(client.ask(query_for("applied")).event_count() == 1U);
  BOOST_TEST(server->counters().rejections == 1U);
}

BOOST_AUTO_TEST_CASE(connection_is_closed_behind_the_answers_when_garbage_comes)
{
  running_server server;
  raw_client client{server->tcp_endpoint()};
  bytes data;
  append(data, numbered("s", 1));
  const auto garbage = make_bytes(0, 0, 0, 2, 0xFF, 0xFF);
  data.insert(data.end(), garbage.begin(), garbage.end());
  client.send(data);
  BOOST_TEST(client.read_to_end() == ack().size());
  BOOST_TEST(server->counters().malformed == 1U);
  BOOST_TEST(server->counters().open_connections == 0U);
}

BOOST_AUTO_TEST_CASE(empty_message_is_acknowledged)
{
  running_server server;
  raw_client client{server->tcp_endpoint()};
  client.send(make_bytes(0, 0, 0, 0));
  BOOST_TEST((client.read(6) == ack()));
}

BOOST_AUTO_TEST_CASE(connection_is_closed_at_once_when_a_length_is_over_the_limit)
{
  running_server server{{.max_message_size = 100}};
  raw_client fits{server->tcp_endpoint()};
  fits.send(make_bytes(0, 0, 0, 100));
  raw_client exceeds{server->tcp_endpoint()};
  exceeds.send(make_bytes(0, 0, 0, 101));
  BOOST_TEST(exceeds.read_to_end() == 0U);
  BOOST_TEST(server->counters().too_large == 1U);
  BOOST_TEST(server->counters().open_connections == 1U);
}

BOOST_AUTO_TEST_CASE(message_is_taken_when_it_comes_byte_by_byte)
{
  running_server server;
  raw_client client{server->tcp_endpoint()};
  const auto slow = numbered("slow", 1);
  const message m{slow};
  for (const auto& b : m.frame()) {
    client.send(std::span{&b, 1});
  }
  BOOST_TEST((client.read(6) == ack()));
  BOOST_TEST(server->index().size() == 1U);
}

BOOST_AUTO_TEST_CASE(requests_of_one_write_are_answered_strictly_in_order)
{
  running_server server;
  raw_client client{server->tcp_endpoint()};
  bytes data;
  for (int i = 0; i < 1000; i += 2) {
    append(data, numbered("counter", i));
    append(data, message::query(query_for("counter")));
  }
  client.send(data);
  for (int i = 0; i < 1000; i += 2) {
    BOOST_REQUIRE((client.read(6) == ack()));
    const auto answer = client.receive();
    BOOST_REQUIRE_EQUAL(answer.event_count(), 1U);
    BOOST_REQUIRE(((*answer.events().begin()).metric() == metric{i}));
  }
}

BOOST_AUTO_TEST_CASE(client_that_reads_gets_more_than_may_wait_for_it)
{
  running_server server{{.max_unread_answers = std::size_t{1} << 20}};
  raw_client client{server->tcp_endpoint()};
  client.send(event{.service = "big", .description = std::string(100'000, 'x')});
  BOOST_TEST((client.read(6) == ack()));
  bytes data;
  for (int i = 0; i != 200; ++i) {
    append(data, message::query("true"));
  }
  client.send(data); // a few kilobytes, answered by twenty megabytes
  for (int i = 0; i != 200; ++i) {
    BOOST_REQUIRE_EQUAL(client.receive().event_count(), 1U);
  }
  BOOST_TEST(server->counters().cut_off == 0U);
}

BOOST_AUTO_TEST_CASE(connection_is_cut_off_when_answers_are_left_unread)
{
  running_server server{
      {.max_unread_answers = std::size_t{1} << 20, .unread_timeout = std::chrono::milliseconds{1}}};
  raw_client client{server->tcp_endpoint()};
  client.send(event{.service = "big", .description = std::string(100'000, 'x')});
  BOOST_TEST((client.read(6) == ack()));
  const auto query = message::query("true");
  boost::system::error_code ec;
  while (!ec) {
    ec = client.try_send(query.frame());
  }
  BOOST_TEST(server->counters().cut_off == 1U);
  BOOST_TEST(server->counters().open_connections == 0U);
}

BOOST_AUTO_TEST_CASE(datagrams_are_applied_and_never_answered)
{
  // Without threads: each step of the server is taken here.
  asio::io_context context;
  server server{context.get_executor(), {.max_datagram_size = 64}};
  asio::io_context client_context;
  asio::ip::udp::socket client{client_context, asio::ip::udp::v4()};
  const auto send = [&](std::span<const std::byte> body) {
    const auto before = server.counters().datagrams;
    client.send_to(asio::buffer(body.data(), body.size()), server.udp_endpoint());
    while (server.counters().datagrams == before) {
      context.run_one();
    }
  };
  const auto over_udp = numbered("over udp", 1);
  message with_query{over_udp};
  with_query.set_query("true");
  send(with_query.body());
  BOOST_TEST(server.index().size() == 1U);
  send(make_bytes(0xFF));
  BOOST_TEST(server.counters().malformed == 1U);
  const event cut{.service = "cut", .description = std::string(100, 'x')};
  send(message{cut}.body());
  BOOST_TEST(server.counters().malformed == 2U);
  send({});
  BOOST_TEST(server.counters().messages == 2U);
  BOOST_TEST(server.counters().queries == 1U);
  BOOST_TEST(server.counters().acks == 0U);
  BOOST_TEST(client.available() == 0U);
}

BOOST_AUTO_TEST_CASE(sink_acknowledges_counts_and_forgets)
{
  running_server server{{.sink = true}};
  raw_client client{server->tcp_endpoint()};
  bytes data;
  for (int i = 0; i < 5'000; ++i) {
    append(data, numbered("counter", i));
  }
  client.send(data);
  for (int i = 0; i < 5'000; ++i) {
    BOOST_REQUIRE((client.read(6) == ack()));
  }
  BOOST_TEST(client.ask("true").event_count() == 0U);
  BOOST_TEST(!client.ask("service = ").ok());
  server->inject(riemann::testkit::reject{"full"});
  client.send(numbered("counter", 1));
  BOOST_TEST(client.receive().text() == "full");
  const auto seen = server->counters();
  BOOST_TEST(seen.events == 5'000U);
  BOOST_TEST(seen.queries == 2U);
  BOOST_TEST(seen.faults == 1U);
  BOOST_TEST(server->index().empty());
  client.send(make_bytes(0, 0, 0, 2, 0xFF, 0xFF));
  BOOST_TEST(client.read_to_end() == 0U);
  BOOST_TEST(server->counters().malformed == 1U);
}

BOOST_AUTO_TEST_CASE(connection_is_closed_when_the_client_closes_its_half)
{
  running_server server;
  raw_client client{server->tcp_endpoint()};
  client.send(make_bytes(0, 0, 0, 0));
  BOOST_TEST((client.read(6) == ack()));
  client.socket().shutdown(asio::ip::tcp::socket::shutdown_send);
  BOOST_TEST(client.read_to_end() == 0U);
}

BOOST_AUTO_TEST_CASE(stop_closes_connections_and_refuses_new_ones)
{
  running_server server;
  raw_client client{server->tcp_endpoint()};
  client.send(make_bytes(0, 0, 0, 0));
  BOOST_TEST((client.read(6) == ack()));
  server->stop();
  server->stop();
  BOOST_TEST(client.read_to_end() == 0U);
  BOOST_TEST(server->counters().open_connections == 0U);
  BOOST_CHECK_THROW(raw_client{server->tcp_endpoint()}, boost::system::system_error);
}

BOOST_AUTO_TEST_CASE(close_connections_goes_on_listening)
{
  running_server server;
  raw_client first{server->tcp_endpoint()};
  first.send(numbered("kept", 1));
  BOOST_TEST((first.read(6) == ack()));
  server->close_connections();
  BOOST_TEST(first.read_to_end() == 0U);
  raw_client second{server->tcp_endpoint()};
  BOOST_TEST(second.ask("true").event_count() == 1U);
  BOOST_TEST(server->counters().connections == 2U);
}

BOOST_AUTO_TEST_CASE(loopback_is_where_it_listens_unless_told_otherwise)
{
  BOOST_TEST(server_options{}.address == "127.0.0.1");
  running_server server;
  BOOST_TEST(server->tcp_endpoint().address().is_loopback());
  BOOST_TEST(server->udp_endpoint().address().is_loopback());
}

BOOST_AUTO_TEST_CASE(ipv6_is_spoken_when_the_address_is_one)
{
  if (!riemann::test::has_ipv6()) {
    return;
  }
  running_server server{{.address = "::1"}};
  BOOST_TEST(server->tcp_endpoint().address().is_v6());
  BOOST_TEST(server->udp_endpoint().port() == server->port());
  raw_client client{server->tcp_endpoint()};
  client.send(make_bytes(0, 0, 0, 0));
  BOOST_TEST((client.read(6) == ack()));
}

BOOST_AUTO_TEST_CASE(construction_fails_when_the_port_is_taken_or_an_option_invalid)
{
  running_server first;
  asio::io_context context;
  const auto taken = server_options{.port = first->port()};
  BOOST_CHECK_THROW((server{context.get_executor(), taken}), boost::system::system_error);
  const auto invalid = server_options{.address = "localhost"};
  BOOST_CHECK_THROW((server{context.get_executor(), invalid}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(durations_when_none_or_beyond_all_bounds_then_refused_by_name)
{
  using ms = std::chrono::milliseconds;
  const auto refuses = [](const server_options& options, const std::string& name) {
    BOOST_CHECK_EXCEPTION(options.validate(), std::invalid_argument,
                          [&](const std::invalid_argument& e) {
                            return std::string_view{e.what()}.find(name) != std::string_view::npos;
                          });
  };
  for (const ms time : {ms{0}, session_options::max_duration + ms{1}, ms::max()}) {
    refuses({.reap_interval = time}, "server_options::reap_interval");
    refuses(
        {.tls =
             server_tls_options{.certificate_pem = "c", .key_pem = "k", .handshake_timeout = time}},
        "server_tls_options::handshake_timeout");
  }
  BOOST_CHECK_NO_THROW(server_options{.reap_interval = session_options::max_duration}.validate());
}

BOOST_AUTO_TEST_SUITE_END()

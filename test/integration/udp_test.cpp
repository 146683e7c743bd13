// Over UDP: what datagrams bring and what they cannot.

#include "subjects.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::test;
using namespace std::chrono_literals;
using udp = asio::ip::udp;

udp_options udp_options_for(const udp::endpoint& to)
{
  udp_options options;
  options.max_connect_tries = 1;
  options.host = to.address().to_string();
  options.port = to.port();
  return options;
}

/// A socket that datagrams arrive at, and a transport to it.
struct with_receiver : with_context {
  std::string receive()
  {
    std::string datagram(udp_options::max_payload + 1, '\0');
    datagram.resize(receiver.receive(asio::buffer(datagram)));
    return datagram;
  }
  /// An empty one comes first: the transport asks whether anybody listens.
  void connect()
  {
    result connected;
    transport.async_connect(record{connected});
    run_until(context, [&] { return connected.done(); });
    BOOST_TEST(connected.error == error_code{});
    BOOST_TEST(receive().empty());
  }

  udp::socket receiver{context, {asio::ip::address_v4::loopback(), 0}};
  udp_transport transport{context, udp_options_for(receiver.local_endpoint())};
};

/// For what a server does in threads of its own.
template <class Predicate>
void wait_for(Predicate reached)
{
  const auto limit = std::chrono::steady_clock::now() + patience;
  while (!reached() && std::chrono::steady_clock::now() < limit) {
    std::this_thread::yield();
  }
  BOOST_TEST_REQUIRE(reached());
}

std::string bytes_of(const message& m)
{
  return {reinterpret_cast<const char*>(m.body().data()), m.body().size()};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(udp_send, with_receiver)

BOOST_AUTO_TEST_CASE(message_is_a_datagram_without_a_length)
{
  connect();
  const message two{{.service = "a"}, {.service = "b"}};
  result sent;
  transport.async_send(two, record{sent});
  run(context); // nothing is waited for: the context runs out of work
  BOOST_TEST(sent.error == error_code{});
  BOOST_TEST(sent.answer.ok());
  BOOST_TEST(sent.answer.bytes().empty());
  BOOST_TEST(receive() == bytes_of(two));
  const auto books = transport.statistics();
  BOOST_TEST(books.messages.sent == 1U);
  BOOST_TEST(books.events.sent == 2U);
  BOOST_TEST(books.messages.acked == 0U);
  BOOST_TEST(books.bytes_written == two.size());
  check_books(books);
}

BOOST_AUTO_TEST_CASE(messages_come_in_the_order_of_the_calls)
{
  connect();
  std::vector<result> sent(50);
  for (std::size_t i = 0; i != sent.size(); ++i) {
    transport.async_send(message{{.metric = i}}, record{sent[i]});
  }
  run(context);
  for (std::size_t i = 0; i != sent.size(); ++i) {
    BOOST_TEST(receive() == bytes_of(message{{.metric = i}}));
  }
}

BOOST_AUTO_TEST_CASE(longest_datagram_goes_and_one_byte_more_is_refused)
{
  for (const std::size_t limit : {std::size_t{16'384}, udp_options::max_payload}) {
    auto options = udp_options_for(receiver.local_endpoint());
    options.max_datagram_size = limit;
    udp_transport to_limit{context, options};
    const auto of_size = [](std::size_t size) {
      event e;
      e.description = std::string(size - 10, 'x');
      while (message{e}.size() < size) {
        e.description->push_back('x');
      }
      BOOST_TEST(message{e}.size() == size);
      return message{e};
    };
    std::vector<result> sent(3);
    to_limit.async_send(of_size(limit), record{sent[0]});
    to_limit.async_send(of_size(limit + 1), record{sent[1]});
    to_limit.async_send(one_event(), record{sent[2]});
    run(context);
    BOOST_TEST(sent[0].error == error_code{});
    BOOST_TEST(sent[1].error == errc::message_too_large);
    BOOST_TEST((sent[1].error == outcome::not_sent));
    BOOST_TEST(sent[2].error == error_code{});
    BOOST_TEST(receive().empty());
    BOOST_TEST(receive().size() == limit);
    BOOST_TEST(receive() == bytes_of(one_event()));
  }
}

BOOST_AUTO_TEST_CASE(query_is_not_supported_and_nothing_of_it_is_sent)
{
  connect();
  message both{{.service = "s"}};
  both.set_query("true");
  std::vector<result> sent(3);
  transport.async_send(message::query("true"), record{sent[0]});
  transport.async_send(both, record{sent[1]});
  transport.async_send(one_event(), record{sent[2]});
  run(context);
  BOOST_TEST(sent[0].error == errc::not_supported);
  BOOST_TEST(sent[1].error == errc::not_supported);
  BOOST_TEST(sent[2].error == error_code{});
  BOOST_TEST(receive() == bytes_of(one_event()));
}

BOOST_AUTO_TEST_CASE(address_and_socket_are_the_peers_while_it_is_open)
{
  BOOST_TEST(transport.address().error() == asio::error::not_connected);
  BOOST_TEST(transport.socket().error() == asio::error::not_connected);
  connect();
  BOOST_TEST((transport.address().value() == receiver.local_endpoint()));
  BOOST_TEST(transport.socket().value() >= 0);
  result gone;
  transport.async_disconnect(20s, record{gone});
  run(context);
  BOOST_TEST(transport.address().error() == asio::error::not_connected);
}

BOOST_AUTO_TEST_CASE(server_that_is_gone_for_a_while_loses_datagrams_and_no_more)
{
  connect();
  const auto endpoint = receiver.local_endpoint();
  receiver.close();
  std::vector<result> lost(10);
  for (result& r : lost) {
    transport.async_send(one_event(), record{r});
    run(context);
  }
  receiver = udp::socket{context, endpoint};
  result found;
  transport.async_send(message{{.service = "again"}}, record{found});
  run(context);
  for (const result& r : lost) {
    BOOST_TEST(r.error == error_code{});
  }
  BOOST_TEST(found.error == error_code{});
  BOOST_TEST(receive() == bytes_of(message{{.service = "again"}}));
  const auto books = transport.statistics();
  BOOST_TEST(books.messages.sent == 11U);
  // How many the kernel tells of is its affair, but that it does is the point.
  BOOST_TEST(books.datagrams_refused > 0U);
  BOOST_TEST(books.connections_lost == 0U);
}

/// From the executor's own thread a send could be written at once: alone, then.
BOOST_AUTO_TEST_CASE(messages_when_sent_from_a_handler_then_coalesced_too)
{
  running_server server;
  auto options = udp_options_for(server->udp_endpoint());
  options.max_coalesced_size = 1'400;
  udp_transport together{context, options};
  std::vector<result> sent(300);
  together.async_connect([&](error_code) {
    for (std::size_t i = 0; i != sent.size(); ++i) {
      together.async_send(message{{.service = std::to_string(i)}}, record{sent[i]});
    }
  });
  run(context);
  BOOST_TEST(together.statistics().messages.sent == sent.size());
  BOOST_TEST(together.statistics().datagrams_sent < sent.size() / 10);
}

BOOST_AUTO_TEST_CASE(messages_when_coalesced_then_all_arrive_in_fewer_datagrams)
{
  running_server server;
  auto options = udp_options_for(server->udp_endpoint());
  options.max_coalesced_size = 1'400;
  udp_transport together{context, options};
  std::vector<result> sent(300);
  for (std::size_t i = 0; i != sent.size(); ++i) {
    together.async_send(message{{.service = std::to_string(i)}}, record{sent[i]});
  }
  run(context);
  for (const result& r : sent) {
    BOOST_TEST(r.error == error_code{});
  }
  const auto books = together.statistics();
  BOOST_TEST(books.messages.sent == sent.size());
  BOOST_TEST(books.datagrams_sent < sent.size() / 10);
  check_books(books);
  wait_for([&] { return server->counters().events == sent.size(); });
  // One more: the knock, which is empty.
  BOOST_TEST(server->counters().datagrams == books.datagrams_sent + 1);
  BOOST_TEST(server->index().size() == sent.size());
}

BOOST_AUTO_TEST_CASE(message_when_it_lingers_then_waits_for_company_and_a_drain_does_not)
{
  auto options = udp_options_for(receiver.local_endpoint());
  options.max_coalesced_size = 1'400;
  options.linger = 20ms;
  udp_transport lingering{context, options};
  result connected;
  lingering.async_connect(record{connected});
  run(context);
  BOOST_TEST(receive().empty());

  std::vector<result> sent(3);
  const auto begin = std::chrono::steady_clock::now();
  lingering.async_send(message{{.service = "a"}}, record{sent[0]});
  lingering.async_send(message{{.service = "b"}}, record{sent[1]});
  run_until(context, [&] { return sent[0].done() && sent[1].done(); });
  BOOST_TEST((std::chrono::steady_clock::now() - begin >= 20ms));
  BOOST_TEST(receive() ==
             bytes_of(message{{.service = "a"}}) + bytes_of(message{{.service = "b"}}));

  options.linger = 1min - 1us;
  udp_transport patient{context, options};
  result gone;
  patient.async_send(message{{.service = "c"}}, record{sent[2]});
  patient.async_disconnect(20s, record{gone});
  run(context);
  BOOST_TEST(sent[2].error == error_code{});
  BOOST_TEST(gone.error == error_code{});
  BOOST_TEST(receive().empty());
  BOOST_TEST(receive() == bytes_of(message{{.service = "c"}}));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(udp_connect, with_context)

BOOST_AUTO_TEST_CASE(nobody_listening_on_this_machine_is_told_at_once)
{
  std::uint16_t port = 0;
  {
    udp::socket gone{context, {asio::ip::address_v4::loopback(), 0}};
    port = gone.local_endpoint().port();
  }
  udp_transport transport{context, {.host = "127.0.0.1", .port = port, .max_connect_tries = 1}};
  result connected;
  result sent;
  transport.async_connect(record{connected});
  transport.async_send(one_event(), record{sent});
  run(context);
  BOOST_TEST(connected.error == asio::error::connection_refused);
  BOOST_TEST(sent.error == errc::connect_failed);
  BOOST_TEST(sent.answer.text() ==
             "cannot connect to 127.0.0.1:" + std::to_string(port) + ": Connection refused");
  BOOST_TEST(transport.statistics().connects_failed == 1U);
}

BOOST_AUTO_TEST_CASE(unknown_host_is_named)
{
  udp_transport transport{context, {.host = "nosuch.invalid", .max_connect_tries = 1}};
  result sent;
  transport.async_send(one_event(), record{sent});
  run(context);
  BOOST_TEST(sent.error == errc::connect_failed);
  BOOST_TEST(sent.answer.text().find("nosuch.invalid") != std::string_view::npos);
}

BOOST_AUTO_TEST_CASE(invalid_options_are_named_by_the_exception)
{
  const auto check = [&](std::string_view name, const udp_options& options) {
    BOOST_CHECK_EXCEPTION(udp_transport(context, options), std::invalid_argument,
                          [&](const std::invalid_argument& e) {
                            return std::string_view{e.what()}.find(name) != std::string_view::npos;
                          });
  };
  check("host", {.host = ""});
  check("port", {.port = 0});
  check("max_datagram_size", {.max_datagram_size = 0});
  check("max_datagram_size", {.max_datagram_size = 65'508});
  check("max_coalesced_size", {.max_coalesced_size = 16'385});
  check("max_coalesced_size", {.max_datagram_size = 1'000, .max_coalesced_size = 1'001});
  check("linger", {.max_coalesced_size = 1'400, .linger = -1us});
  check("linger", {.max_coalesced_size = 1'400, .linger = session_options::max_duration + 1us});
  check("linger", {.linger = 1us});
  check("linger", {.max_coalesced_size = 1'400, .linger = 20ms, .max_queue_age = 20ms});
  check("max_queue_age", {.max_coalesced_size = 1'400, .linger = 20ms, .max_queue_age = 20ms});
  check("connect_timeout", {.connect_timeout = 0ms});
  check("write_timeout", {.write_timeout = 0ms});
  check("max_queue_age", {.max_queue_age = -1ms});
  check("max_queued", {.max_queued = 0});
  check("max_queued_bytes", {.max_queued_bytes = 0});
}

BOOST_AUTO_TEST_CASE(full_queue_refuses_what_is_over_its_bounds)
{
  udp::socket receiver{context, {asio::ip::address_v4::loopback(), 0}};
  auto options = udp_options_for(receiver.local_endpoint());
  options.max_queued = 2;
  udp_transport transport{context, options};
  std::vector<result> sent(3);
  for (result& r : sent) {
    transport.async_send(one_event(), record{r});
  }
  run(context);
  BOOST_TEST(sent[0].error == error_code{});
  BOOST_TEST(sent[1].error == error_code{});
  BOOST_TEST(sent[2].error == errc::overloaded);
  check_books(transport.statistics());
}

BOOST_AUTO_TEST_SUITE_END()

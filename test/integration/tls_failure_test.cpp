// Peers over TLS that stall, speak something else, or go: each under its name.

#include "tls_fixture.hpp"

#include <boost/asio/ssl/error.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <utility>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::test;
using namespace std::chrono_literals;

bool mentions(const response& r, std::string_view word)
{
  return r.text().find(word) != std::string_view::npos;
}

/// Connects and sends; the message's result.
std::pair<result, result> try_both(with_tls_peer& scene)
{
  std::pair<result, result> both;
  scene.transport->async_connect(record{both.first});
  scene.transport->async_send(one_event(), record{both.second});
  scene.wait_for(both.first);
  scene.wait_for(both.second);
  check_books(scene.transport->statistics());
  return both;
}

void hasty(tls_options& options)
{
  options.handshake_timeout = 60ms;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(tls_failure, with_tls_peer)

// --- in place of a handshake

BOOST_AUTO_TEST_CASE(peer_that_stalls_ends_at_the_handshakes_deadline)
{
  play({ignore}, hasty);
  const auto [connected, sent] = try_both(*this);
  BOOST_TEST(connected.error == errc::handshake_timeout);
  BOOST_TEST(sent.error == errc::handshake_timeout);
  BOOST_TEST((sent.error == outcome::not_sent));
  BOOST_TEST((sent.error == boost::system::errc::timed_out));
  run(context);
}

BOOST_AUTO_TEST_CASE(peer_that_stalls_half_way_ends_at_the_handshakes_deadline)
{
  // The beginning of a record of TLS, and no more.
  play({[](connection& c) {
         c.write({"\x16\x03\x03\x00\x7a", 5});
         c.read_to_end();
       }},
       hasty);
  const auto [connected, sent] = try_both(*this);
  BOOST_TEST(connected.error == errc::handshake_timeout);
  BOOST_TEST(sent.error == errc::handshake_timeout);
}

BOOST_AUTO_TEST_CASE(peer_that_speaks_plain_riemann_ends_at_the_handshakes_deadline)
{
  // It takes the hello for the length of a long message, and waits for that.
  testkit::server_options as_riemann;
  as_riemann.max_message_size = 0x7FFFFFFB;
  running_server plain{as_riemann};
  auto options = tls_options_for(plain->tcp_endpoint());
  hasty(options);
  transport.emplace(context, options);
  const auto [connected, sent] = try_both(*this);
  BOOST_TEST(connected.error == errc::handshake_timeout);
  BOOST_TEST(sent.error == errc::handshake_timeout);
  BOOST_TEST((sent.error == outcome::not_sent));
}

BOOST_AUTO_TEST_CASE(peer_that_speaks_plain_riemann_with_a_lower_limit_closes_within_the_handshake)
{
  running_server plain;
  transport.emplace(context, tls_options_for(plain->tcp_endpoint()));
  const auto [connected, sent] = try_both(*this);
  BOOST_TEST(
      (connected.error == tls_error::truncated || connected.error == asio::error::connection_reset),
      connected.error.message());
  BOOST_TEST(sent.error == errc::handshake_failed);
}

BOOST_AUTO_TEST_CASE(peer_that_answers_as_plain_riemann_does_not_speak_tls)
{
  play({[](connection& c) {
    c.ack(1);
    c.read_to_end();
  }});
  const auto [connected, sent] = try_both(*this);
  BOOST_TEST((connected.error == tls_error::not_tls), connected.error.message());
  BOOST_TEST(sent.error == errc::handshake_failed);
  BOOST_TEST((sent.error == outcome::not_sent));
}

BOOST_AUTO_TEST_CASE(peer_that_speaks_http_does_not_speak_tls)
{
  play({[](connection& c) {
    c.write("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    c.read_to_end();
  }});
  const auto [connected, sent] = try_both(*this);
  BOOST_TEST((connected.error == tls_error::not_tls), connected.error.message());
  BOOST_TEST(sent.error == errc::handshake_failed);
  BOOST_TEST(mentions(sent.answer, "the TLS handshake with 127.0.0.1:"));
}

BOOST_AUTO_TEST_CASE(peer_that_closes_within_the_handshake_is_told_so)
{
  play({[](connection&) {}});
  const auto [connected, sent] = try_both(*this);
  BOOST_TEST(
      (connected.error == tls_error::truncated || connected.error == asio::error::connection_reset),
      connected.error.message());
  BOOST_TEST(sent.error == errc::handshake_failed);
  BOOST_TEST((sent.error == outcome::not_sent));
}

BOOST_AUTO_TEST_CASE(plain_client_that_meets_tls_is_told_that_it_lost_the_connection)
{
  running_server server{with_tls(mutual_tls())};
  tcp_transport plain{context, options_for(server->tls_endpoint())};
  result sent;
  plain.async_send(one_event(), record{sent});
  wait_for(sent);
  BOOST_TEST((sent.error == outcome::unknown));
}

BOOST_AUTO_TEST_CASE(handshake_that_is_cancelled_ends_at_once)
{
  std::atomic<bool> begun = false;
  play({[&](connection& c) {
    std::array<char, 5> some{};
    asio::read(c.socket(), asio::buffer(some));
    begun = true;
    c.read_to_end();
  }});
  result connected;
  result sent;
  transport->async_connect(record{connected});
  transport->async_send(one_event(), record{sent});
  while (!begun) {
    context.restart();
    context.poll();
  }
  BOOST_TEST(!connected.done());
  transport->cancel();
  wait_for(connected);
  wait_for(sent);
  BOOST_TEST(connected.error == asio::error::operation_aborted);
  BOOST_TEST(sent.error == errc::cancelled);
  run(context);
}

BOOST_AUTO_TEST_CASE(handshake_that_its_transport_is_destroyed_within_ends_cancelled)
{
  gate begun;
  play({[&](connection& c) {
    std::array<char, 5> some{};
    asio::read(c.socket(), asio::buffer(some));
    begun.open();
    c.read_to_end();
  }});
  result connected;
  result sent;
  transport->async_connect(record{connected});
  transport->async_send(one_event(), record{sent});
  {
    const context_threads threads{context, 1};
    begun.wait();
    transport.reset();
  }
  BOOST_TEST(connected.error == asio::error::operation_aborted);
  BOOST_TEST(sent.error == errc::cancelled);
}

BOOST_AUTO_TEST_CASE(context_that_goes_within_a_handshake_takes_all_with_it)
{
  gate begun;
  scripted_peer other{{[&](connection& c) {
    std::array<char, 5> some{};
    asio::read(c.socket(), asio::buffer(some));
    begun.open();
    c.read_to_end();
  }}};
  result sent;
  std::optional<tls_transport> survivor;
  {
    asio::io_context short_lived;
    survivor.emplace(short_lived, tls_options_for(other.endpoint()));
    survivor->async_send(one_event(), record{sent});
    {
      std::jthread thread{[&] { short_lived.run(); }};
      begun.wait();
      short_lived.stop();
    }
  }
  BOOST_TEST(!sent.done());
}

// --- later

BOOST_AUTO_TEST_CASE(connection_that_ends_with_close_notify_was_closed)
{
  play({[](connection& c) {
    tls_peer tls{c};
    tls.read_frame();
    error_code ignored;
    tls.stream().shutdown(ignored);
  }});
  result sent;
  transport->async_send(one_event(), record{sent});
  wait_for(sent);
  BOOST_TEST(sent.error == errc::connection_lost);
  BOOST_TEST(sent.answer.text() == "the server closed the connection");
  BOOST_TEST((transport->statistics().last_failure == asio::error::eof));
}

BOOST_AUTO_TEST_CASE(connection_that_ends_without_close_notify_was_cut_off)
{
  play({[](connection& c) {
    tls_peer tls{c};
    tls.read_frame();
  }});
  result sent;
  transport->async_send(one_event(), record{sent});
  wait_for(sent);
  BOOST_TEST(sent.error == errc::connection_lost);
  BOOST_TEST((sent.error == outcome::unknown));
  BOOST_TEST(mentions(sent.answer, "close_notify"));
  BOOST_TEST((transport->statistics().last_failure == tls_error::truncated));
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_record_end_the_connection_as_tls_failed)
{
  play({[](connection& c) {
    tls_peer tls{c};
    tls.read_frame();
    tls.ack();
    tls.read_frame();
    c.write({"\x17\x03\x03\x00\x20rubbish-rubbish-rubbish-rubbish-", 37});
    c.read_to_end();
  }});
  result first;
  result second;
  transport->async_send(one_event(), record{first});
  wait_for(first);
  BOOST_TEST(first.error == error_code{});
  transport->async_send(one_event(), record{second});
  wait_for(second);
  BOOST_TEST(second.error == errc::tls_failed);
  BOOST_TEST((second.error == outcome::unknown));
  BOOST_TEST(mentions(second.answer, "TLS: "));
  BOOST_TEST((transport->statistics().last_failure == tls_error::failed));
}

BOOST_AUTO_TEST_CASE(answer_that_is_cut_into_records_of_a_byte_is_put_together)
{
  play({[](connection& c) {
    tls_peer tls{c};
    tls.read_frame();
    for (const char b : std::string_view{"\0\0\0\2\x10\x01", 6}) {
      asio::write(tls.stream(), asio::buffer(&b, 1));
    }
    tls.read_to_end();
  }});
  result sent;
  transport->async_send(one_event(), record{sent});
  wait_for(sent);
  BOOST_TEST(sent.error == error_code{});
}

BOOST_AUTO_TEST_CASE(disconnect_says_goodbye_as_tls_does)
{
  error_code seen;
  gate over;
  play({[&](connection& c) {
    tls_peer tls{c};
    tls.read_frame();
    tls.ack();
    seen = tls.read_to_end();
    over.open();
  }});
  result sent;
  result ended;
  transport->async_send(one_event(), record{sent});
  wait_for(sent);
  transport->async_disconnect(patience, record{ended});
  wait_for(ended);
  BOOST_TEST(ended.error == error_code{});
  over.wait();
  // Not `stream_truncated`.
  BOOST_TEST(seen == asio::error::eof);
  run(context);
}

BOOST_AUTO_TEST_CASE(write_that_is_cut_off_leaves_what_it_may_have_carried_unknown)
{
  // What is more than the kernel takes is staged, and then cut off. The first of it has
  // begun to come.
  play({[](connection& c) {
    tls_peer tls{c};
    tls.read_frame();
    tls.ack();
    char byte = 0;
    asio::read(tls.stream(), asio::buffer(&byte, 1));
    c.reset();
  }});
  result first;
  transport->async_send(one_event(), record{first});
  std::vector<result> rest(64);
  for (result& r : rest) {
    transport->async_send(message{{.description = std::string(100'000, 'x')}}, record{r});
  }
  wait_for(first);
  for (result& r : rest) {
    wait_for(r);
    BOOST_TEST((r.error == outcome::unknown || r.error == outcome::not_sent));
  }
  BOOST_TEST((rest.front().error == outcome::unknown));
  check_books(transport->statistics());
}

BOOST_AUTO_TEST_CASE(writes_that_the_kernel_takes_bit_by_bit_arrive_whole)
{
  // More than one write's worth each: records, and parts of them, are left over.
  const message first{{.description = std::string(300'000, 'x')}};
  const message second{{.description = std::string(300'000, 'y')}};
  std::vector<std::string> read;
  play({[&](connection& c) {
    tls_peer tls{c};
    for (int n = 0; n != 20; ++n) {
      read.push_back(tls.read_frame());
      tls.ack();
    }
    tls.read_to_end();
  }});
  result connected;
  transport->async_connect(record{connected});
  wait_for(connected);
  const int least = 1;
  ::setsockopt(transport->socket().value(), SOL_SOCKET, SO_SNDBUF, &least, sizeof least);
  std::vector<result> sent(20);
  for (std::size_t n = 0; n != sent.size(); ++n) {
    transport->async_send(n % 2 == 0 ? first : second, record{sent[n]});
  }
  for (result& r : sent) {
    wait_for(r);
    BOOST_TEST((r.error == outcome::acked));
  }
  result ended;
  transport->async_disconnect(patience, record{ended});
  wait_for(ended);
  run(context);
  peer.reset();
  for (std::size_t n = 0; n != read.size(); ++n) {
    const auto body = (n % 2 == 0 ? first : second).body();
    BOOST_TEST(std::ranges::equal(std::as_bytes(std::span{read[n]}), body));
  }
  BOOST_TEST(read.size() == sent.size());
}

BOOST_AUTO_TEST_SUITE_END()

// What the client adds to a transport, and what its comments promise.

#include "subjects.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/strand.hpp>
#include <boost/test/unit_test.hpp>

#include <optional>
#include <string>
#include <type_traits>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::test;
using namespace std::chrono_literals;

struct asking : with_server {
  asking()
  {
    transport.async_send(message{{.service = "a"}, {.service = "b"}}, [](auto&&...) {});
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(promise_query, asking)

BOOST_AUTO_TEST_CASE(async_query_completes_when_the_answer_is_read)
{
  result asked;
  user.async_query("service = \"b\"", record{asked});
  run_until(context, [&] { return asked.done(); });
  BOOST_TEST(asked.error == error_code{});
  BOOST_REQUIRE_EQUAL(asked.answer.event_count(), 1U);
  BOOST_TEST(asked.answer.to_events().front().service.value() == "b");
}

BOOST_AUTO_TEST_CASE(async_query_handler_signature_is_error_and_response)
{
  bool called = false;
  user.async_query("true", [&](auto error, auto answer) {
    static_assert(std::is_same_v<decltype(error), error_code>);
    static_assert(std::is_same_v<decltype(answer), response>);
    called = true;
  });
  run_until(context, [&] { return called; });
}

BOOST_AUTO_TEST_CASE(async_query_outcomes_and_errors_carry_the_servers_words)
{
  result asked;
  user.async_query("service =", record{asked});
  run_until(context, [&] { return asked.done(); });
  BOOST_TEST(asked.error == errc::rejected);
  BOOST_TEST(!asked.answer.text().empty());
  result expired;
  user.async_query("true", {.deadline = 0s}, record{expired});
  run_until(context, [&] { return expired.done(); });
  BOOST_TEST(expired.error == errc::expired);
}

BOOST_AUTO_TEST_CASE(async_query_cancellation_takes_it_back)
{
  asio::cancellation_signal signal;
  result asked;
  user.async_query("true", asio::bind_cancellation_slot(signal.slot(), record{asked}));
  signal.emit(asio::cancellation_type::total);
  run_until(context, [&] { return asked.done(); });
  BOOST_TEST(asked.error == errc::cancelled);
}

BOOST_AUTO_TEST_CASE(async_query_threads_run_the_handler_on_its_executor)
{
  const auto strand = asio::make_strand(context);
  bool called = false;
  user.async_query("true", asio::bind_executor(strand, [&](error_code, const response&) {
                     BOOST_TEST(strand.running_in_this_thread());
                     called = true;
                   }));
  run_until(context, [&] { return called; });
}

BOOST_AUTO_TEST_CASE(async_query_lifetime_needs_neither_text_nor_client)
{
  result asked;
  {
    std::optional<std::string> text{"service = \"a\""};
    client brief{transport};
    auto lazy = brief.async_query(*text, asio::deferred);
    text->assign(20, 'x');
    text.reset();
    std::move(lazy)(record{asked});
  }
  run_until(context, [&] { return asked.done(); });
  BOOST_TEST(asked.answer.event_count() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(client_over)

/// Every form of events, through a client of this very type.
template <class Transport>
void check_forms(asio::io_context& context, Transport transport)
{
  client user{std::move(transport)};
  const event kept{.service = "kept"};
  std::vector<result> sent(5);
  user.async_send({.service = "literal"}, record{sent[0]});
  user.async_send(kept, record{sent[1]});
  user.async_send({{.service = "two"}, {.service = "at once"}}, record{sent[2]});
  user.async_send(kept, {.deadline = 10s}, record{sent[3]});
  user.async_send({.service = "late"}, {.deadline = 10s}, record{sent[4]});
  result gone;
  user.transport().async_disconnect(20s, record{gone});
  run(context);
  BOOST_TEST(gone.error == error_code{});
  for (const result& r : sent) {
    BOOST_TEST(r.error == error_code{});
  }
  BOOST_TEST(user.transport().statistics().events.ended() == 6U);
}

BOOST_FIXTURE_TEST_CASE(every_transport_takes_events_in_every_form, with_context)
{
  running_server server;
  const auto tcp = [&] { return tcp_transport{context, options_for(server->tcp_endpoint())}; };
  check_forms(context, tcp());
  check_forms(context, udp_transport{context, {.host = "127.0.0.1", .port = server->port()}});
  check_forms(context, blank_transport{context});
  check_forms(context, any_transport{tcp()});
  check_forms(context, any_transport{users_transport{tcp()}});
}

BOOST_AUTO_TEST_CASE(transport_may_be_owned_or_referred_to)
{
  with_server on;
  static_assert(std::is_same_v<decltype(client{on.transport}), client<tcp_transport&>>);
  static_assert(std::is_same_v<decltype(client{std::move(on.transport)}), client<tcp_transport>>);
  client owner{std::move(on.transport)};
  result sent;
  owner.async_send({.service = "s"}, record{sent});
  run_until(on.context, [&] { return sent.done(); });
  BOOST_TEST(sent.error == error_code{});
  on.transport = std::move(owner.transport());
}

BOOST_AUTO_TEST_SUITE_END()

// Handlers whose executor does not take them: they wait, and nobody else does.

#include "batch_fixture.hpp"
#include "refusing_executor.hpp"

#include <riemann/udp_transport.hpp>

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/test/unit_test.hpp>

#include <array>
#include <chrono>

namespace {

using namespace riemann;
using namespace riemann::test;

/// How often the context throws until that is true.
template <class Predicate>
int refusals_until(asio::io_context& context, Predicate reached)
{
  int refusals = 0;
  const auto limit = std::chrono::steady_clock::now() + patience;
  while (!reached()) {
    context.restart();
    try {
      BOOST_TEST_REQUIRE(context.run_one_until(limit) == 1U, "what was waited for does not come");
    } catch (const is_full&) {
      ++refusals;
    }
  }
  return refusals;
}

/// Whatever is left does not call itself again and again.
void check_at_rest(asio::io_context& context)
{
  context.restart();
  BOOST_CHECK_NO_THROW(context.poll());
}

} // namespace

BOOST_AUTO_TEST_SUITE(refusing_executors)

BOOST_FIXTURE_TEST_CASE(handler_when_its_executor_refuses_it_then_others_are_called, with_server)
{
  bool full = true;
  result refused;
  result other;
  result gone;
  transport.async_send(one_event(),
                       asio::bind_executor(refusing_executor{context, full}, record{refused}));
  transport.async_send(one_event(), record{other});
  BOOST_TEST(refusals_until(context, [&] { return other.done(); }) > 0);
  transport.async_disconnect(std::chrono::seconds{20}, record{gone});
  refusals_until(context, [&] { return gone.done(); });
  check_at_rest(context);
  BOOST_TEST(!refused.done());
  // It is asked again with whatever comes next.
  full = false;
  result next;
  transport.async_connect(record{next});
  run_until(context, [&] { return next.done() && refused.done(); });
  BOOST_TEST((refused.calls == 1 && !refused.error));
}

BOOST_FIXTURE_TEST_CASE(datagrams_handler_when_its_executor_refuses_it_then_others_are_called,
                        with_context)
{
  const asio::ip::udp::socket sink{context, {asio::ip::address_v4::loopback(), 0}};
  udp_transport transport{context, {.host = "127.0.0.1", .port = sink.local_endpoint().port()}};
  bool full = true;
  result refused;
  result other;
  result next;
  transport.async_send(one_event(),
                       asio::bind_executor(refusing_executor{context, full}, record{refused}));
  transport.async_send(one_event(), record{other});
  BOOST_TEST(refusals_until(context, [&] { return other.done(); }) > 0);
  check_at_rest(context);
  full = false;
  transport.async_send(one_event(), record{next});
  run_until(context, [&] { return next.done() && refused.done(); });
  check_books(transport.statistics());
}

BOOST_FIXTURE_TEST_CASE(batched_events_handler_when_its_executor_refuses_it_then_others_are_called,
                        with_blank)
{
  bool full = true;
  const refusing_executor where{context, full};
  result refused;
  result refused_flush;
  result other;
  result flushed;
  client->async_send({.service = "a"}, asio::bind_executor(where, record{refused}));
  client->async_send({.service = "b"}, record{other});
  client->async_flush(asio::bind_executor(where, record{refused_flush}));
  client->async_flush(record{flushed});
  run_until(context, [&] { return other.done() && flushed.done(); });
  check_at_rest(context);
  full = false;
  result next;
  client->async_send({.service = "c"}, record{next});
  run_until(context, [&] { return next.done() && refused.done() && refused_flush.done(); });
}

BOOST_FIXTURE_TEST_CASE(send_when_refused_and_its_executor_refuses_it_too_then_as_if_never_called,
                        with_peer)
{
  play({ignore}, {.max_in_flight = 1, .max_queued = 1});
  std::array<result, 2> sent{};
  for (result& r : sent) {
    transport->async_send(one_event(), record{r});
    run_until(context, [&] { return transport->statistics().messages.in_flight == 1; });
  }
  const bool full = true;
  result refused;
  BOOST_CHECK_THROW(
      transport->async_send(one_event(),
                            asio::bind_executor(refusing_executor{context, full}, record{refused})),
      is_full);
  BOOST_TEST(transport->statistics().messages.submitted == 2U);
  BOOST_TEST(transport->statistics().causes[errc::overloaded] == 0U);
  transport->async_send(one_event(), record{refused});
  run_until(context, [&] { return refused.done(); });
  BOOST_TEST((refused.error == errc::overloaded));
  BOOST_TEST(transport->statistics().causes[errc::overloaded] == 1U);
  transport->cancel();
  run(context);
  check_books(*transport);
}

BOOST_AUTO_TEST_SUITE_END()

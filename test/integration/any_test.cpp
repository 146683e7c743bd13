// The erased transport, and the concept that says what a transport is.

#include "subjects.hpp"

#include <riemann/transport.hpp>

#include <boost/test/unit_test.hpp>

#include <type_traits>
#include <utility>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::test;
using namespace std::chrono_literals;

static_assert(transport<tcp_transport> && query_transport<tcp_transport>);
static_assert(transport<udp_transport> && !query_transport<udp_transport>);
static_assert(transport<blank_transport> && query_transport<blank_transport>);
static_assert(transport<hybrid_transport> && query_transport<hybrid_transport>);
static_assert(transport<pool_transport> && query_transport<pool_transport>);
static_assert(transport<any_transport> && query_transport<any_transport>);
static_assert(transport<users_transport>);
static_assert(!transport<int> && !transport<asio::io_context>);

static_assert(std::is_nothrow_move_constructible_v<any_transport>);
static_assert(!std::is_copy_constructible_v<any_transport>);
static_assert(std::is_convertible_v<blank_transport, any_transport>);
static_assert(!std::is_constructible_v<any_transport, blank_transport&>);
static_assert(!std::is_constructible_v<any_transport, asio::io_context&>);
// A transport is not an execution context: this would be another connection.
static_assert(!std::is_constructible_v<tcp_transport, tcp_transport&>);
static_assert(!std::is_constructible_v<udp_transport, udp_transport&>);

any_transport choose(asio::io_context& context, bool blank)
{
  if (blank) {
    return blank_transport{context};
  }
  return udp_transport{context, {.host = "127.0.0.1"}};
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(any, with_context)

BOOST_AUTO_TEST_CASE(type_is_chosen_at_run_time)
{
  std::vector<any_transport> all;
  all.push_back(choose(context, true));
  all.push_back(choose(context, false));
  result sent;
  client user{all.front()};
  user.async_send({.service = "s"}, record{sent});
  run(context);
  BOOST_TEST(sent.error == error_code{});
  BOOST_TEST(all.front().statistics().messages.acked == 1U);
  all.front() = choose(context, true);
  BOOST_TEST(all.front().statistics().messages.acked == 0U);
}

BOOST_AUTO_TEST_CASE(query_over_udp_is_not_supported)
{
  running_server server;
  any_transport erased{udp_transport{context, {.host = "127.0.0.1", .port = server->port()}}};
  client user{std::move(erased)};
  result asked;
  user.async_query("true", record{asked});
  run(context);
  BOOST_TEST(asked.error == errc::not_supported);
  BOOST_TEST((asked.error == outcome::not_sent));
}

namespace {

/// A transport of a user's that has no answers.
class mute : public users_transport {
public:
  using users_transport::users_transport;
  static constexpr bool answers_queries = false;
};

} // namespace

BOOST_AUTO_TEST_CASE(query_over_a_transport_of_ones_own_without_answers_is_not_supported)
{
  running_server server;
  any_transport erased{mute{tcp_transport{context, options_for(server->tcp_endpoint())}}};
  result asked;
  erased.async_send(message::query("true"), record{asked});
  run(context);
  BOOST_TEST(asked.error == errc::not_supported);
  BOOST_TEST(asked.calls == 1);
}

BOOST_AUTO_TEST_SUITE_END()

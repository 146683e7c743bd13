// The test server's faults over real sockets, each in one line, and what a
// transport makes of them.

#include "tcp_fixture.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::test;
using namespace std::chrono_literals;
using testkit::fault_place;

struct faulty : with_context {
  /// Sends so many events one behind the other, and waits for their ends.
  std::vector<result> send(std::size_t count, message m = one_event())
  {
    std::vector<result> sent(count);
    for (result& r : sent) {
      transport.async_send(m, record{r});
    }
    run_until(context, [&] {
      for (const result& r : sent) {
        if (!r.done()) {
          return false;
        }
      }
      return true;
    });
    return sent;
  }
  void check_next_gets_through()
  {
    BOOST_TEST(send(1).front().error == error_code{});
    check_books(transport);
  }

  running_server server{};
  tcp_transport transport{context, options_for(server->tcp_endpoint(), {.answer_timeout = 1s})};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(fault, faulty)

BOOST_AUTO_TEST_CASE(reject_reaches_the_message_it_was_meant_for)
{
  server->inject(testkit::reject{"full"}, {.message = 2});
  const auto sent = send(3);
  BOOST_TEST(sent[0].error == error_code{});
  BOOST_TEST(sent[1].error == errc::rejected);
  BOOST_TEST(sent[1].answer.text() == "full");
  BOOST_TEST(sent[2].error == error_code{});
  BOOST_TEST(server->counters().faults == 1U);
}

BOOST_AUTO_TEST_CASE(omitted_query_answer_times_out_and_nobody_gets_another_ones)
{
  server->inject(testkit::no_answer{});
  BOOST_TEST(send(1, message::query("true")).front().error == errc::answer_timeout);
  check_next_gets_through();
  BOOST_TEST(server->counters().queries == 1U);
}

BOOST_AUTO_TEST_CASE(surplus_answer_ends_the_connection_under_its_name)
{
  server->inject(testkit::surplus_answer{});
  BOOST_TEST(send(1).front().error == error_code{});
  run_until(context, [&] { return transport.statistics().connections_lost == 1; });
  BOOST_TEST(transport.statistics().last_failure == errc::surplus_answer);
  check_next_gets_through();
}

BOOST_AUTO_TEST_CASE(garbage_and_an_endless_answer_end_it_under_theirs)
{
  server->inject(testkit::garbage{});
  BOOST_TEST(send(1).front().error == errc::malformed_answer);
  server->inject(testkit::announce{});
  BOOST_TEST(send(1).front().error == errc::answer_too_large);
  check_next_gets_through();
}

BOOST_AUTO_TEST_CASE(delayed_split_and_coalesced_answers_are_put_together)
{
  server->inject({testkit::delay{5ms}, testkit::split{1}}, {.times = 10});
  server->inject(testkit::coalesce{5}, {.message = 12});
  for (const result& r : send(30)) {
    BOOST_TEST(r.error == error_code{});
  }
  BOOST_TEST(transport.statistics().connections_opened == 1U);
}

BOOST_AUTO_TEST_CASE(close_at_any_byte_of_an_answer_is_told_from_success)
{
  for (std::size_t byte = 0; byte != 7; ++byte) {
    server->inject(testkit::close_at{byte});
    BOOST_TEST(send(1).front().error ==
               (byte == 6 ? error_code{} : make_error_code(errc::connection_lost)));
    run_until(context, [&] { return transport.statistics().connections_lost == byte + 1; });
  }
  check_next_gets_through();
}

BOOST_AUTO_TEST_CASE(reset_at_any_byte_of_an_answer_is_told_from_success)
{
  for (std::size_t byte = 0; byte != 7; ++byte) {
    server->inject(testkit::reset_at{byte});
    const auto error = send(1).front().error;
    // A reset may overtake the bytes before it.
    BOOST_TEST((error == errc::connection_lost || (byte == 6 && !error)));
    run_until(context, [&] { return transport.statistics().connections_lost == byte + 1; });
  }
  check_next_gets_through();
}

BOOST_AUTO_TEST_CASE(connection_reset_as_soon_as_it_is_accepted_costs_one_message_at_most)
{
  server->inject(testkit::reset_at{}, {.connection = 1, .message = fault_place::accept});
  const auto sent = send(1);
  BOOST_TEST((!sent.front().error || sent.front().error == errc::connection_lost ||
              sent.front().error == errc::connect_failed ||
              sent.front().error == errc::not_written));
  check_next_gets_through();
}

BOOST_AUTO_TEST_CASE(slow_reads_only_take_longer)
{
  server->inject(testkit::slow_reads{64, 0ms}, {.connection = 1, .message = fault_place::accept});
  for (const result& r : send(200)) {
    BOOST_TEST(r.error == error_code{});
  }
}

BOOST_AUTO_TEST_CASE(each_connection_has_its_own_faults)
{
  tcp_transport other{context, options_for(server->tcp_endpoint())};
  server->inject(testkit::reject{"first"}, {.connection = 1, .message = 1});
  server->inject(testkit::reject{"second"}, {.connection = 2, .message = 1});
  const auto first = send(1);
  result second;
  other.async_send(one_event(), record{second});
  run_until(context, [&] { return second.done(); });
  BOOST_TEST(first.front().answer.text() == "first");
  BOOST_TEST(second.answer.text() == "second");
}

BOOST_AUTO_TEST_SUITE_END()

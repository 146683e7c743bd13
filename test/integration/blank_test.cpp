// The transport with no server: what it keeps and answers.

#include "tcp_fixture.hpp"

#include <riemann/blank_transport.hpp>

#include <boost/asio/detached.hpp>
#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::test;
using namespace std::chrono_literals;

struct blank : with_context {
  result send(message m)
  {
    result r;
    transport.async_send(std::move(m), record{r});
    run(context);
    BOOST_TEST(r.calls == 1);
    return r;
  }

  blank_transport transport{context};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(blank_send, blank)

BOOST_AUTO_TEST_CASE(messages_are_kept_as_they_were_sent_and_can_be_looked_at)
{
  send(message{{.service = "a", .metric = 1}, {.service = "b", .tags = {"t"}}});
  send(message::query("true"));
  BOOST_REQUIRE_EQUAL(transport.messages().size(), 2U);
  BOOST_TEST(transport.messages()[1].query_text() == "true");
  const auto events = transport.events();
  BOOST_REQUIRE_EQUAL(events.size(), 2U);
  BOOST_TEST((events[0] == event{.service = "a", .metric = 1}));
  BOOST_TEST((events[1].tags == tag_list{"t"}));
  transport.clear();
  BOOST_TEST(transport.messages().empty());
  BOOST_TEST(transport.statistics().messages.acked == 2U);
}

BOOST_AUTO_TEST_CASE(query_is_answered_as_it_was_told_and_others_with_nothing)
{
  transport.answer_query("state = \"ok\"", {{.service = "a"}, {.service = "b"}});
  client user{transport};
  std::vector<result> asked(3);
  user.async_query("state = \"ok\"", record{asked[0]});
  user.async_query("true", record{asked[1]});
  run(context);
  BOOST_TEST(asked[0].answer.ok());
  BOOST_REQUIRE_EQUAL(asked[0].answer.event_count(), 2U);
  BOOST_TEST(asked[0].answer.to_events()[1].service.value() == "b");
  BOOST_TEST(asked[1].answer.event_count() == 0U);
  transport.answer_query("state = \"ok\"", {});
  user.async_query("state = \"ok\"", record{asked[2]});
  run(context);
  BOOST_TEST(asked[2].answer.event_count() == 0U);
  BOOST_TEST(asked[2].answer.ok());
}

BOOST_AUTO_TEST_CASE(failures_come_one_a_message_in_the_order_they_were_told)
{
  transport.fail_next(errc::connection_lost, "gone");
  transport.reject_next("no room");
  const result lost = send(one_event());
  const result rejected = send(one_event());
  const result good = send(one_event());
  BOOST_TEST(lost.error == errc::connection_lost);
  BOOST_TEST(lost.answer.text() == "gone");
  BOOST_TEST(rejected.error == errc::rejected);
  BOOST_TEST(rejected.answer.text() == "no room");
  BOOST_TEST(!rejected.answer.ok());
  BOOST_TEST(good.error == error_code{});
  BOOST_TEST(transport.messages().size() == 3U);
  const auto books = transport.statistics().messages;
  BOOST_TEST(books.unknown == 1U);
  BOOST_TEST(books.rejected == 1U);
  BOOST_TEST(books.acked == 1U);
  const auto causes = transport.statistics().causes;
  BOOST_TEST(causes[errc::connection_lost] == 1U);
  BOOST_TEST(causes[errc::rejected] == 1U);
  BOOST_CHECK_THROW(transport.fail_next({}), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(what_it_refuses_is_not_kept_and_uses_up_no_failure)
{
  transport.reject_next("kept for the next");
  transport.async_disconnect(1s, asio::detached);
  BOOST_TEST(send(one_event()).error == errc::disconnected);
  transport.async_connect(asio::detached);
  BOOST_TEST(transport.messages().empty());
  BOOST_TEST(send(one_event()).error == errc::rejected);
  BOOST_TEST(transport.statistics().causes[errc::disconnected] == 1U);
}

BOOST_AUTO_TEST_CASE(oldest_are_forgotten_when_there_are_too_many)
{
  blank_transport small{context, {.max_kept = 2}};
  for (int i = 0; i != 5; ++i) {
    small.async_send(message{{.metric = i}}, asio::detached);
  }
  run(context);
  const auto events = small.events();
  BOOST_REQUIRE_EQUAL(events.size(), 2U);
  BOOST_TEST((events[0].metric == metric{3}));
  BOOST_TEST(small.forgotten() == 3U);
  blank_transport none{context, {.max_kept = 0}};
  none.async_send(one_event(), asio::detached);
  run(context);
  BOOST_TEST(none.messages().empty());
  BOOST_TEST(none.forgotten() == 1U);
  BOOST_CHECK_THROW(blank_transport(context, {.max_message_size = 0}), std::invalid_argument);
}

BOOST_AUTO_TEST_SUITE_END()

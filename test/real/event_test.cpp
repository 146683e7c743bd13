// What is sent, and what the index then has.
#include "visit.hpp"

#include <riemann/metric.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace riemann::test {

namespace {

timestamp recently()
{
  const auto now =
      std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  // Not on a whole second.
  const auto micros = now.time_since_epoch().count() / 1'000'000 * 1'000'000 - 123'457;
  return timestamp::from_micros(micros);
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(real_event, visit)

BOOST_AUTO_TEST_CASE(event_when_it_has_every_field_then_found_as_it_was_sent)
{
  event e = named("all");
  e.state = "ok";
  e.metric = 0.1;
  e.tags = {"one", "two", "one"};
  e.ttl = ttl_duration{600.5F};
  e.time = recently();
  e.description = "gr\u00f6\u00dfe, \"quotes\", \\ and\na line";
  e.attributes = {{"empty", ""}, {"key", "value"}};
  put(e);
  const auto there = found();
  BOOST_TEST_REQUIRE(there.size() == 1u);
  BOOST_TEST((there.front() == e));
}

BOOST_AUTO_TEST_CASE(event_when_it_has_little_then_the_rest_is_absent)
{
  event e;
  e.service = service("little");
  put(e);
  auto there = found();
  BOOST_TEST_REQUIRE(there.size() == 1u);
  BOOST_TEST(there.front().time.has_value());
  there.front().time.reset();
  there.front().ttl.reset(); // some servers give it one
  BOOST_TEST((there.front() == e));
}

BOOST_AUTO_TEST_CASE(text_when_empty_then_not_absent)
{
  event e = named("");
  e.host = e.state = e.description = "";
  put(e);
  const auto there = found();
  BOOST_TEST_REQUIRE(there.size() == 1u);
  BOOST_TEST(
      (there.front().host == "" && there.front().state == "" && there.front().description == ""));
}

BOOST_AUTO_TEST_CASE(metric_when_of_any_kind_then_keeps_kind_and_value)
{
  using limits = std::numeric_limits<std::int64_t>;
  const std::vector<metric> metrics{0,   -1,    limits::max(), limits::min(), 0.0,
                                    0.1, 1e300, -5e-324,       2.0,           0.5F};
  for (const metric& m : metrics) {
    event e = named("metric");
    e.metric = m;
    put(e);
    const auto there = found();
    BOOST_TEST_REQUIRE(there.size() == 1u);
    BOOST_TEST_REQUIRE(there.front().metric.has_value());
    // A float comes back as the double that it is.
    const metric expected = m.is_integer() ? m : metric{m.as_double()};
    BOOST_TEST((*there.front().metric == expected), "another metric than " << m.as_double());
  }
}

BOOST_AUTO_TEST_CASE(service_and_host_when_sent_again_then_the_last_is_found)
{
  for (int i = 0; i != 3; ++i) {
    event e = named("again");
    e.metric = i;
    put(e);
  }
  event elsewhere = named("again");
  elsewhere.host = "another";
  put(elsewhere);
  const auto there = found();
  BOOST_TEST_REQUIRE(there.size() == 2u);
  BOOST_TEST((there.back().metric == metric{2}));
}

BOOST_AUTO_TEST_CASE(state_when_expired_then_found_no_more)
{
  event e = named("short-lived");
  put(e);
  BOOST_TEST(found().size() == 1u);
  e.state = "expired";
  put(e);
  BOOST_TEST(found().empty());
}

BOOST_AUTO_TEST_CASE(message_when_it_has_many_events_then_one_answer_and_all_are_found)
{
  BOOST_TEST(client.send(message{many(1'000)}).has_value());
  BOOST_TEST(found().size() == 1'000u);
}

BOOST_AUTO_TEST_CASE(message_when_empty_then_acknowledged)
{
  BOOST_TEST(client.send(message{}).has_value());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test

#include <riemann/self_report.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <string>

namespace riemann::test {

namespace {

using namespace std::chrono_literals;

const event* find(const std::vector<event>& all, const std::string& service)
{
  const auto found =
      std::ranges::find_if(all, [&](const event& e) { return e.service == service; });
  return found == all.end() ? nullptr : &*found;
}

} // namespace

BOOST_AUTO_TEST_SUITE(self_report_test)

BOOST_AUTO_TEST_CASE(books_when_reported_then_what_is_live_and_what_has_ended_since)
{
  statistics before;
  before.events.acked = 10;
  before.causes.add(errc::expired, 1);
  statistics now = before;
  now.events.acked = 25;
  now.events.queued = 3;
  now.events.staged = 1;
  now.events.in_flight = 2;
  now.events.not_sent = 4;
  now.causes.add(errc::expired, 4);
  now.round_trips.add(2ms);
  const auto all = self_report(now, before, {.prefix = "me", .host = "h", .tags = {"self"}});
  BOOST_TEST_REQUIRE(find(all, "me events acked"));
  BOOST_TEST((find(all, "me events acked")->metric == metric{15}));
  BOOST_TEST(*find(all, "me events acked")->state == "ok");
  BOOST_TEST((find(all, "me events queued")->metric == metric{3}));
  BOOST_TEST((find(all, "me events in flight")->metric == metric{3}));
  BOOST_TEST(*find(all, "me events not_sent")->state == "warning");
  const event* const cause =
      find(all, "me messages lost: The message's deadline passed before it was written.");
  BOOST_TEST_REQUIRE(cause);
  BOOST_TEST((cause->metric == metric{4}));
  BOOST_TEST(find(all, "me round trip p99"));
  for (const event& e : all) {
    BOOST_TEST((e.host == "h" && e.ttl && e.tags.size() == 1U && !e.time));
  }
}

BOOST_AUTO_TEST_CASE(books_when_nothing_happened_then_no_cause_and_no_round_trip)
{
  const auto all = self_report({}, {});
  BOOST_TEST(std::ranges::none_of(all, [](const event& e) {
    return e.state != "ok" || e.service->find("lost:") != std::string::npos ||
           e.service->find("round trip") != std::string::npos;
  }));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test

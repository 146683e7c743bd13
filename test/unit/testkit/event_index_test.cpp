#include "testkit/event_index.hpp"

#include <riemann/message.hpp>
#include <riemann/proto.hpp>
#include <riemann/response.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::testkit::detail;

timestamp at(std::int64_t seconds)
{
  return timestamp::from_seconds(seconds);
}

void apply(event_index& index, const event& e, timestamp now = at(1000))
{
  const message m{e};
  index.apply(event_view{riemann::detail::next_field(m.body(), 6)}, now);
}

std::vector<event> events_of(const event_index& index)
{
  std::vector<event> events;
  index.visit([&events](stored_event e) {
    events.push_back(std::move(e).take());
    return true;
  });
  return events;
}

event only_event_of(const event_index& index)
{
  const auto events = events_of(index);
  BOOST_REQUIRE_EQUAL(events.size(), 1U);
  return events.front();
}

} // namespace

BOOST_AUTO_TEST_SUITE(testkit_event_index)

BOOST_AUTO_TEST_CASE(last_event_of_a_host_and_service_wins_and_absent_is_a_value)
{
  event_index index{ttl_duration{60}};
  apply(index, {.host = "h", .service = "s", .metric = 1});
  apply(index, {.host = "h", .service = "s", .metric = 2});
  BOOST_TEST((only_event_of(index).metric == metric{2}));
  apply(index, {.service = "s"});
  apply(index, {.host = "", .service = "s"});
  apply(index, {});
  BOOST_TEST(index.size() == 4U);
}

BOOST_AUTO_TEST_CASE(state_expired_removes)
{
  event_index index{ttl_duration{60}};
  apply(index, {.service = "s"});
  apply(index, {.service = "other", .state = "expired"});
  BOOST_TEST(index.size() == 1U);
  apply(index, {.service = "s", .state = "expired"});
  BOOST_TEST(index.size() == 0U);
  BOOST_TEST(index.expired() == 1U);
}

BOOST_AUTO_TEST_CASE(event_is_reaped_when_older_than_its_ttl_or_the_default)
{
  event_index index{ttl_duration{60}};
  apply(index, {.service = "default"});
  apply(index, {.service = "own", .ttl = ttl_duration{5}});
  apply(index, {.service = "dated", .ttl = ttl_duration{5}, .time = at(1030)});
  index.reap(at(1005));
  BOOST_TEST(index.size() == 3U);
  index.reap(at(1006));
  BOOST_TEST(index.size() == 2U);
  index.reap(at(1036));
  BOOST_TEST((only_event_of(index).service == "default"));
  index.reap(at(1061));
  BOOST_TEST(index.size() == 0U);
  BOOST_TEST(index.expired() == 3U);
}

BOOST_AUTO_TEST_CASE(attributes_are_understood_as_a_server_does)
{
  event_index index{ttl_duration{60}};
  event e{.service = "s", .state = "ok", .tags = {"a", "a"}};
  for (const auto* const key : {"time", "ttl", "tags", "metric"}) {
    e.attributes.push_back(attribute{key, "1"});
  }
  e.attributes.push_back(attribute{"state", "replaced"});
  e.attributes.push_back(attribute{"host", std::nullopt});
  e.attributes.push_back(attribute{"k", "1"});
  e.attributes.push_back(attribute{"k", "2"});
  apply(index, e);
  const auto stored = only_event_of(index);
  BOOST_TEST((stored.state == "replaced"));
  BOOST_TEST((stored.host == ""));
  BOOST_TEST(stored.tags.size() == 2U);
  BOOST_REQUIRE_EQUAL(stored.attributes.size(), 1U);
  BOOST_TEST((stored.attributes.front() == attribute{"k", "2"}));
  BOOST_TEST((stored.time == at(1000)));
  apply(index, {.host = "", .service = "s", .attributes = {attribute{"state", "expired"}}});
  BOOST_TEST(index.size() == 0U);
}

// Were each looked for among those before it, this would take minutes.
BOOST_AUTO_TEST_CASE(attributes_when_very_many_then_read_in_linear_time)
{
  constexpr int count = 300'000;
  event e{.service = "s"};
  for (const auto* const value : {"first", "last"}) {
    for (int i = 0; i != count; ++i) {
      e.attributes.push_back({"a name of some length " + std::to_string(i), value});
    }
  }
  event_index index{ttl_duration{60}};
  apply(index, e);
  const auto stored = only_event_of(index);
  BOOST_TEST(stored.attributes.size() == std::size_t{count});
  BOOST_TEST((stored.attributes.front() == attribute{"a name of some length 0", "last"}));
  BOOST_TEST((stored.attributes.back() ==
              attribute{"a name of some length " + std::to_string(count - 1), "last"}));
}

BOOST_AUTO_TEST_CASE(texts_that_decode_to_the_same_are_one_key)
{
  event_index index{ttl_duration{60}};
  apply(index, {.service = "x\xFF\xE2\x82", .metric = 1});
  apply(index, {.service = "x\xEF\xBF\xBD\xEF\xBF\xBD", .metric = 2});
  BOOST_TEST((only_event_of(index).service == "x\xEF\xBF\xBD\xEF\xBF\xBD"));
}

BOOST_AUTO_TEST_CASE(event_is_not_encoded_when_its_time_has_no_room_in_microseconds)
{
  event_index index{ttl_duration{60}};
  apply(index, {.service = "s", .time = at(std::numeric_limits<std::int64_t>::max())});
  index.visit([](const stored_event& e) {
    std::vector<std::byte> out;
    BOOST_TEST(!e.encode(out));
    BOOST_TEST(out.empty());
    return true;
  });
}

/// As the wire has it: our own views let the microseconds win.
proto::Event answered(timestamp time)
{
  event_index index{ttl_duration{60}};
  apply(index, {.service = "s", .metric = 1, .time = time, .attributes = {{"k", "v"}}});
  std::vector<std::byte> out;
  index.visit([&out](const stored_event& e) { return e.encode(out); });
  proto::Msg answer;
  BOOST_REQUIRE(answer.ParseFromArray(out.data(), static_cast<int>(out.size())));
  BOOST_REQUIRE_EQUAL(answer.events_size(), 1);
  return answer.events(0);
}

BOOST_AUTO_TEST_CASE(time_before_1970_when_answered_then_its_seconds_are_cut_towards_zero)
{
  struct example {
    std::int64_t micros;
    std::int64_t seconds;
  };
  for (const auto& [micros, seconds] :
       {example{-1, 0}, example{-999'999, 0}, example{-1'000'000, -1}, example{-1'000'001, -1},
        example{0, 0}, example{1, 0}, example{999'999, 0}, example{1'000'000, 1}}) {
    BOOST_TEST_CONTEXT(micros)
    {
      const auto e = answered(timestamp::from_micros(micros));
      BOOST_TEST(e.time_micros() == micros);
      BOOST_TEST(e.time() == seconds);
      BOOST_TEST(e.service() == "s");
      BOOST_TEST(e.metric_sint64() == 1);
      BOOST_TEST(e.metric_f() == 1.0F);
      BOOST_TEST(e.attributes(0).value() == "v");
    }
  }
  const auto whole = answered(at(-1));
  BOOST_TEST(whole.time() == -1);
  BOOST_TEST(whole.time_micros() == -1'000'000);
}

BOOST_AUTO_TEST_SUITE_END()

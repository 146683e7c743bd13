#include "reference.hpp"

#include <riemann/message.hpp>
#include <riemann/proto.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <list>
#include <memory>
#include <ranges>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace riemann;
using test::to_hex;
using test::to_text;

std::string body_of(const message& m)
{
  return to_text(m.body());
}

/// A message whose body has just this size.
message of_size(std::size_t size)
{
  // Tag and length of the event, tag and length of the description.
  const std::size_t around = size < 130 ? 4 : 6;
  message m({.description = std::string(size - around, 'x')});
  BOOST_REQUIRE(m.size() == size);
  return m;
}

bool lies_inside(const message& m)
{
  const auto* const start = reinterpret_cast<const std::byte*>(&m);
  return m.frame().data() >= start && m.frame().data() < start + sizeof m;
}

void check_empty(const message& m)
{
  BOOST_TEST(to_hex(to_text(m.frame())) == "00000000");
  BOOST_TEST(m.event_count() == 0U);
  BOOST_TEST(!m.has_query());
  BOOST_TEST(lies_inside(m));
}

const std::vector<event> two{{.service = "a", .metric = 1}, {.service = "b", .metric = 2.5}};

BOOST_AUTO_TEST_SUITE(messages)

BOOST_AUTO_TEST_CASE(message_when_of_more_events_than_are_measured_ahead_then_as_appended)
{
  std::vector<event> events;
  message appended;
  for (int i = 0; i != 300; ++i) {
    events.push_back({.service = std::string(static_cast<std::size_t>(i), 's')});
    appended.append(events.back());
  }
  const message at_once{events};
  BOOST_TEST(at_once.event_count() == 300U);
  BOOST_TEST(std::ranges::equal(at_once.frame(), appended.frame()));
}

BOOST_AUTO_TEST_CASE(message_made_of_nothing_is_an_empty_frame)
{
  check_empty(message{});
  check_empty(message{std::span<const event>{}});
}

BOOST_AUTO_TEST_CASE(message_of_an_event_has_the_bytes_the_schema_says)
{
  const event full{.host = "h",
                   .service = "s",
                   .state = "ok",
                   .metric = -2,
                   .tags = {"t"},
                   .ttl = ttl_duration{60},
                   .time = timestamp::from_micros(-1),
                   .description = "d",
                   .attributes = {{"k", "v"}, {"n"}}};
  const message m{full};
  BOOST_TEST(to_hex(to_text(m.frame())) == "0000003c32"
                                           "3a"
                                           "08ffffffffffffffffff01"
                                           "12026f6b"
                                           "1a0173"
                                           "220168"
                                           "2a0164"
                                           "3a0174"
                                           "4500007042"
                                           "4a060a016b120176"
                                           "4a030a016e"
                                           "50ffffffffffffffffff01"
                                           "6803");
  BOOST_TEST(m.event_count() == 1U);
  BOOST_TEST(m.body().data() == m.frame().data() + 4);
}

BOOST_AUTO_TEST_CASE(message_up_to_the_inline_capacity_lies_inside_the_object)
{
  for (const std::size_t size : {10, 123, 124}) {
    BOOST_TEST(lies_inside(of_size(size)));
  }
  for (const std::size_t size : {125, 126, 1'000, 16'000}) {
    BOOST_TEST(!lies_inside(of_size(size)));
  }
}

BOOST_AUTO_TEST_CASE(message_copied_or_moved_keeps_its_bytes_and_leaves_an_empty_one)
{
  for (const std::size_t size : {20, 124, 125, 5'000}) {
    message original = of_size(size);
    original.set_query("true");
    const std::string bytes = to_text(original.frame());
    const message copy{original};
    BOOST_TEST(to_text(copy.frame()) == bytes);
    BOOST_TEST(to_text(original.frame()) == bytes);

    message moved{std::move(original)};
    BOOST_TEST(to_text(moved.frame()) == bytes);
    BOOST_TEST(moved.event_count() == 1U);
    BOOST_TEST(moved.has_query());
    check_empty(original); // NOLINT(bugprone-use-after-move): what is left is part of the contract
    original.append(two[0]);
    BOOST_TEST(body_of(original) == body_of(message(two[0])));
  }
}

BOOST_AUTO_TEST_CASE(message_copied_shares_its_bytes_until_one_of_them_is_changed)
{
  const std::string first(200, 'a');
  const auto changes = {+[](message& m) { m.append({.service = "more"}); },
                        +[](message& m) { m.set_query("true"); },
                        +[](message& m) { m = message{{.service = "other"}}; }};
  for (const auto change : changes) {
    for (const bool change_the_copy : {true, false}) {
      message original({.service = first});
      original.append({.service = "b"}); // there is room behind it
      const std::string before = body_of(original);
      message copy{original};
      BOOST_TEST(copy.frame().data() == original.frame().data());
      change(change_the_copy ? copy : original);
      BOOST_TEST(body_of(change_the_copy ? original : copy) == before);
      BOOST_TEST(body_of(change_the_copy ? copy : original) != before);
    }
  }
}

BOOST_AUTO_TEST_CASE(query_shortened_in_a_copy_leaves_the_other_as_it_is)
{
  message original = message::query(std::string(300, 'q'));
  original.append({.service = "a"});
  message copy{original};
  copy.set_query("true");
  BOOST_TEST(original.query_text() == std::string(300, 'q'));
  BOOST_TEST(copy.query_text() == "true");
  BOOST_TEST((copy.to_events() == original.to_events()));
}

BOOST_AUTO_TEST_CASE(message_copied_by_several_threads_goes_with_the_last)
{
  const message original({.service = std::string(200, 'a')});
  const std::string before = body_of(original);
  std::vector<std::jthread> threads;
  std::atomic<int> wrong{0};
  for (int t = 0; t != 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i != 1'000; ++i) {
        message copy{original};
        const message other{copy};
        copy.append({.service = "b"});
        wrong += body_of(other) == before && body_of(copy) != before ? 0 : 1;
      }
    });
  }
  threads.clear();
  BOOST_TEST(wrong == 0);
}

BOOST_AUTO_TEST_CASE(message_assigned_takes_the_others_bytes_whatever_it_held)
{
  const std::array<message, 4> kinds{message{}, message::query("true"), of_size(124), of_size(300)};
  for (const message& from : kinds) {
    for (const message& to : kinds) {
      message assigned{to};
      assigned = from;
      BOOST_TEST(body_of(assigned) == body_of(from));
      BOOST_TEST(assigned.has_query() == from.has_query());

      message source{from};
      assigned = to;
      assigned = std::move(source);
      BOOST_TEST(body_of(assigned) == body_of(from));
      BOOST_TEST(assigned.event_count() == from.event_count());
      check_empty(source); // NOLINT(bugprone-use-after-move): as above
    }
  }
}

BOOST_AUTO_TEST_CASE(message_assigned_to_itself_stays_as_it_is)
{
  for (const std::size_t size : {50, 500}) {
    message m = of_size(size);
    const std::string bytes = body_of(m);
    message& same = m;
    m = same;
    BOOST_TEST(body_of(m) == bytes);
    m = std::move(same);
    BOOST_TEST(body_of(m) == bytes);
    BOOST_TEST(m.event_count() == 1U);
  }
}

BOOST_AUTO_TEST_CASE(message_of_the_same_events_is_the_same_however_it_is_made)
{
  const message expected{std::span<const event>{two}};
  const std::list<event> list{two.begin(), two.end()};
  message appended;
  appended.append(two[0]);
  appended.append(two[1]);
  BOOST_TEST(expected.event_count() == 2U);
  BOOST_TEST(body_of(message{two[0], two[1]}) == body_of(expected));
  BOOST_TEST(body_of(message{two[0]}) == body_of(message(two[0])));
  const event& e = two[0];
  BOOST_TEST(body_of(message{e, e, e, e, e, e, e, e}) ==
             body_of(message{std::vector<event>(8, e)}));
  BOOST_TEST((message{e, event{}, e}.event_count()) == 3U);
  BOOST_TEST(body_of(message{two}) == body_of(expected));
  BOOST_TEST(body_of(message{list}) == body_of(expected));
  BOOST_TEST(body_of(message{list | std::views::transform([](event given) { return given; })}) ==
             body_of(expected));
  BOOST_TEST(body_of(appended) == body_of(expected));
  BOOST_TEST(body_of(message{to_proto(expected)}) == body_of(expected));
  BOOST_TEST((message{to_proto(expected)}.event_count()) == 2U);
}

/// A clock's second, which began before it, and not the nearer to 1970.
BOOST_AUTO_TEST_CASE(time_before_1970_when_sent_then_its_seconds_are_floored)
{
  struct example {
    std::int64_t micros;
    std::int64_t seconds;
  };
  for (const auto& [micros, seconds] :
       {example{-1, -1}, example{-999'999, -1}, example{-1'000'000, -1}, example{-1'000'001, -2}}) {
    BOOST_TEST_CONTEXT(micros)
    {
      const event e{.time = timestamp::from_micros(micros)};
      proto::Msg sent;
      BOOST_REQUIRE(sent.ParseFromString(body_of(message{e})));
      for (const auto& p : {sent.events(0), to_proto(e)}) {
        BOOST_TEST(p.time_micros() == micros);
        BOOST_TEST(p.time() == seconds);
      }
      BOOST_TEST((from_proto(sent.events(0)).time == e.time));
    }
  }
}

BOOST_AUTO_TEST_CASE(query_set_at_any_time_comes_before_the_events)
{
  proto::Msg reference;
  reference.mutable_query()->set_string("tagged \"x\"");
  message before = message::query("tagged \"x\"");
  message after;
  message again = message::query("a query much longer than the one that takes its place");
  message longer = message::query("");
  BOOST_TEST(body_of(before) == reference.SerializeAsString());
  for (const event& e : two) {
    *reference.add_events() = test::reference_event(e);
    for (message* m : {&before, &after, &again, &longer}) {
      m->append(e);
    }
  }
  BOOST_TEST(!after.has_query());
  for (message* m : {&after, &again, &longer}) {
    m->set_query("tagged \"x\"");
  }
  for (const message* m : {&before, &after, &again, &longer}) {
    BOOST_TEST(to_hex(body_of(*m)) == to_hex(reference.SerializeAsString()));
    BOOST_TEST(m->has_query());
    BOOST_TEST(m->event_count() == 2U);
    BOOST_TEST(to_text(m->frame()).substr(0, 4) ==
               (std::string{0, 0, 0, static_cast<char>(m->size())}));
  }
}

BOOST_AUTO_TEST_CASE(query_of_any_length_replaced_by_any_other_is_what_protobuf_writes)
{
  for (const std::size_t first : {0, 1, 50, 125, 126, 127, 128, 200, 16'384}) {
    for (const std::size_t second : {0, 1, 50, 125, 126, 127, 128, 200, 16'384}) {
      message m = message::query(std::string(first, 'a'));
      m.append(two[0]);
      m.set_query(std::string(second, 'b'));
      proto::Msg reference;
      reference.mutable_query()->set_string(std::string(second, 'b'));
      *reference.add_events() = test::reference_event(two[0]);
      BOOST_TEST((body_of(m) == reference.SerializeAsString()));
      BOOST_TEST((body_of(message{m}) == body_of(m)));
    }
  }
}

BOOST_AUTO_TEST_CASE(message_from_protobuf_carries_all_of_it)
{
  proto::Msg reference;
  reference.set_ok(false);
  reference.set_error("text");
  reference.add_states()->set_service("old");
  *reference.add_events() = test::reference_event(two[0]);
  message m{reference};
  BOOST_TEST(body_of(m) == reference.SerializeAsString());
  BOOST_TEST(m.event_count() == 1U);
  BOOST_TEST(!m.has_query());

  reference.mutable_query()->set_string("true");
  BOOST_TEST((message{reference}.has_query()));
  m.set_query("true");
  BOOST_TEST(body_of(m) == reference.SerializeAsString());
  BOOST_TEST(to_proto(m).SerializeAsString() == reference.SerializeAsString());
}

BOOST_AUTO_TEST_CASE(message_from_protobuf_without_a_required_field_is_refused)
{
  proto::Msg msg;
  msg.add_events()->add_attributes()->set_value("no key");
  BOOST_CHECK_THROW(message{msg}, std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(message_from_a_view_has_the_events_own_bytes)
{
  // Metrics side by side and an unknown field: what no `event` could hold.
  proto::Msg reference;
  proto::Event& e = *reference.add_events();
  e.set_service("s");
  e.set_metric_sint64(1);
  e.set_metric_f(1.0F);
  e.mutable_unknown_fields()->append("\xa0\x06\x01", 3);
  const auto answer = response::parse(test::to_bytes(reference.SerializeAsString()));
  BOOST_REQUIRE(answer.has_value());
  const event_view view = *answer->events().begin();
  BOOST_TEST(body_of(message::from(view)) == reference.SerializeAsString());
  BOOST_TEST(message::from(view).event_count() == 1U);
  BOOST_TEST(to_proto(view).SerializeAsString() == e.SerializeAsString());
  BOOST_TEST(body_of(message::from(event_view{})) == body_of(message(event_literal{})));
}

BOOST_AUTO_TEST_CASE(message_over_the_limit_is_refused_and_left_as_it_was)
{
  // Never touched, so that no memory is behind most of it.
  const auto huge = std::make_unique_for_overwrite<std::byte[]>(message::max_size);
  huge[0] = std::byte{0};
  message m(two[0]);
  const std::string bytes = to_text(m.frame());
  BOOST_CHECK_THROW(m.append(event_view{{huge.get(), message::max_size}}), std::length_error);
  BOOST_CHECK_THROW(
      m.set_query({reinterpret_cast<const char*>(huge.get()), std::size_t{message::max_size}}),
      std::length_error);
  BOOST_TEST(to_text(m.frame()) == bytes);
  BOOST_TEST(m.event_count() == 1U);
  BOOST_TEST(!m.has_query());
}

BOOST_AUTO_TEST_CASE(message_from_a_literal_is_that_from_the_event_it_stands_for)
{
  const std::string kept = "kept elsewhere";
  const std::vector<std::string> many(20, "tag");
  const event_literal literals[] = {
      {},
      {.host = "h", .service = kept, .state = "", .metric = 1.5F, .tags = {"a", kept, "c"}},
      {.metric = -1, .tags = many, .ttl = ttl_duration{1}, .time = timestamp::from_seconds(7)},
      {.description = "d", .attributes = {{"k", "v"}, {"n", {}}, {"", ""}, {"z", kept}}},
  };
  const event events[] = {
      {},
      {.host = "h", .service = kept, .state = "", .metric = 1.5F, .tags = {"a", kept, "c"}},
      {.metric = -1, .tags = many, .ttl = ttl_duration{1}, .time = timestamp::from_seconds(7)},
      {.description = "d", .attributes = {{"k", "v"}, {"n", {}}, {"", ""}, {"z", kept}}},
  };
  for (std::size_t i = 0; i != std::size(events); ++i) {
    BOOST_TEST(body_of(message{literals[i]}) == body_of(message{events[i]}));
    BOOST_TEST(body_of(message{event_literal(events[i])}) == body_of(message{events[i]}));
  }
}

BOOST_AUTO_TEST_CASE(message_of_several_literals_holds_them_in_order)
{
  const event third{.service = "third"};
  const message m{{.service = "first"}, {.service = "second"}, third};
  message grown;
  grown.append({.service = "first"});
  grown.append({.service = "second"});
  grown.append(third);
  BOOST_TEST(m.event_count() == 3U);
  BOOST_TEST(body_of(m) == body_of(grown));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

// A server that acknowledges and forgets.
#include "testkit/answer_writer.hpp"
#include "testkit/connection_core.hpp"
#include "testkit/event_run.hpp"
#include "testkit/fault_plan.hpp"

#include <riemann/message.hpp>
#include <riemann/response.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::testkit;
using namespace riemann::testkit::detail;
using bytes = std::vector<std::byte>;

const timestamp now = timestamp::from_seconds(1'700'000'000);
constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

void append(bytes& to, std::span<const std::byte> more)
{
  to.insert(to.end(), more.begin(), more.end());
}

template <class... Values>
bytes make_bytes(Values... values)
{
  return {static_cast<std::byte>(values)...};
}

/// As a frame.
bytes framed(const bytes& body)
{
  bytes frame = make_bytes(0, 0, 0, body.size());
  append(frame, body);
  return frame;
}

bytes acks(std::size_t count)
{
  bytes all;
  for (std::size_t i = 0; i != count; ++i) {
    append(all, make_bytes(0, 0, 0, 2, 0x10, 1));
  }
  return all;
}

struct sunk {
  void feed(std::span<const std::byte> data, std::size_t piece = no_limit)
  {
    while (!data.empty()) {
      const auto room = core.prepare_read();
      const auto n = std::min({room.size(), data.size(), piece});
      std::memcpy(room.data(), data.data(), n);
      core.received(n, handler, now, !plan.empty());
      data = data.subspan(n);
    }
  }
  bytes written()
  {
    bytes all;
    while (core.next_output() == connection_core::output::write) {
      append(all, core.to_write());
      core.sent(core.to_write().size());
    }
    return all;
  }

  fault_plan plan{};
  request_handler handler{ttl_duration{60}, {}, retention::nothing};
  connection_core core{{.max_message_size = 1U << 20, .max_unread_answers = 1U << 20},
                       [this](std::uint64_t m) { return plan.take(1, m); }};
};

const event small{.host = "h", .service = "s", .metric = 1};

bytes frames(std::size_t count)
{
  bytes all;
  for (std::size_t i = 0; i != count; ++i) {
    append(all, message{small}.frame());
  }
  return all;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(testkit_sink, sunk)

BOOST_AUTO_TEST_CASE(event_when_sunk_then_acknowledged_counted_and_forgotten)
{
  feed(frames(1'000));
  BOOST_TEST((written() == acks(1'000)));
  const auto seen = handler.snapshot();
  BOOST_TEST(seen.messages == 1'000U);
  BOOST_TEST(seen.events == 1'000U);
  BOOST_TEST(seen.acks == 1'000U);
  BOOST_TEST(seen.indexed == 0U);
}

BOOST_AUTO_TEST_CASE(events_when_in_pieces_of_any_size_then_all_the_same)
{
  for (const std::size_t piece : {1U, 2U, 3U, 5U, 7U, 13U, 4'096U}) {
    sunk other;
    other.feed(frames(20), piece);
    BOOST_TEST((other.written() == acks(20)));
    BOOST_TEST(other.handler.snapshot().events == 20U);
  }
}

BOOST_AUTO_TEST_CASE(message_when_empty_or_of_many_or_of_long_events_then_acknowledged)
{
  message many{small, small, small};
  many.append(event{.description = std::string(300, 'x')});
  many.append(event{.description = std::string(70'000, 'x')});
  bytes all;
  append(all, message{}.frame());
  append(all, many.frame());
  append(all, message{}.frame());
  feed(all);
  BOOST_TEST((written() == acks(3)));
  BOOST_TEST(handler.snapshot().events == 5U);
  BOOST_TEST(handler.snapshot().messages == 3U);
}

BOOST_AUTO_TEST_CASE(query_when_sunk_then_answered_from_an_empty_index_in_its_place)
{
  message both{small};
  both.set_query("service = \"s\"");
  bytes all = frames(2);
  append(all, both.frame());
  append(all, frames(1));
  append(all, message::query("true").frame());
  feed(all);
  BOOST_TEST((written() == acks(5)));
  const auto seen = handler.snapshot();
  BOOST_TEST(seen.messages == 5U);
  BOOST_TEST(seen.queries == 2U);
  BOOST_TEST(seen.events == 4U);
  BOOST_TEST(seen.acks == 5U);
}

BOOST_AUTO_TEST_CASE(query_when_malformed_then_its_parse_error)
{
  bytes all = frames(1);
  append(all, message::query("service = ").frame());
  append(all, frames(1));
  feed(all);
  const auto out = written();
  BOOST_TEST_REQUIRE(out.size() > acks(2).size());
  const auto text = std::span{out}.subspan(6 + 4, out.size() - 6 - 4 - 6);
  const auto answer = response::parse(bytes{text.begin(), text.end()});
  BOOST_TEST_REQUIRE(answer.has_value());
  BOOST_TEST(!answer->ok());
  BOOST_TEST(answer->text().starts_with("malformed query"));
  BOOST_TEST(handler.snapshot().rejections == 1U);
}

BOOST_AUTO_TEST_CASE(fields_when_unknown_or_deprecated_then_acknowledged)
{
  // ok, states, a field of number 15, and an event between them
  feed(framed(make_bytes(0x10, 1, 0x22, 0, 0x32, 0, 0x7a, 1, 'x')));
  BOOST_TEST((written() == acks(1)));
  BOOST_TEST(handler.snapshot().events == 1U);
}

BOOST_AUTO_TEST_CASE(garbage_when_at_the_top_level_then_what_came_before_is_answered_and_it_ends)
{
  for (const auto& body : {make_bytes(0xff, 0xff, 0xff), make_bytes(0x32, 5, 1), make_bytes(0x32),
                           make_bytes(0x32, 0x80), make_bytes(0x07)}) {
    sunk other;
    bytes all = frames(3);
    append(all, framed(body));
    append(all, frames(1));
    other.feed(all);
    BOOST_TEST((other.written() == acks(3)));
    BOOST_TEST((other.core.phase() == connection_phase::closed));
    BOOST_TEST(other.handler.snapshot().malformed == 1U);
    BOOST_TEST(other.handler.snapshot().messages == 3U);
  }
}

BOOST_AUTO_TEST_CASE(event_when_malformed_inside_then_not_looked_into)
{
  feed(framed(make_bytes(0x32, 2, 0xff, 0xff)));
  BOOST_TEST((written() == acks(1)));
}

BOOST_AUTO_TEST_CASE(frame_when_too_large_then_it_ends)
{
  bytes all = frames(2);
  append(all, make_bytes(0, 0x10, 0, 1));
  feed(all);
  BOOST_TEST((written() == acks(2)));
  BOOST_TEST((core.phase() == connection_phase::closed));
  BOOST_TEST(handler.snapshot().too_large == 1U);
}

BOOST_AUTO_TEST_CASE(messages_when_too_many_answers_are_unread_then_they_wait)
{
  connection_core narrow{{.max_message_size = 1U << 20, .max_unread_answers = 100}, {}};
  const auto all = frames(20);
  for (int read = 0; read != 2; ++read) {
    std::memcpy(narrow.prepare_read().data(), all.data(), all.size());
    narrow.received(all.size(), handler, now, false);
    BOOST_TEST(narrow.is_full()); // what one read brought is taken as a whole
    BOOST_TEST(handler.snapshot().messages == 20U);
  }
  BOOST_REQUIRE((narrow.next_output() == connection_core::output::write));
  narrow.sent(narrow.to_write().size());
  narrow.go_on(handler, now, false);
  BOOST_TEST(handler.snapshot().messages == 40U);
}

BOOST_AUTO_TEST_CASE(fault_when_injected_then_happens_at_its_message)
{
  feed(frames(2));
  plan.add({reject{"full"}}, {.message = 4});
  feed(frames(3));
  feed(frames(1));
  bytes expected = acks(3);
  append(expected, make_bytes(0, 0, 0, 8, 0x10, 0, 0x1a, 4, 'f', 'u', 'l', 'l'));
  append(expected, acks(2));
  BOOST_TEST((written() == expected));
  BOOST_TEST(handler.snapshot().faults == 1U);
}

BOOST_AUTO_TEST_CASE(answers_when_held_back_then_released_by_what_comes_after)
{
  plan.add({coalesce{2}}, {.message = 1});
  feed(frames(1));
  BOOST_TEST(written().empty());
  feed(frames(2));
  BOOST_TEST((written() == acks(3)));
}

BOOST_AUTO_TEST_CASE(datagram_when_sunk_then_counted)
{
  handler.handle_datagram(message{small, small}.body(), now);
  handler.handle_datagram(message::query("true").body(), now);
  handler.handle_datagram({}, now);
  handler.handle_datagram(make_bytes(0xff), now);
  const auto seen = handler.snapshot();
  BOOST_TEST(seen.datagrams == 4U);
  BOOST_TEST(seen.messages == 3U);
  BOOST_TEST(seen.events == 2U);
  BOOST_TEST(seen.queries == 1U);
  BOOST_TEST(seen.malformed == 1U);
  BOOST_TEST(seen.indexed == 0U);
}

BOOST_AUTO_TEST_CASE(run_when_a_frame_is_not_whole_then_ends_before_it)
{
  const auto all = frames(2);
  const std::size_t one = all.size() / 2;
  for (std::size_t n = 0; n <= all.size(); ++n) {
    const auto run = find_event_run(std::span{all}.first(n), no_limit);
    BOOST_TEST(run.messages == n / one);
    BOOST_TEST(run.bytes == n / one * one);
    BOOST_TEST(run.events == n / one);
  }
}

BOOST_AUTO_TEST_CASE(acknowledgements_when_many_at_one_go_then_each_is_whole)
{
  for (const std::size_t count : {0U, 1U, 255U, 256U, 257U, 1'000U}) {
    bytes out = make_bytes('x');
    answer_writer{out}.acknowledge(count);
    bytes expected = make_bytes('x');
    append(expected, acks(count));
    BOOST_TEST((out == expected));
  }
}

BOOST_AUTO_TEST_SUITE_END()

#include "testkit/connection_core.hpp"

#include <riemann/message.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::testkit;
using namespace riemann::testkit::detail;

const timestamp now = timestamp::from_seconds(1'700'000'000);
constexpr std::size_t ack_size = 6;

struct driven {
  explicit driven(connection_options options = {.max_message_size = 1U << 20,
                                                .max_unread_answers = 1U << 20},
                  fault_source faults = {})
      : core{options, std::move(faults)}
  {}

  void feed(std::span<const std::byte> bytes, std::size_t piece = std::string::npos)
  {
    while (!bytes.empty()) {
      const auto room = core.prepare_read();
      const auto n = std::min({room.size(), bytes.size(), piece});
      std::memcpy(room.data(), bytes.data(), n);
      core.received(n, handler, now);
      bytes = bytes.subspan(n);
    }
  }

  /// The bytes of the next write; none if something else is to be done first.
  std::span<const std::byte> prepare_write()
  {
    const bool any = core.next_output() == connection_core::output::write;
    return any ? core.to_write() : std::span<const std::byte>{};
  }
  /// All that can be written now, write by write.
  std::vector<std::size_t> write_all()
  {
    std::vector<std::size_t> sizes;
    for (auto bytes = prepare_write(); !bytes.empty(); bytes = prepare_write()) {
      sizes.push_back(bytes.size());
      written.insert(written.end(), bytes.begin(), bytes.end());
      core.sent(bytes.size());
    }
    return sizes;
  }

  request_handler handler{ttl_duration{60}};
  connection_core core;
  std::vector<std::byte> written{};
};

std::vector<std::byte> frames(const message& m, std::size_t count)
{
  std::vector<std::byte> all;
  for (std::size_t i = 0; i < count; ++i) {
    all.insert(all.end(), m.frame().begin(), m.frame().end());
  }
  return all;
}

std::vector<std::byte> frames(const event& e, std::size_t count)
{
  return frames(message{e}, count);
}

} // namespace

BOOST_AUTO_TEST_SUITE(testkit_connection_core)

BOOST_AUTO_TEST_CASE(answers_of_one_read_go_out_in_one_write)
{
  driven d;
  d.feed(frames(event{.service = "s"}, 100));
  BOOST_TEST(d.prepare_write().size() == 100 * ack_size);
  d.core.sent(10);
  BOOST_TEST(d.prepare_write().size() == 100 * ack_size - 10);
}

BOOST_AUTO_TEST_CASE(bytes_being_sent_stay_when_more_is_received)
{
  driven d;
  d.feed(frames(message{}, 1));
  const auto sending = d.prepare_write();
  const std::vector<std::byte> before{sending.begin(), sending.end()};
  d.feed(frames(message{}, 1000));
  BOOST_TEST(std::ranges::equal(sending, before));
  d.core.sent(sending.size());
  BOOST_TEST(d.prepare_write().size() == 1000 * ack_size);
}

BOOST_AUTO_TEST_CASE(messages_wait_while_too_many_answers_are_unread)
{
  driven d{{.max_message_size = 100, .max_unread_answers = 10 * ack_size}};
  d.feed(frames(message{}, 5));
  static_cast<void>(d.prepare_write());
  d.feed(frames(message{}, 5));
  BOOST_TEST((d.core.takes_input() && !d.core.is_full()));
  d.feed(frames(message{}, 30)); // in one read
  BOOST_TEST((d.core.is_full() && !d.core.takes_input()));
  BOOST_TEST(d.handler.snapshot().messages == 11U);
  d.core.sent(d.prepare_write().size()); // five
  BOOST_TEST(!d.core.is_full());
  d.core.go_on(d.handler, now);
  BOOST_TEST(d.handler.snapshot().messages == 16U);
  while (d.core.is_full()) {
    d.write_all();
    d.core.go_on(d.handler, now);
  }
  d.write_all();
  BOOST_TEST(d.written.size() == 35 * ack_size);
  BOOST_TEST(d.handler.snapshot().cut_off == 0U);
}

BOOST_AUTO_TEST_CASE(one_answer_is_not_too_much_whatever_its_size)
{
  driven d{{.max_message_size = 10'000, .max_unread_answers = 100}};
  d.feed(frames(event{.service = "s", .description = std::string(1000, 'x')}, 1));
  d.write_all();
  d.written.clear();
  d.feed(frames(message::query("true"), 1));
  BOOST_TEST(d.core.is_full());
  d.write_all();
  BOOST_TEST(d.written.size() > 1000U);
  BOOST_TEST(d.core.takes_input());
}

BOOST_AUTO_TEST_CASE(close_at_its_first_bytes_comes_behind_the_messages_that_waited)
{
  driven d{{.max_message_size = 100, .max_unread_answers = ack_size}, [](std::uint64_t message) {
             return message == 0 ? std::vector<fault>{close_at{12}} : std::vector<fault>{};
           }};
  d.core.begin(d.handler);
  d.feed(frames(message{}, 3)); // four bytes each
  BOOST_TEST(d.core.is_full());
  d.write_all();
  BOOST_TEST((d.core.phase() == connection_phase::open));
  d.core.go_on(d.handler, now);
  d.write_all();
  BOOST_TEST(d.written.size() == 3 * ack_size);
  BOOST_TEST((d.core.phase() == connection_phase::half_closed));
  BOOST_TEST(d.core.takes_input());
}

BOOST_AUTO_TEST_CASE(connection_that_is_cut_off_is_counted)
{
  driven d;
  d.core.cut_off(d.handler);
  BOOST_TEST((d.core.phase() == connection_phase::cut_off));
  BOOST_TEST(!d.core.takes_input());
  BOOST_TEST(d.handler.snapshot().cut_off == 1U);
}

BOOST_AUTO_TEST_CASE(connection_finishes_what_it_answered_when_a_bad_frame_comes)
{
  driven d;
  d.feed(frames(message{}, 1));
  const std::vector<std::byte> bad{std::byte{0}, std::byte{0}, std::byte{0}, std::byte{1},
                                   std::byte{0xFF}};
  d.feed(bad);
  BOOST_TEST((d.core.phase() == connection_phase::finishing));
  d.write_all();
  BOOST_TEST((d.core.phase() == connection_phase::closed));
}

BOOST_AUTO_TEST_CASE(length_over_the_limit_closes_before_the_body_comes)
{
  driven d;
  d.feed(std::vector<std::byte>(4, std::byte{0xFF}));
  d.write_all();
  BOOST_TEST((d.core.phase() == connection_phase::closed));
  BOOST_TEST(d.handler.snapshot().too_large == 1U);
}

BOOST_AUTO_TEST_CASE(message_as_long_as_the_limit_is_taken_and_none_that_is_longer)
{
  const message m{{.description = std::string(1'000, 'x')}};
  for (const std::size_t short_by : {0U, 1U}) {
    driven d{{.max_message_size = m.size() - short_by, .max_unread_answers = 1'000}};
    d.feed(frames(m, 1));
    d.write_all();
    BOOST_TEST(d.written.size() == (short_by == 0 ? ack_size : 0));
    BOOST_TEST((d.core.phase() == connection_phase::open) == (short_by == 0));
    BOOST_TEST(d.handler.snapshot().too_large == short_by);
    BOOST_TEST(d.handler.index().size() == 1 - short_by);
  }
}

BOOST_AUTO_TEST_CASE(large_message_is_taken_in_small_reads)
{
  driven d{{.max_message_size = 1U << 20,
            .max_unread_answers = 1000,
            .buffer = {.initial_capacity = 16}}};
  d.feed(frames(event{.service = "s", .description = std::string(200'000, 'x')}, 2), 1000);
  BOOST_TEST(d.prepare_write().size() == 2 * ack_size);
  BOOST_TEST(d.handler.snapshot().events == 2U);
}

BOOST_AUTO_TEST_CASE(message_that_dribbles_holds_what_has_come_and_not_what_it_announces)
{
  constexpr std::size_t announced = std::size_t{64} << 20;
  driven d{{.max_message_size = announced, .max_unread_answers = 1000}};
  d.feed(std::vector{std::byte{4}, std::byte{0}, std::byte{0}, std::byte{0}});
  const std::vector<std::byte> body(200'000);
  d.feed(body, 1);
  BOOST_TEST((d.core.phase() == connection_phase::open));
  BOOST_TEST(d.core.prepare_read().size() < 2 * body.size());
}

BOOST_AUTO_TEST_CASE(faults_are_asked_for_once_a_message_in_order)
{
  std::vector<std::uint64_t> asked;
  driven d{{.max_message_size = 1000, .max_unread_answers = 1000}, [&asked](std::uint64_t message) {
             asked.push_back(message);
             return std::vector<fault>{};
           }};
  d.core.begin(d.handler);
  d.feed(frames(message{}, 2));
  const auto unanswerable = event{
      .service = "s", .time = timestamp::from_seconds(std::numeric_limits<std::int64_t>::max())};
  d.feed(message{unanswerable}.frame());
  d.feed(message::query("true").frame());
  BOOST_TEST((asked == std::vector<std::uint64_t>{0, 1, 2, 3, 4}));
  BOOST_TEST(d.prepare_write().size() == 3 * ack_size);
  BOOST_TEST(d.handler.snapshot().faults == 0U);
}

BOOST_AUTO_TEST_CASE(read_buffer_shrinks_when_large_messages_stop)
{
  read_buffer buffer{{.initial_capacity = 16, .rounds_before_shrinking = 2}};
  for (int i = 0; i < 10; ++i) {
    buffer.commit(buffer.prepare().size());
  }
  const auto grown = buffer.capacity();
  BOOST_TEST(grown > 16U);
  buffer.consume(buffer.data().size());
  for (int i = 0; i < 100; ++i) {
    static_cast<void>(buffer.prepare());
    buffer.commit(1);
    buffer.consume(1);
  }
  BOOST_TEST(buffer.capacity() == 16U);
}

BOOST_AUTO_TEST_SUITE_END()

// A peer that sends, or takes, a byte a second: deadlines come all the same, and little is held.
#include "core/frame_reader.hpp"
#include "rig.hpp"

#include <cstddef>

namespace riemann::test {

namespace {

constexpr std::size_t little = core::frame_reader::resting_capacity;

// A byte each second, until there are no more or the connection is given up; the seconds.
int dribble(rig& r, const bytes& what)
{
  int seconds = 0;
  for (const std::byte b : what) {
    r.pass(1s);
    ++seconds;
    if (r.closing) {
      break;
    }
    BOOST_TEST(r.reading->size() <= little);
    r.receive({b});
  }
  return seconds;
}

} // namespace

BOOST_AUTO_TEST_SUITE(dribble_test)

BOOST_AUTO_TEST_CASE(answer_when_it_dribbles_past_its_deadline_then_the_connection_is_closed)
{
  rig r{{.answer_timeout = 60s, .max_answer_size = 1 << 20}};
  r.open_up();
  request& a = r.query();
  r.wrote();
  BOOST_TEST(dribble(r, header(1 << 20) + bytes(1'000)) == 60);
  BOOST_TEST(is(a, errc::answer_timeout));
  r.closed();
  BOOST_TEST(r.books().connections_lost == 1u);
}

BOOST_AUTO_TEST_CASE(answers_when_each_dribbles_within_its_deadline_then_all_are_taken)
{
  rig r{{.answer_timeout = 10s}};
  r.open_up();
  for (int i = 0; i != 1'000; ++i) {
    request& a = r.send();
    r.wrote();
    BOOST_TEST(dribble(r, ack()) == 6);
    BOOST_TEST(is(a, {}));
  }
  BOOST_TEST(r.books().connections_lost == 0u);
}

BOOST_AUTO_TEST_CASE(bytes_when_nobody_asked_and_they_dribble_then_the_whole_answer_is_surplus)
{
  rig r;
  r.open_up();
  BOOST_TEST(dribble(r, frame(std::string(4'000, '\0'))) == 4'004);
  BOOST_TEST(r.closing);
  BOOST_TEST((r.books().last_failure == errc::surplus_answer));
  r.closed();
}

BOOST_AUTO_TEST_CASE(pipe_when_it_takes_a_byte_a_second_then_what_waits_too_long_expires)
{
  rig r{{.write_timeout = 2s, .max_queue_age = 60s, .max_write_size = 64}};
  r.open_up();
  const std::size_t size = named("s").frame().size();
  for (int second = 0; second != 1'000; ++second) {
    r.send();
    r.pass(1s);
    BOOST_TEST_REQUIRE(!r.closing);
    r.wrote(1);
    const auto& held = r.books().messages;
    BOOST_TEST(held.queued <= 60u);
    BOOST_TEST(held.staged * size <= 64u);
    if (held.in_flight != 0) {
      r.receive(ack());
    }
  }
  BOOST_TEST(r.books().messages.acked == 1'000u / size);
  BOOST_TEST(r.books().messages.not_sent > 800u);
  r.cancel();
  r.closed();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test

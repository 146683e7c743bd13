// What a pool does with what waits at a connection that has failed, where the others have no
// room for it.

#include "tcp_fixture.hpp"

#include <riemann/pool_transport.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <semaphore>
#include <utility>
#include <vector>

namespace {

using namespace riemann;
using namespace riemann::test;
using namespace std::chrono_literals;

/// Two connections, whose queues hold a hundred each, and are full. One is about to be lost,
/// the other answers as soon as it is told to.
struct crowded : with_context {
  static constexpr std::size_t room = 100;

  static tcp_options narrow(const asio::ip::tcp::endpoint& to, overload_policy when_full)
  {
    return options_for(to, {.min_backoff = 1ms,
                            .max_backoff = 1ms,
                            .max_in_flight = 1,
                            .max_queued = room,
                            .when_full = when_full});
  }
  void fill(overload_policy when_full)
  {
    transport.emplace(context, pool_options{.servers = {narrow(dying->endpoint(), when_full),
                                                        narrow(busy.endpoint(), when_full)},
                                            .connections = 2});
    result connected;
    transport->async_connect(record{connected});
    run_until(context, [&] { return books().connections_opened == 2; });
    sent = std::vector<result>(2 + 2 * room);
    send(0, 2);
    run_until(context, [&] { return books().messages.in_flight == 2; });
    send(2, sent.size());
    BOOST_TEST(books().messages.queued == 2 * room);
  }
  void send(std::size_t from, std::size_t to)
  {
    for (std::size_t i = from; i != to; ++i) {
      transport->async_send(one_event(), record{sent[i]});
    }
  }
  void lose_one(std::uint64_t tries = 10)
  {
    dying.reset();
    run_until(context, [&] { return books().connects_failed >= tries; });
    BOOST_TEST(books().messages.unknown == 1U);
  }
  void answer_all()
  {
    answers.release();
    run_until(context, [&] { return books().messages.live() == 0; });
    check_books(books());
    transport->cancel();
    for (const result& r : sent) {
      BOOST_TEST(r.calls == 1);
    }
  }
  [[nodiscard]] statistics books() const { return transport->statistics(); }

  std::binary_semaphore answers{0};
  std::optional<scripted_peer> dying{std::in_place, std::vector<scripted_peer::script>{ignore}};
  scripted_peer busy{{[this](connection& c) {
    c.read_frames(1);
    if (!answers.try_acquire_for(patience)) {
      return;
    }
    c.ack(1);
    c.serve();
  }}};
  std::optional<pool_transport> transport{};
  std::vector<result> sent{};
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(pool_room, crowded)

BOOST_AUTO_TEST_CASE(messages_when_others_would_refuse_them_then_wait_where_they_are)
{
  fill(overload_policy::reject);
  lose_one();
  BOOST_TEST(books().messages.live() == 2 * room + 1);
  answer_all();
  BOOST_TEST(books().messages.acked == 2 * room + 1);
}

/// Some have made way before it is known that there is no room.
BOOST_AUTO_TEST_CASE(messages_when_the_newest_would_make_way_then_wait_where_they_are)
{
  constexpr std::uint64_t at_a_time = 64;
  fill(overload_policy::drop_newest);
  lose_one();
  BOOST_TEST(books().messages.not_sent <= at_a_time);
  answer_all();
  BOOST_TEST(books().messages.acked >= 2 * room + 1 - at_a_time);
}

/// As for any that come later, which is what they are there.
BOOST_AUTO_TEST_CASE(messages_when_the_oldest_are_to_make_way_then_they_do)
{
  fill(overload_policy::drop_oldest);
  lose_one(1);
  answer_all();
  BOOST_TEST(books().messages.acked >= room + 1);
  BOOST_TEST(books().causes[errc::dropped] == books().messages.not_sent);
}

BOOST_AUTO_TEST_SUITE_END()

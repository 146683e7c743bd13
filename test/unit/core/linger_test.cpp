// Messages that wait for others to share their datagram.
#include "datagrams.hpp"

#include <boost/test/unit_test.hpp>

namespace riemann::test {

namespace {

using core::datagram_options;

/// Up to 100 bytes go together; a datagram with room left waits for 10 ms.
struct lingering : open_datagrams {
  lingering() : open_datagrams{datagram_options{{}, 100, 10ms}} {}
};

/// A queue of two messages: while they wait for a third, it would be refused.
struct lingering_in_a_short_queue : open_datagrams {
  lingering_in_a_short_queue()
      : open_datagrams{datagram_options{session_options{.max_queued = 2}, 100, 10ms}}
  {}
};

/// Room for 100 bytes, lengths included, and for messages of up to 40.
struct lingering_in_a_small_queue : open_datagrams {
  lingering_in_a_small_queue()
      : open_datagrams{datagram_options{
            session_options{.max_queued_bytes = 100, .max_message_size = 40}, 100, 10ms}}
  {}
};

/// The same where those that find no room wait for it.
struct lingering_with_patience : open_datagrams {
  lingering_with_patience()
      : open_datagrams{datagram_options{session_options{.max_queued_bytes = 100,
                                                        .when_full = overload_policy::wait,
                                                        .max_message_size = 40},
                                        100, 10ms}}
  {}
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(core_linger, lingering)

BOOST_AUTO_TEST_CASE(message_when_there_is_room_beside_it_then_waits_from_the_oldests_taking_in)
{
  request& first = send(of_size(30));
  BOOST_TEST(!writing);
  BOOST_TEST((session.next_deadline() == now + 10ms));
  pass(6ms);
  request& second = send(of_size(30));
  BOOST_TEST(!writing);
  BOOST_TEST((session.next_deadline() == now + 4ms));
  pass(3'999us);
  BOOST_TEST(!writing);
  pass(1us);
  BOOST_REQUIRE(writing);
  BOOST_TEST(writing->size() == 60U);
  wrote();
  BOOST_TEST(is(first, {}));
  BOOST_TEST(is(second, {}));
  BOOST_TEST((session.next_deadline() == never));
}

BOOST_AUTO_TEST_CASE(datagram_when_full_then_does_not_wait)
{
  send(of_size(60));
  send(of_size(39));
  BOOST_TEST(!writing);
  send(of_size(20));
  BOOST_REQUIRE(writing);
  BOOST_TEST(writing->size() == 99U);
  wrote();
  BOOST_TEST(!writing); // the last has room beside it, and waits
  send(of_size(80));
  BOOST_REQUIRE(writing);
  BOOST_TEST(writing->size() == 100U);
}

BOOST_AUTO_TEST_CASE(message_when_as_long_as_the_limit_or_longer_then_does_not_wait)
{
  send(of_size(100));
  BOOST_TEST(writing->size() == 100U);
  wrote();
  send(of_size(120));
  BOOST_TEST(writing->size() == 120U);
}

BOOST_AUTO_TEST_CASE(message_when_the_write_before_took_longer_than_it_may_wait_then_goes_at_once)
{
  send(of_size(100));
  send(of_size(10));
  BOOST_TEST((session.next_deadline() > now + 10ms)); // nothing can be written
  pass(20ms);
  wrote();
  BOOST_REQUIRE(writing);
  BOOST_TEST(writing->size() == 10U);
}

BOOST_AUTO_TEST_CASE(drain_when_a_datagram_lingers_then_it_goes_at_once)
{
  request& r = send(of_size(10));
  BOOST_TEST(!writing);
  session.drain(now + 1s, now);
  run();
  BOOST_REQUIRE(writing);
  BOOST_TEST(!disconnected);
  wrote();
  BOOST_TEST(is(r, {}));
  closed();
  BOOST_REQUIRE(disconnected);
  BOOST_TEST(*disconnected == error_code{});
}

BOOST_AUTO_TEST_CASE(message_when_given_up_while_it_lingers_then_not_sent_and_nothing_is_due)
{
  request& r = send(of_size(10));
  session.give_up(r);
  run();
  BOOST_TEST(is(r, errc::cancelled));
  BOOST_TEST((session.next_deadline() == never));
  pass(10ms);
  BOOST_TEST(!writing);
}

BOOST_AUTO_TEST_CASE(deadline_when_it_passes_while_lingering_then_expired_and_the_others_go)
{
  request& soon = send(of_size(10), now + 5ms);
  request& other = send(of_size(11));
  pass(5ms);
  BOOST_TEST(is(soon, errc::expired));
  BOOST_TEST(!writing);
  pass(5ms);
  BOOST_TEST(writing->size() == 11U);
  wrote();
  BOOST_TEST(is(other, {}));
}

BOOST_AUTO_TEST_CASE(cancel_when_a_datagram_lingers_then_not_sent)
{
  request& r = send(of_size(10));
  session.cancel();
  run();
  BOOST_TEST(is(r, errc::cancelled));
  closed();
}

BOOST_FIXTURE_TEST_CASE(messages_when_they_fill_the_queue_then_do_not_wait,
                        lingering_in_a_short_queue)
{
  send(of_size(10));
  BOOST_TEST(!writing);
  send(of_size(10));
  BOOST_REQUIRE(writing);
  BOOST_TEST(writing->size() == 20U);
}

BOOST_FIXTURE_TEST_CASE(messages_when_the_longest_would_find_no_room_in_bytes_then_do_not_wait,
                        lingering_in_a_small_queue)
{
  send(of_size(20));
  send(of_size(28));
  BOOST_TEST(session.held_bytes() == 56U);
  BOOST_TEST(!writing);
  send(of_size(10)); // and 44 more would be too many
  BOOST_REQUIRE(writing);
  BOOST_TEST(writing->size() == 58U);
}

BOOST_FIXTURE_TEST_CASE(message_when_there_is_room_once_others_have_gone_then_it_need_not_wait,
                        lingering_with_patience)
{
  send(of_size(30));
  send(of_size(30));
  BOOST_REQUIRE(writing);
  request& third = send(of_size(40));
  BOOST_TEST((third.where == core::phase::queued));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(core_linger_message_when_not_connected_then_nothing_is_due_before)
{
  datagrams d{datagram_options{{}, 100, 10ms}};
  request& r = d.send(of_size(10));
  BOOST_TEST(d.connecting);
  BOOST_TEST((d.session.next_deadline() > d.now + 10ms));
  d.now += 20ms;
  d.connected();
  BOOST_TEST(d.writing->size() == 10U);
  d.wrote();
  BOOST_TEST(is(r, {}));
}

} // namespace riemann::test

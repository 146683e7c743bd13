// Messages put together to datagrams.
#include "datagrams.hpp"

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace riemann::test {

namespace {

using core::datagram_options;

using bytes = std::vector<std::byte>;

bytes joined(std::initializer_list<message> all)
{
  bytes result;
  for (const message& m : all) {
    result.insert(result.end(), m.body().begin(), m.body().end());
  }
  return result;
}

bytes copy(std::span<const std::byte> of)
{
  return {of.begin(), of.end()};
}

/// Up to 100 bytes go together; nothing waits.
struct coalescing : open_datagrams {
  explicit coalescing(const session_options& o = {}) : open_datagrams{datagram_options{o, 100}} {}

  /// While these are queued the socket is busy: with a datagram of one, first.
  void busy() { send(of_size(5)); }
};

const error_code too_long = boost::asio::error::message_size;

} // namespace

BOOST_FIXTURE_TEST_SUITE(core_coalesce, coalescing)

BOOST_AUTO_TEST_CASE(messages_when_queued_behind_a_write_then_go_together_in_their_order)
{
  busy();
  request& a = send("a");
  request& b = send("b");
  request& c = send("c");
  BOOST_TEST(writing->size() == 5U);
  wrote();
  BOOST_TEST(
      (copy(*writing) == joined({{{.service = "a"}}, {{.service = "b"}}, {{.service = "c"}}})));
  BOOST_TEST(books().messages.staged == 3U);
  BOOST_TEST(books().messages.queued == 0U);
  wrote();
  for (const request* r : {&a, &b, &c}) {
    BOOST_TEST(is(*r, {}));
  }
  BOOST_TEST(books().messages.sent == 4U);
  BOOST_TEST(books().events.sent == 4U);
  BOOST_TEST(books().datagrams_sent == 2U);
  BOOST_TEST(!writing);
}

BOOST_AUTO_TEST_CASE(message_when_alone_then_goes_at_once)
{
  request& r = send(of_size(50));
  BOOST_TEST(writing->size() == 50U);
  wrote();
  BOOST_TEST(is(r, {}));
  BOOST_TEST(books().datagrams_sent == 1U);
}

BOOST_AUTO_TEST_CASE(datagram_when_just_full_then_goes_and_one_byte_more_begins_the_next)
{
  busy();
  send(of_size(60));
  send(of_size(40));
  send(of_size(60));
  send(of_size(41));
  wrote();
  BOOST_TEST(writing->size() == 100U);
  wrote();
  BOOST_TEST(writing->size() == 60U);
  wrote();
  BOOST_TEST(writing->size() == 41U);
  wrote();
  BOOST_TEST(books().datagrams_sent == 4U);
  BOOST_TEST(books().bytes_written == 206U);
}

BOOST_AUTO_TEST_CASE(message_when_longer_than_the_limit_then_goes_alone_and_in_its_place)
{
  busy();
  send(of_size(10));
  request& longer = send(of_size(101));
  send(of_size(20));
  wrote();
  BOOST_TEST(writing->size() == 10U);
  wrote();
  BOOST_TEST(writing->size() == 101U);
  wrote();
  BOOST_TEST(is(longer, {}));
  BOOST_TEST(writing->size() == 20U);
}

BOOST_AUTO_TEST_CASE(messages_when_empty_then_take_no_room_and_are_sent)
{
  busy();
  request& ping = send(message{});
  request& another = send(message{});
  wrote();
  BOOST_TEST(writing->empty());
  wrote();
  BOOST_TEST(is(ping, {}));
  BOOST_TEST(is(another, {}));
}

BOOST_AUTO_TEST_CASE(buffer_when_datagram_follows_datagram_then_is_the_same)
{
  busy();
  std::optional<const std::byte*> first;
  for (int i = 0; i != 20; ++i) {
    send(of_size(40));
    send(of_size(60));
    wrote();
    BOOST_TEST(writing->size() == 100U);
    BOOST_TEST(writing->data() == first.value_or(writing->data()));
    first = writing->data();
  }
  wrote();
}

BOOST_AUTO_TEST_CASE(query_when_coalescing_then_still_not_supported)
{
  busy();
  BOOST_TEST(is(send(message::query("true")), errc::not_supported));
  wrote();
  BOOST_TEST(!writing);
}

BOOST_AUTO_TEST_CASE(message_when_given_up_in_a_datagram_then_unknown_and_the_others_are_sent)
{
  busy();
  request& first = send("a");
  request& given_up = send("b");
  request& last = send("c");
  wrote();
  const auto datagram = *writing;
  const auto before = copy(datagram);
  session.give_up(given_up);
  run();
  BOOST_TEST(is(given_up, errc::abandoned));
  BOOST_TEST((copy(datagram) == before));
  BOOST_TEST(books().messages.staged == 2U);
  wrote();
  BOOST_TEST(is(first, {}));
  BOOST_TEST(is(last, {}));
  BOOST_TEST(books().messages.sent == 3U);
  BOOST_TEST(books().messages.unknown == 1U);
}

BOOST_AUTO_TEST_CASE(deadline_when_passed_in_a_datagram_then_ends_that_message_alone)
{
  busy();
  request& soon = send(of_size(10), now + 5ms);
  request& other = send(of_size(10));
  wrote();
  pass(5ms);
  BOOST_TEST(is(soon, errc::deadline_exceeded));
  BOOST_TEST((other.where == phase::staged));
  wrote();
  BOOST_TEST(is(other, {}));
}

BOOST_AUTO_TEST_CASE(refusal_when_of_an_earlier_one_then_the_datagram_is_tried_again_whole)
{
  busy();
  send("a");
  send("b");
  wrote();
  const auto before = copy(*writing);
  wrote(boost::asio::error::connection_refused);
  BOOST_TEST((copy(*writing) == before));
  wrote();
  BOOST_TEST(books().messages.sent == 3U);
  BOOST_TEST(books().datagrams_refused == 1U);
  BOOST_TEST(books().datagrams_sent == 2U);
}

BOOST_AUTO_TEST_CASE(refused_when_all_of_it_was_given_up_then_not_tried_again)
{
  busy();
  request& a = send("a");
  request& b = send("b");
  wrote();
  session.give_up(a);
  session.give_up(b);
  run();
  wrote(boost::asio::error::connection_refused);
  BOOST_TEST(!writing);
  request& next = send("c");
  BOOST_TEST((copy(*writing) == joined({{{.service = "c"}}})));
  wrote();
  BOOST_TEST(is(next, {}));
}

BOOST_AUTO_TEST_CASE(datagram_when_too_long_for_the_path_then_goes_in_smaller_ones)
{
  busy();
  std::vector<request*> all;
  for (int i = 0; i != 4; ++i) {
    all.push_back(&send(of_size(25)));
  }
  wrote();
  BOOST_TEST(writing->size() == 100U);
  wrote(too_long);
  BOOST_TEST(writing->size() == 100U); // it may have been of an earlier one
  wrote(too_long);
  BOOST_TEST(writing->size() == 50U);
  BOOST_TEST(books().messages.queued == 2U);
  BOOST_TEST(session.held_bytes() == 2U * 29U);
  wrote();
  BOOST_TEST(writing->size() == 50U);
  wrote();
  for (const request* r : all) {
    BOOST_TEST(is(*r, {}));
  }
  BOOST_TEST(books().messages.not_sent == 0U);
  BOOST_TEST(books().datagrams_sent == 3U);
}

BOOST_AUTO_TEST_CASE(datagrams_when_the_path_takes_none_together_then_one_by_one)
{
  busy();
  request& a = send(of_size(30));
  request& b = send(of_size(40));
  wrote();
  wrote(too_long);
  wrote(too_long);
  BOOST_TEST(writing->size() == 30U);
  wrote();
  BOOST_TEST(is(a, {}));
  BOOST_TEST(writing->size() == 40U);
  wrote(too_long);
  wrote(too_long);
  BOOST_TEST(is(b, errc::message_too_large));
  BOOST_TEST(!closing);
}

BOOST_AUTO_TEST_CASE(limit_when_the_path_took_less_then_holds_for_this_socket_alone)
{
  const auto queue_four = [this] {
    busy();
    for (int i = 0; i != 4; ++i) {
      send(of_size(25));
    }
    wrote();
  };
  queue_four();
  wrote(too_long);
  wrote(too_long);
  wrote();
  wrote();
  queue_four();
  BOOST_TEST(writing->size() == 50U);
  wrote(boost::asio::error::no_buffer_space);
  closed();
  connected();
  BOOST_TEST(writing->size() == 50U); // the two that are left
  wrote();
  queue_four();
  BOOST_TEST(writing->size() == 100U);
}

BOOST_AUTO_TEST_CASE(message_when_given_up_before_the_others_go_again_then_does_not_go)
{
  busy();
  request& a = send(of_size(30));
  request& b = send(of_size(31));
  request& c = send(of_size(32));
  wrote();
  wrote(too_long);
  session.give_up(a);
  session.give_up(c);
  run();
  wrote(too_long);
  BOOST_TEST(writing->size() == 31U);
  wrote();
  BOOST_TEST(is(b, {}));
  BOOST_TEST(is(a, errc::abandoned));
  BOOST_TEST(is(c, errc::abandoned));
  BOOST_TEST(!writing);
}

BOOST_AUTO_TEST_CASE(message_when_it_grew_too_old_in_a_refused_datagram_then_expires)
{
  coalescing aged{session_options{.max_queue_age = 20ms}};
  aged.busy();
  request& old = aged.send(of_size(30));
  aged.now += 15ms;
  request& young = aged.send(of_size(30));
  aged.wrote();
  aged.pass(10ms);
  BOOST_TEST((old.where == phase::staged));
  aged.wrote(too_long);
  aged.wrote(too_long);
  BOOST_TEST(is(old, errc::expired));
  BOOST_TEST((young.where == phase::staged));
  aged.wrote();
  BOOST_TEST(is(young, {}));
}

BOOST_AUTO_TEST_CASE(socket_when_lost_then_all_of_the_datagram_are_not_written)
{
  busy();
  request& a = send("a");
  request& b = send("b");
  wrote();
  request& queued = send("c");
  wrote(boost::asio::error::no_buffer_space);
  for (const request* r : {&a, &b}) {
    BOOST_TEST(is(*r, errc::not_written));
    BOOST_TEST(r->answer.text().starts_with("write: "));
  }
  closed();
  connected();
  wrote();
  BOOST_TEST(is(queued, {}));
}

BOOST_AUTO_TEST_CASE(cancel_when_in_a_write_then_all_of_it_is_unknown)
{
  busy();
  request& a = send("a");
  request& b = send("b");
  wrote();
  session.cancel();
  run();
  BOOST_TEST(is(a, errc::abandoned));
  BOOST_TEST(is(b, errc::abandoned));
  wrote(boost::asio::error::operation_aborted);
  closed();
}

BOOST_AUTO_TEST_CASE(requests_when_staged_together_then_all_handed_back_for_a_context_that_goes)
{
  busy();
  send("a");
  send("b");
  wrote();
  send("c");
  auto all = session.release_all();
  BOOST_TEST(all.size() == 3U);
  all.clear();
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test

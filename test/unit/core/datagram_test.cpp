// Messages as datagrams: the session and pipeline of UDP.
#include "datagrams.hpp"

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include <cerrno>
#include <chrono>
#include <string>

namespace riemann::test {

BOOST_FIXTURE_TEST_SUITE(core_datagram, open_datagrams)

BOOST_AUTO_TEST_CASE(message_when_the_kernel_has_it_then_sent)
{
  request& first = send("a");
  request& second = send("b");
  BOOST_TEST(writing->size() == message({{.service = "a"}}).size());
  wrote();
  BOOST_TEST(is(first, {}));
  BOOST_TEST((second.where == phase::staged));
  wrote();
  BOOST_TEST(is(second, {}));
  BOOST_TEST((second.answer.ok() && !second.answer.answered()));
  BOOST_TEST(books().messages.sent == 2U);
  BOOST_TEST(books().events.sent == 2U);
  BOOST_TEST(books().messages.acked == 0U);
}

BOOST_AUTO_TEST_CASE(empty_message_is_an_empty_datagram)
{
  request& ping = send(message{});
  BOOST_REQUIRE(writing);
  BOOST_TEST(writing->empty());
  wrote();
  BOOST_TEST(is(ping, {}));
  BOOST_TEST(!writing);
}

BOOST_AUTO_TEST_CASE(query_is_not_supported)
{
  BOOST_TEST(is(send(message::query("true")), errc::not_supported));
  message both{{.service = "s"}};
  both.set_query("true");
  BOOST_TEST(is(send(both), errc::not_supported));
  BOOST_TEST(books().messages.not_sent == 2U);
}

BOOST_AUTO_TEST_CASE(refusal_is_of_an_earlier_datagram_and_this_one_is_tried_again)
{
  request& r = send();
  wrote(boost::asio::error::connection_refused);
  BOOST_TEST((r.where == phase::staged));
  wrote();
  BOOST_TEST(is(r, {}));
  BOOST_TEST(books().datagrams_refused == 1U);
  BOOST_TEST(books().connections_lost == 0U);
}

BOOST_AUTO_TEST_CASE(every_icmp_error_is_a_refusal)
{
  for (const int told : {ECONNREFUSED, EHOSTUNREACH, ENETUNREACH, EHOSTDOWN, ENOPROTOOPT, EACCES,
                         EOPNOTSUPP, EMSGSIZE}) {
    request& r = send();
    wrote(error_code{told, boost::system::system_category()});
    BOOST_TEST((r.where == phase::staged));
    wrote();
    BOOST_TEST(is(r, {}));
  }
  BOOST_TEST(books().datagrams_refused == 8U);
}

BOOST_AUTO_TEST_CASE(refusals_without_end_lose_the_socket)
{
  request& r = send();
  int refusals = 0;
  for (; writing; ++refusals) {
    wrote(boost::asio::error::connection_refused);
  }
  BOOST_TEST(refusals > 1);
  BOOST_TEST(refusals < 20);
  BOOST_TEST(is(r, errc::not_written));
  BOOST_TEST(closing);
}

BOOST_AUTO_TEST_CASE(datagram_the_path_does_not_take_is_too_large_and_the_next_goes)
{
  request& large = send();
  request& next = send();
  wrote(boost::asio::error::message_size);
  BOOST_TEST((large.where == phase::staged)); // it may have been of an earlier one
  wrote(boost::asio::error::message_size);
  BOOST_TEST(is(large, errc::message_too_large));
  wrote();
  BOOST_TEST(is(next, {}));
  BOOST_TEST(!closing);
}

BOOST_AUTO_TEST_CASE(other_errors_lose_the_socket_and_what_is_queued_goes_on_a_new_one)
{
  request& lost = send();
  request& queued = send();
  wrote(boost::asio::error::no_buffer_space);
  BOOST_TEST(is(lost, errc::not_written));
  BOOST_TEST(lost.answer.text().find("write: ") == 0U);
  BOOST_TEST((queued.where == phase::queued));
  closed();
  connected();
  wrote();
  BOOST_TEST(is(queued, {}));
  BOOST_TEST(books().connections_lost == 1U);
  BOOST_TEST(books().connections_opened == 2U);
}

BOOST_AUTO_TEST_CASE(message_given_up_in_a_write_is_unknown_and_in_the_queue_not_sent)
{
  request& written = send();
  request& queued = send();
  session.give_up(queued);
  session.give_up(written);
  run();
  BOOST_TEST(is(queued, errc::cancelled));
  BOOST_TEST(is(written, errc::abandoned));
  wrote();
  BOOST_TEST(books().messages.sent == 0U);
  BOOST_TEST(is(send("next"), error_code{}) == false);
  wrote();
  BOOST_TEST(books().messages.sent == 1U);
}

BOOST_AUTO_TEST_CASE(refused_and_given_up_is_not_tried_again)
{
  request& r = send();
  session.give_up(r);
  run();
  wrote(boost::asio::error::connection_refused);
  BOOST_TEST(!writing);
}

BOOST_AUTO_TEST_CASE(drain_ends_when_the_last_datagram_is_through)
{
  request& r = send();
  session.drain(now + 1s, now);
  run();
  BOOST_TEST(!disconnected);
  wrote();
  BOOST_TEST(is(r, {}));
  closed();
  BOOST_REQUIRE(disconnected);
  BOOST_TEST(*disconnected == error_code{});
  BOOST_TEST(is(send(), errc::disconnected));
}

BOOST_AUTO_TEST_CASE(cancel_ends_everything)
{
  request& written = send();
  request& queued = send();
  session.cancel();
  run();
  BOOST_TEST(is(queued, errc::cancelled));
  BOOST_TEST(is(written, errc::abandoned));
  wrote(boost::asio::error::operation_aborted);
  closed();
  BOOST_TEST(!connecting);
}

BOOST_AUTO_TEST_CASE(deadlines_end_what_is_queued_and_what_is_written)
{
  request& written = send(message{}, now + 10ms);
  request& queued = send(message{}, now + 10ms);
  pass(10ms);
  BOOST_TEST(is(written, errc::deadline_exceeded));
  BOOST_TEST(is(queued, errc::expired));
}

BOOST_AUTO_TEST_CASE(write_that_stands_still_times_out)
{
  request& r = send();
  pass(std::chrono::seconds{10});
  BOOST_TEST(is(r, errc::write_timeout));
  BOOST_TEST(closing);
}

BOOST_AUTO_TEST_CASE(requests_are_all_handed_back_for_a_context_that_goes)
{
  send();
  send();
  auto all = session.release_all();
  BOOST_TEST(all.size() == 2U);
  all.clear();
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_CASE(core_datagram_message_over_the_limit_is_refused)
{
  datagrams d{session_options{.max_message_size = 10}};
  BOOST_TEST(is(d.send(message{{.description = "longer than that"}}), errc::message_too_large));
  d.connecting = true;
}

} // namespace riemann::test

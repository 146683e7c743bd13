// When events go, together with which others, and how they end.
#include "batch_desk.hpp"

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

namespace riemann::test {

namespace {

/// Three events a batch, 100 bytes, two batches at once, 10 ms.
struct small : batch_desk {
  small()
      : batch_desk{telling({.max_events = 3,
                            .max_bytes = 100,
                            .linger = 10ms,
                            .max_outstanding = 2,
                            .max_age = 1s})}
  {}
};

batch_options queue_of_three(overload_policy policy)
{
  return telling({.max_events = 3,
                  .max_bytes = 100,
                  .max_queued_events = 3,
                  .max_queued_bytes = 100,
                  .when_full = policy});
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(core_batcher, small)

BOOST_AUTO_TEST_CASE(event_when_nothing_is_outstanding_then_goes_at_once)
{
  batch_waiter& r = send("a");
  look();
  BOOST_REQUIRE_EQUAL(sent.size(), 1U);
  BOOST_TEST(services(0) == names{"a"});
  BOOST_TEST((sent[0].body().size() == event_named("a").body().size()));
  BOOST_TEST(sent[0].event_count() == 1U);
  BOOST_TEST(events().in_flight == 1U);
  end();
  BOOST_TEST(is(r, {}));
  BOOST_TEST(events().acked == 1U);
  BOOST_TEST((core.next_deadline() == never));
  BOOST_TEST(core.idle());
}

BOOST_AUTO_TEST_CASE(events_when_an_answer_is_outstanding_then_are_gathered_until_it_comes)
{
  post("a");
  look();
  post("b");
  post("c");
  look();
  BOOST_TEST(sent.size() == 1U);
  end();
  BOOST_REQUIRE_EQUAL(sent.size(), 2U);
  BOOST_TEST(services(1) == (names{"b", "c"}));
}

BOOST_AUTO_TEST_CASE(events_when_they_have_lingered_then_go_beside_what_is_outstanding)
{
  post("a");
  look();
  post("b");
  look();
  BOOST_TEST((core.next_deadline() == now + 10ms));
  pass(4ms);
  post("c");
  pass(5'999us);
  BOOST_TEST(sent.size() == 1U);
  pass(1us);
  BOOST_REQUIRE_EQUAL(sent.size(), 2U);
  BOOST_TEST(services(1) == (names{"b", "c"}));
}

BOOST_AUTO_TEST_CASE(batch_when_full_then_goes_unless_as_many_are_outstanding_as_may_be)
{
  post("a");
  look();
  for (const char* service : {"b", "c", "d", "e", "f", "g", "h"}) {
    post(service);
  }
  look();
  BOOST_REQUIRE_EQUAL(sent.size(), 2U);
  BOOST_TEST(services(1) == (names{"b", "c", "d"}));
  // Full or lingering: neither helps.
  pass(20ms);
  BOOST_TEST(sent.size() == 2U);
  BOOST_TEST((core.next_deadline() == now + 980ms));
  end();
  BOOST_REQUIRE_EQUAL(sent.size(), 3U);
  BOOST_TEST(services(2) == (names{"e", "f", "g"}));
}

BOOST_AUTO_TEST_CASE(batch_when_the_next_event_would_make_it_too_long_then_goes_without)
{
  post("a");
  look();
  post(event_of_size(60));
  post(event_of_size(40));
  post(event_of_size(10));
  look();
  BOOST_REQUIRE_EQUAL(sent.size(), 2U);
  BOOST_TEST(sent[1].size() == 100U);
}

BOOST_AUTO_TEST_CASE(event_when_longer_than_a_batch_may_be_then_goes_alone)
{
  post("a");
  look();
  post("b");
  post(event_of_size(101));
  post("c");
  core::batch_flush f;
  core.flush(f);
  end();
  end();
  end();
  end();
  BOOST_REQUIRE_EQUAL(sent.size(), 4U);
  BOOST_TEST(services(1) == names{"b"});
  BOOST_TEST(sent[2].size() == 101U);
  BOOST_TEST(services(3) == names{"c"});
  BOOST_TEST(flushed.size() == 1U);
}

BOOST_AUTO_TEST_CASE(look_when_a_batch_begins_or_is_full_then_asked_for)
{
  const auto asked = [&](const char* service) {
    return core.add(event_named(service).body(), nullptr).must_look;
  };
  BOOST_TEST(asked("a"));
  BOOST_TEST(!asked("b"));
  BOOST_TEST(asked("c"));
  BOOST_TEST(asked("d"));
}

BOOST_AUTO_TEST_CASE(waiter_when_its_batch_fails_then_is_told_and_posts_beside_it_are_lost)
{
  core::batch_flush f;
  post("a");
  batch_waiter& r = send("b");
  post("c");
  core.flush(f);
  look();
  end(errc::rejected, response::failure("no room"));
  BOOST_TEST(is(r, errc::rejected));
  BOOST_TEST(r.answer.text() == "no room");
  BOOST_REQUIRE_EQUAL(losses.size(), 1U);
  BOOST_TEST(losses[0].events == 2U);
  BOOST_TEST((losses[0].error == errc::rejected));
  BOOST_TEST(losses[0].reason == "no room");
  BOOST_TEST(events().rejected == 3U);
  BOOST_TEST(cause(errc::rejected) == 3U);
  BOOST_TEST(core.books().lost == 2U);
  BOOST_REQUIRE_EQUAL(flushed.size(), 1U);
  BOOST_TEST((f.error == errc::rejected));
}

BOOST_AUTO_TEST_CASE(success_when_it_is_no_acknowledgement_then_counts_as_sent)
{
  post("a");
  look();
  end({}, {}, true);
  BOOST_TEST(events().sent == 1U);
  BOOST_TEST(events().balanced());
}

BOOST_AUTO_TEST_CASE(losses_when_not_taken_then_add_up_by_error)
{
  for (const auto error : {errc::connection_lost, errc::expired, errc::connection_lost}) {
    post("a");
    core.on_end(*core.next(now), error, {}, false);
  }
  collect();
  BOOST_REQUIRE_EQUAL(losses.size(), 2U);
  BOOST_TEST(losses[0].events == 2U);
  BOOST_TEST(losses[1].events == 1U);
  BOOST_TEST(losses[1].reason == make_error_code(errc::expired).message());
}

// --- cancellation

BOOST_AUTO_TEST_CASE(waiter_when_cancelled_while_gathered_then_its_event_is_taken_out)
{
  post("a");
  look();
  post("b");
  batch_waiter& r = send("c");
  batch_waiter& other = send("d");
  core.cancel(r, true);
  collect();
  BOOST_TEST(is(r, errc::cancelled));
  BOOST_TEST(events().not_sent == 1U);
  end();
  BOOST_REQUIRE_EQUAL(sent.size(), 2U);
  BOOST_TEST(services(1) == (names{"b", "d"}));
  end();
  BOOST_TEST(is(other, {}));
  BOOST_TEST(losses.empty());
}

BOOST_AUTO_TEST_CASE(waiter_when_cancelled_and_alone_in_its_batch_then_that_is_gone)
{
  core::batch_flush f;
  batch_waiter& r = send("a");
  core.flush(f);
  core.cancel(r, false);
  look();
  BOOST_TEST(sent.empty());
  BOOST_TEST(core.idle());
  BOOST_REQUIRE_EQUAL(flushed.size(), 1U);
  BOOST_TEST(!f.error);
}

BOOST_AUTO_TEST_CASE(waiter_when_cancelled_after_handing_over_then_is_abandoned_unless_only_queued)
{
  batch_waiter& r = send("a");
  batch_waiter& other = send("b");
  look();
  core.cancel(r, true);
  BOOST_TEST(!r.ended());
  core.cancel(r, false);
  collect();
  BOOST_TEST(is(r, errc::abandoned));
  BOOST_TEST(events().unknown == 1U);
  BOOST_TEST(events().in_flight == 1U);
  end();
  BOOST_TEST(is(other, {}));
  BOOST_TEST(events().acked == 1U);
  BOOST_TEST(losses.empty());
  core.cancel(r, false); // too late
  BOOST_TEST(events().balanced());
}

// --- too long

BOOST_AUTO_TEST_CASE(batch_when_too_long_for_the_transport_then_goes_again_in_halves_and_learns)
{
  post("a");
  look();
  post(event_of_size(30));
  batch_waiter& r = send(event_of_size(30));
  post(event_of_size(30));
  look();
  end();
  end(errc::message_too_large);
  // 90 bytes were too many: the halves, and from now on 45 at most.
  BOOST_REQUIRE_EQUAL(sent.size(), 4U);
  BOOST_TEST(sent[2].event_count() == 2U);
  BOOST_TEST(sent[3].event_count() == 1U);
  BOOST_TEST(!r.ended());
  end(errc::message_too_large);
  end();
  BOOST_REQUIRE_EQUAL(sent.size(), 6U);
  BOOST_TEST(sent[4].event_count() == 1U);
  end();
  end();
  BOOST_TEST(is(r, {}));
  BOOST_TEST(core.books().splits == 2U);
  BOOST_TEST(core.books().batches == 6U);
  BOOST_TEST(events().acked == 4U);
  BOOST_TEST(losses.empty());
  post(event_of_size(20));
  post(event_of_size(20));
  look();
  BOOST_TEST(sent.back().event_count() == 1U); // 30 were the longest that went
}

/// Messages and batches share their bytes.
BOOST_AUTO_TEST_CASE(message_when_its_batch_goes_again_or_is_used_anew_then_stays_as_it_was)
{
  post("a");
  look();
  batch_waiter& given_up = send("b");
  post("c");
  post("d");
  look();
  const auto bytes_of = [](const message& m) {
    return std::vector<std::byte>{m.frame().begin(), m.frame().end()};
  };
  const auto first = bytes_of(sent[0]);
  const auto second = bytes_of(sent[1]);
  core.cancel(given_up, false);
  end();
  end(errc::message_too_large);
  BOOST_REQUIRE_EQUAL(sent.size(), 4U);
  BOOST_TEST(services(2) == names{"c"});
  BOOST_TEST(services(3) == names{"d"});
  end();
  end();
  post("e");
  look();
  BOOST_TEST(services(4) == names{"e"});
  BOOST_TEST((bytes_of(sent[0]) == first));
  BOOST_TEST((bytes_of(sent[1]) == second));
}

BOOST_AUTO_TEST_CASE(halves_when_others_are_gathered_then_go_before_them)
{
  post("a");
  post("b");
  look();
  post("c");
  post("d");
  post("e");
  look();
  post("f");
  end(errc::message_too_large);
  end(errc::message_too_large);
  while (!handed.empty()) {
    end();
  }
  names all;
  for (std::size_t i = 2; i != sent.size(); ++i) {
    const auto next = services(i);
    all.insert(all.end(), next.begin(), next.end());
  }
  BOOST_TEST(all == (names{"a", "b", "c", "d", "e", "f"}));
}

BOOST_AUTO_TEST_CASE(event_when_too_long_alone_then_is_refused_by_name)
{
  core::batch_flush f;
  batch_waiter& r = send("db size");
  core.flush(f);
  look();
  end(errc::message_too_large);
  BOOST_TEST(is(r, errc::message_too_large));
  BOOST_TEST(r.answer.text() ==
             "the event of service \"db size\" takes 11 bytes, more than the transport sends");
  BOOST_TEST((f.error == errc::message_too_large));
  BOOST_TEST(core.books().splits == 0U);
}

BOOST_AUTO_TEST_CASE(batch_when_too_long_then_goes_again_without_those_given_up)
{
  batch_waiter& first = send("a");
  batch_waiter& gone = send("b");
  batch_waiter& last = send("c");
  look();
  core.cancel(gone, false);
  end(errc::message_too_large);
  BOOST_REQUIRE_EQUAL(sent.size(), 3U);
  BOOST_TEST(services(1) == names{"a"});
  BOOST_TEST(services(2) == names{"c"});
  end();
  end();
  BOOST_TEST(is(first, {}));
  BOOST_TEST(is(last, {}));
  BOOST_TEST(events().acked == 2U);
  BOOST_TEST(events().balanced());
}

BOOST_AUTO_TEST_CASE(batch_when_too_long_with_one_left_of_it_then_that_goes_again_alone)
{
  batch_waiter& gone = send("a");
  batch_waiter& left = send("b");
  look();
  core.cancel(gone, false);
  end(errc::message_too_large);
  BOOST_REQUIRE_EQUAL(sent.size(), 2U);
  BOOST_TEST(services(1) == names{"b"});
  end();
  BOOST_TEST(is(left, {}));
}

// --- age, flush, close

BOOST_AUTO_TEST_CASE(events_when_gathered_for_too_long_then_expire)
{
  post("a");
  look();
  post("b");
  post("c");
  post("d");
  look();
  batch_waiter& r = send("e");
  look();
  pass(999ms);
  BOOST_TEST(!r.ended());
  pass(1ms);
  BOOST_TEST(is(r, errc::expired));
  BOOST_TEST(events().in_flight == 4U);
  BOOST_TEST(core.queued_bytes() == 0U);
}

BOOST_AUTO_TEST_CASE(flush_when_called_then_does_not_linger_and_waits_for_what_was_before)
{
  core::batch_flush none;
  core.flush(none);
  collect();
  BOOST_TEST(flushed.size() == 1U);
  core::batch_flush f;
  post("a");
  look();
  post("b");
  core.flush(f);
  look();
  BOOST_TEST(sent.size() == 2U);
  post("c");
  end();
  BOOST_TEST(flushed.size() == 1U);
  end(errc::connection_lost);
  BOOST_TEST(flushed.size() == 2U);
  BOOST_TEST((f.error == errc::connection_lost));
}

BOOST_AUTO_TEST_CASE(flush_when_forgotten_then_nobody_is_told)
{
  core::batch_flush f;
  post("a");
  core.flush(f);
  core.forget(f);
  look();
  end(errc::connection_lost);
  BOOST_TEST(flushed.empty());
  BOOST_TEST(!f.error);
}

BOOST_AUTO_TEST_CASE(flush_when_forgotten_after_its_end_and_before_it_is_taken_then_it_is_not_taken)
{
  core::batch_flush f;
  core::batch_flush other;
  post("a");
  core.flush(f);
  core.flush(other);
  look();
  core.on_end(*handed.front(), {}, {}, false);
  BOOST_TEST(core.has_news());
  core.forget(f);
  collect();
  BOOST_TEST_REQUIRE(flushed.size() == 1U);
  BOOST_TEST(flushed[0] == &other);
}

BOOST_AUTO_TEST_CASE(close_when_called_then_refuses_and_ends_the_rest_at_its_deadline)
{
  core::batch_flush f;
  batch_waiter& handed_over = send("a");
  look();
  for (int i = 0; i != 6; ++i) {
    post("b");
  }
  batch_waiter& gathered = send("c");
  core.close(now + 50ms);
  core.flush(f);
  look();
  BOOST_TEST(is(send("d"), errc::disconnected));
  BOOST_TEST(!post("d"));
  BOOST_TEST(sent.size() == 2U);
  pass(49ms);
  BOOST_TEST(flushed.empty());
  pass(1ms);
  BOOST_TEST(flushed.size() == 1U);
  BOOST_TEST(is(gathered, errc::disconnected));
  BOOST_TEST(is(handed_over, errc::drain_timeout));
  BOOST_TEST((f.error == errc::disconnected));
  BOOST_TEST(cause(errc::drain_timeout) == 4U);
  BOOST_TEST(core.books().lost == 6U);
  BOOST_TEST(events().live() == 0U);
  BOOST_TEST(events().balanced());
  // What comes of those later is nobody's business.
  end(errc::message_too_large);
  end();
  BOOST_TEST(events().balanced());
  BOOST_TEST(core.idle());
}

BOOST_AUTO_TEST_CASE(close_when_all_has_ended_then_its_deadline_is_none_any_more)
{
  post("a");
  look();
  core.close(now + 50ms);
  BOOST_TEST((core.next_deadline() == now + 50ms));
  end();
  BOOST_TEST((core.next_deadline() == never));
}

BOOST_AUTO_TEST_CASE(shut_when_called_then_ends_waiters_and_leaves_what_was_handed_over)
{
  core::batch_flush f;
  batch_waiter& handed_over = send("a");
  post("b");
  look();
  batch_waiter& gathered = send("c");
  post("d");
  core.flush(f);
  core.shut();
  collect();
  BOOST_TEST(is(handed_over, errc::abandoned));
  BOOST_TEST(is(gathered, errc::cancelled));
  BOOST_TEST(flushed.size() == 1U);
  BOOST_TEST((f.error == boost::asio::error::operation_aborted));
  BOOST_REQUIRE_EQUAL(losses.size(), 1U);
  BOOST_TEST(losses[0].events == 1U);
  BOOST_TEST((losses[0].error == errc::cancelled));
  BOOST_TEST(is(send("e"), errc::cancelled));
  end();
  BOOST_TEST(events().acked == 1U);
  BOOST_TEST(events().balanced());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(core_batcher_when_full)

BOOST_AUTO_TEST_CASE(event_when_the_policy_is_reject_then_is_refused)
{
  batch_desk desk{queue_of_three(overload_policy::reject)};
  for (const char* service : {"a", "b", "c"}) {
    BOOST_TEST(desk.post(service));
  }
  BOOST_TEST(!desk.post("d"));
  BOOST_TEST(is(desk.send("e"), errc::overloaded));
  BOOST_TEST(desk.events().not_sent == 2U);
  BOOST_TEST(desk.events().balanced());
  BOOST_TEST(desk.core.books().lost == 0U);
  desk.look();
  BOOST_TEST(desk.services(0) == (names{"a", "b", "c"}));
}

BOOST_AUTO_TEST_CASE(event_when_the_policy_is_drop_oldest_then_those_make_way)
{
  batch_desk desk{queue_of_three(overload_policy::drop_oldest)};
  batch_waiter& oldest = desk.send("a");
  for (const char* service : {"b", "c", "d", "e"}) {
    BOOST_TEST(desk.post(service));
  }
  desk.collect();
  BOOST_TEST(is(oldest, errc::dropped));
  BOOST_REQUIRE_EQUAL(desk.losses.size(), 1U);
  BOOST_TEST(desk.losses[0].events == 1U);
  BOOST_TEST((desk.losses[0].error == errc::dropped));
  desk.look();
  desk.end();
  BOOST_TEST(desk.services(0) == names{"c"});
  BOOST_TEST(desk.services(1) == (names{"d", "e"}));
  BOOST_TEST(desk.events().balanced());
}

BOOST_AUTO_TEST_CASE(event_when_the_policy_is_drop_newest_then_those_make_way)
{
  batch_desk desk{queue_of_three(overload_policy::drop_newest)};
  desk.post("a");
  desk.post("b");
  batch_waiter& newest = desk.send("c");
  desk.post("d");
  desk.post("e");
  desk.collect();
  BOOST_TEST(is(newest, errc::dropped));
  BOOST_TEST(desk.core.books().lost == 1U);
  desk.look();
  desk.end();
  BOOST_TEST(desk.services(0) == (names{"a", "b"}));
  BOOST_TEST(desk.services(1) == names{"e"});
}

BOOST_AUTO_TEST_CASE(event_when_long_then_as_many_bytes_make_way_but_it_is_always_taken)
{
  batch_desk desk{queue_of_three(overload_policy::drop_oldest)};
  desk.post(batch_desk::event_of_size(40));
  desk.post(batch_desk::event_of_size(40));
  BOOST_TEST(desk.post(batch_desk::event_of_size(61)));
  BOOST_TEST(desk.events().queued == 1U);
  BOOST_TEST(desk.post(batch_desk::event_of_size(120)));
  BOOST_TEST(desk.events().queued == 1U);
  BOOST_TEST(desk.core.queued_bytes() == 120U);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test

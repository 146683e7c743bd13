// What a session does about a server it cannot reach, and about several of them.
#include "rig.hpp"

#include <riemann/tls_error.hpp>

#include <memory>

namespace riemann::test {

namespace {

/// A second between tries at most, and any number of them.
session_options patient()
{
  return {.min_backoff = 1s, .max_backoff = 1s, .ping_interval = 0ms};
}

/// What answers here is no Riemann.
bytes http()
{
  return to_bytes("HTTP/1.1 400 Bad Request\r\n\r\n");
}

/// How long it waits until its next try.
auto backoff_of(rig& r)
{
  const auto before = r.now;
  r.wait_for_backoff();
  return r.now - before;
}

} // namespace

BOOST_AUTO_TEST_SUITE(reconnect_test)

BOOST_AUTO_TEST_CASE(backoff_when_tries_fail_then_its_ceiling_doubles_up_to_the_most)
{
  core::backoff b{1ms, 6ms, 7};
  for (const auto ceiling : {1ms, 2ms, 4ms, 6ms, 6ms}) {
    BOOST_TEST((b.next() <= ceiling));
  }
  b.reset();
  BOOST_TEST((b.next() <= 1ms));
}

BOOST_AUTO_TEST_CASE(backoff_when_drawn_often_then_it_takes_all_of_its_range)
{
  core::backoff b{1000us, 1000us, 7};
  auto least = 1000us;
  auto most = 0us;
  for (int i = 0; i != 1'000; ++i) {
    const auto d = b.next();
    least = std::min(least, d);
    most = std::max(most, d);
  }
  BOOST_TEST((least < 50us && most > 950us));
}

BOOST_AUTO_TEST_CASE(
    queued_when_too_old_after_a_loss_then_the_text_says_why_there_was_no_connection)
{
  rig r{patient(), {}};
  r.open_up();
  r.send();
  r.wrote();
  r.eof();
  r.closed();
  request& a = r.send(named("a"), r.now + 1us);
  r.pass(2us);
  BOOST_TEST(is(a, errc::expired));
  BOOST_TEST(a.answer.text() == "the server closed the connection");
}

BOOST_AUTO_TEST_CASE(queued_when_no_server_is_there_then_they_wait_for_one)
{
  rig r{patient(), {}};
  request& a = r.send();
  for (int i = 0; i != 5; ++i) {
    r.refused();
    BOOST_TEST(!r.connecting);
    BOOST_TEST((r.told.back().state == connection_state::backing_off));
    r.wait_for_backoff();
    BOOST_TEST(r.connecting);
  }
  BOOST_TEST(r.told.back().failures == 5U);
  r.connected();
  r.wrote();
  r.receive(ack());
  BOOST_TEST(is(a, {}));
  BOOST_TEST(r.books().connects_failed == 5U);
}

BOOST_AUTO_TEST_CASE(queued_when_too_old_then_told_why_there_was_no_connection)
{
  auto options = patient();
  options.max_queue_age = 100ms;
  rig r{options, {}};
  request& a = r.send();
  r.refused();
  r.pass(100ms);
  BOOST_TEST(is(a, errc::expired));
  BOOST_TEST(a.answer.text() == "refused");
  // And nobody wants a connection any more.
  r.pass(2s);
  BOOST_TEST((!r.connecting || r.closing));
}

BOOST_AUTO_TEST_CASE(tries_when_as_many_as_may_have_failed_then_the_queued_are_not_sent)
{
  auto options = patient();
  options.max_connect_tries = 2;
  rig r{options, {}};
  request& a = r.send();
  r.refused();
  BOOST_TEST((a.where == phase::queued));
  r.wait_for_backoff();
  r.refused();
  BOOST_TEST(is(a, errc::connect_failed));
  BOOST_TEST(a.answer.text() == "refused");
  // The next message begins anew, and at once.
  request& b = r.send();
  BOOST_TEST(r.connecting);
  r.refused();
  BOOST_TEST((b.where == phase::queued));
}

BOOST_AUTO_TEST_CASE(connect_when_the_first_round_fails_then_told_and_the_queued_go_on)
{
  rig r{patient(), {}};
  request& a = r.send();
  r.connect();
  r.refused();
  BOOST_TEST(r.connects.size() == 1U);
  BOOST_TEST((a.where == phase::queued));
  // One that comes now waits for the next round.
  r.connect();
  BOOST_TEST(!r.connecting);
  r.wait_for_backoff();
  r.connected();
  BOOST_TEST((r.connects.back() == error_code{}));
}

BOOST_AUTO_TEST_CASE(connect_when_it_alone_failed_then_nothing_is_tried_until_somebody_asks)
{
  rig r{patient(), {}};
  r.connect();
  r.refused();
  BOOST_TEST((r.session.next_deadline() == never));
  r.send();
  BOOST_TEST(!r.connecting);
  r.wait_for_backoff();
  BOOST_TEST(r.connecting);
}

BOOST_AUTO_TEST_CASE(attempt_when_it_takes_too_long_then_stopped_and_tried_again)
{
  auto options = patient();
  options.connect_timeout = 100ms;
  rig r{options, {}};
  request& a = r.send();
  r.pass(100ms);
  BOOST_TEST((r.closing && a.where == phase::queued));
  r.closed();
  r.wait_for_backoff();
  BOOST_TEST(r.connecting);
}

BOOST_AUTO_TEST_CASE(loss_when_the_server_was_well_then_the_first_backoff_is_short)
{
  auto options = patient();
  options.min_backoff = 10ms;
  options.max_backoff = 1h;
  rig r{options, {}};
  for (int i = 0; i != 10; ++i) {
    r.send();
    r.wait_for_backoff();
    r.connected();
    r.wrote();
    r.receive(ack());
    r.eof();
    r.send();
    r.closed();
    BOOST_TEST((backoff_of(r) <= 10ms));
    r.connected();
    r.wrote();
    r.receive(ack());
    r.eof();
    r.closed();
  }
}

BOOST_AUTO_TEST_CASE(loss_when_the_server_accepts_and_says_nothing_then_the_backoff_grows)
{
  auto options = patient();
  options.min_backoff = 10ms;
  options.max_backoff = 1h;
  rig r{options, {}};
  std::chrono::steady_clock::duration longest{};
  for (int i = 0; i != 4; ++i) {
    r.send();
    r.wait_for_backoff();
    r.connected();
    r.wrote();
    r.eof();
    r.send();
    r.closed();
    longest = std::max(longest, backoff_of(r));
    r.connected();
    r.wrote();
    r.eof();
    r.closed();
  }
  BOOST_TEST((longest > 10ms));
}

BOOST_AUTO_TEST_CASE(loss_when_the_server_answers_nonsense_then_the_backoff_grows)
{
  auto options = patient();
  options.min_backoff = 10ms;
  options.max_backoff = 1h;
  rig r{options, {}};
  std::chrono::steady_clock::duration longest{};
  for (int i = 0; i != 8; ++i) {
    request& a = r.send();
    r.connected();
    r.wrote();
    r.receive(http());
    BOOST_TEST(is(a, errc::answer_too_large));
    r.send();
    r.closed();
    longest = std::max(longest, backoff_of(r));
  }
  BOOST_TEST((longest > 10ms));
}

BOOST_AUTO_TEST_CASE(nonsense_when_tries_have_failed_then_they_still_count)
{
  auto options = patient();
  options.max_connect_tries = 2;
  rig r{options, {}};
  r.send();
  r.refused();
  r.wait_for_backoff();
  r.connected();
  r.wrote();
  r.receive(http());
  request& a = r.send();
  r.closed();
  r.wait_for_backoff();
  r.refused();
  BOOST_TEST(is(a, errc::connect_failed));
}

BOOST_AUTO_TEST_CASE(connection_when_lost_and_to_stay_then_opened_again_with_nothing_to_send)
{
  auto options = patient();
  options.stay_connected = true;
  rig r{options, {}};
  r.connect();
  r.connected();
  r.eof();
  r.closed();
  r.wait_for_backoff();
  BOOST_TEST(r.connecting);
  r.refused();
  r.wait_for_backoff();
  r.connected();
  r.cancel();
  r.closed();
  BOOST_TEST((!r.connecting && r.session.next_deadline() == never));
}

BOOST_AUTO_TEST_CASE(drain_when_no_server_is_there_then_it_tries_until_its_deadline)
{
  rig r{patient(), {}};
  request& a = r.send();
  r.refused();
  r.drain(10s);
  BOOST_TEST(r.disconnects.empty());
  for (int i = 0; i != 3; ++i) {
    r.wait_for_backoff();
    r.refused();
  }
  BOOST_TEST(r.disconnects.empty());
  r.pass(10s);
  if (r.closing) {
    r.closed();
  }
  BOOST_TEST(is(a, errc::disconnected));
  BOOST_TEST(a.answer.text() == "refused");
  BOOST_TEST((r.disconnects == std::vector<error_code>{errc::drain_timeout}));
}

BOOST_AUTO_TEST_CASE(cancel_when_backing_off_then_everything_ends_at_once)
{
  rig r{patient(), {}};
  request& a = r.send();
  r.refused();
  r.connect();
  r.cancel();
  BOOST_TEST(is(a, errc::cancelled));
  BOOST_TEST((r.connects.back() == boost::asio::error::operation_aborted));
  BOOST_TEST((r.session.next_deadline() == never));
}

BOOST_AUTO_TEST_CASE(servers_when_one_fails_then_the_next_is_tried_at_once_and_all_before_a_pause)
{
  rig r{patient(), {.count = 3}};
  r.send();
  for (std::size_t i = 0; i != 3; ++i) {
    BOOST_TEST((r.connecting && r.server == i));
    r.refused();
  }
  BOOST_TEST(!r.connecting);
  r.wait_for_backoff();
  BOOST_TEST((r.connecting && r.server == 0));
}

BOOST_AUTO_TEST_CASE(servers_when_the_one_in_use_is_lost_then_the_first_is_tried_first)
{
  rig r{patient(), {.count = 2}};
  request& a = r.send();
  r.refused();
  r.connected();
  r.wrote();
  r.receive(ack());
  BOOST_TEST(is(a, {}));
  r.eof();
  r.send();
  r.closed();
  r.wait_for_backoff();
  BOOST_TEST(r.server == 0U);
}

BOOST_AUTO_TEST_CASE(servers_when_a_round_is_given_up_then_the_next_begins_with_the_first)
{
  const auto begins_with_the_first = [](rig& r) {
    r.closed();
    r.connect();
    BOOST_TEST((r.connecting && r.server == 0));
  };
  const auto make = [] {
    auto made = std::make_unique<rig>(patient(), core::destinations{.count = 2});
    made->connect();
    made->refused();
    BOOST_TEST((made->connecting && made->server == 1));
    return made;
  };
  const auto unwanted = make();
  unwanted->connect_unwanted();
  begins_with_the_first(*unwanted);
  for (const bool connected : {false, true}) {
    const auto drained = make();
    const auto cancelled = make();
    if (connected) {
      drained->connected();
      cancelled->connected();
    }
    drained->drain();
    begins_with_the_first(*drained);
    cancelled->cancel();
    begins_with_the_first(*cancelled);
  }
  // Too old to wait for the second.
  auto hurried = patient();
  hurried.max_queue_age = 1s;
  rig r{hurried, {.count = 2}};
  r.send();
  r.refused();
  r.pass(1s);
  r.closed();
  r.send();
  BOOST_TEST((r.connecting && r.server == 0));
}

BOOST_AUTO_TEST_CASE(servers_when_one_answers_nonsense_then_the_next_is_tried_at_once)
{
  for (const bytes& nonsense : {http(), malformed(), found("x"), header(2)}) {
    rig r{patient(), {.count = 2}};
    request& a = r.send();
    r.connected();
    r.wrote();
    r.receive(nonsense, boost::asio::error::eof);
    BOOST_TEST((outcome_of(a.error) == outcome::unknown));
    request& b = r.send();
    r.closed();
    BOOST_TEST((r.connecting && r.server == 1));
    r.connected();
    r.wrote();
    r.receive(ack());
    BOOST_TEST(is(b, {}));
  }
}

BOOST_AUTO_TEST_CASE(servers_when_one_rejects_then_it_is_well_nevertheless)
{
  rig r{patient(), {.count = 2}};
  request& a = r.send();
  r.connected();
  r.wrote();
  r.receive(rejection("no"));
  BOOST_TEST(is(a, errc::rejected));
  r.receive(http());
  r.send();
  r.closed();
  BOOST_TEST(!r.connecting);
  r.wait_for_backoff();
  BOOST_TEST((r.connecting && r.server == 0));
}

BOOST_AUTO_TEST_CASE(preferred_when_it_accepts_again_then_gone_back_to_once_all_is_answered)
{
  rig r{patient(), {.count = 2}};
  request& a = r.send();
  r.refused();
  r.connected();
  BOOST_TEST(r.server == 1U);
  r.wrote();
  r.receive(ack());
  r.pass(60s - 1us);
  BOOST_TEST(!r.probing);
  request& b = r.send();
  r.wrote();
  r.pass(1us);
  BOOST_TEST((r.probing && r.probed == 0));
  r.probe_ends(true);
  // Nothing more is written here, and nothing in flight is lost.
  request& c = r.send();
  BOOST_TEST((!r.writing && c.where == phase::queued && !r.closing));
  r.receive(ack());
  BOOST_TEST((is(a, {}) && is(b, {}) && r.closing && r.clean));
  r.closed();
  BOOST_TEST((r.connecting && r.server == 0));
  r.connected();
  // That it accepts is not all: an empty message goes first.
  r.wrote();
  BOOST_TEST(r.books().pings == 1U);
  BOOST_TEST((c.where == phase::queued));
  r.receive(ack());
  r.wrote();
  r.receive(ack());
  BOOST_TEST(is(c, {}));
  BOOST_TEST(r.books().connections_lost == 0U);
}

BOOST_AUTO_TEST_CASE(preferred_when_it_accepts_and_answers_nothing_then_no_message_is_lost_to_it)
{
  auto options = patient();
  options.answer_timeout = 10s;
  rig r{options, {.count = 2}};
  request& a = r.send();
  r.refused();
  r.connected();
  r.wrote();
  r.receive(ack());
  r.pass(60s);
  r.probe_ends(true);
  request& b = r.send();
  r.closed();
  BOOST_TEST(r.server == 0U);
  r.connected();
  r.wrote();
  r.pass(10s);
  BOOST_TEST((r.closing && b.where == phase::queued));
  r.closed();
  r.wait_for_backoff();
  BOOST_TEST((r.connecting && r.server == 1));
  r.connected();
  r.wrote();
  r.receive(ack());
  r.wrote();
  r.receive(ack());
  BOOST_TEST((is(a, {}) && is(b, {})));
}

BOOST_AUTO_TEST_CASE(preferred_when_it_does_not_accept_then_asked_again_later)
{
  auto options = patient();
  options.connect_timeout = 1s;
  rig r{options, {.count = 2}};
  r.send();
  r.refused();
  r.connected();
  r.wrote();
  r.receive(ack());
  r.pass(60s);
  r.probe_ends(false);
  BOOST_TEST(!r.closing);
  r.pass(60s);
  BOOST_TEST(r.probing);
  // This one hangs.
  r.pass(1s);
  BOOST_TEST((!r.probing && !r.closing));
  r.pass(60s);
  BOOST_TEST(r.probing);
  r.eof();
  BOOST_TEST(!r.probing);
}

BOOST_AUTO_TEST_CASE(observer_is_told_of_every_change_with_its_reason)
{
  rig r{patient(), {.count = 2}};
  r.send();
  r.refused();
  r.connected();
  r.wrote();
  r.receive(ack());
  r.eof();
  r.closed();
  std::vector<connection_state> states;
  for (const auto& t : r.told) {
    states.push_back(t.state);
  }
  using enum connection_state;
  BOOST_TEST((states == std::vector{connecting, failed, connecting, open, lost}));
  BOOST_TEST(r.told[1].reason == "refused");
  BOOST_TEST((r.told[1].error == boost::asio::error::connection_refused));
  BOOST_TEST((r.told[1].server == 0U && r.told[3].server == 1U));
  BOOST_TEST(r.told[4].reason == "the server closed the connection");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(ping_test)

namespace {

session_options curious()
{
  return {.ping_interval = 10s, .answer_timeout = 1s};
}

} // namespace

BOOST_AUTO_TEST_CASE(silence_when_it_lasts_then_an_empty_message_asks)
{
  rig r{curious(), {}};
  r.open_up();
  r.pass(10s - 1us);
  BOOST_TEST(!r.writing);
  r.pass(1us);
  BOOST_TEST((r.writing && r.writing->size() == 4));
  r.wrote();
  r.receive(ack());
  BOOST_TEST(r.books().pings == 1U);
  BOOST_TEST((r.books().messages.submitted == 0U && r.books().tombstones == 0U));
  BOOST_TEST(r.books().round_trips.count() == 0U);
  r.pass(10s);
  BOOST_TEST(r.writing.has_value());
}

BOOST_AUTO_TEST_CASE(ping_when_it_is_not_answered_then_the_connection_is_lost)
{
  rig r{curious(), {}};
  r.open_up();
  r.pass(10s);
  r.wrote();
  r.pass(1s);
  BOOST_TEST(r.closing);
  BOOST_TEST((r.books().last_failure == errc::answer_timeout));
}

BOOST_AUTO_TEST_CASE(ping_when_messages_follow_it_then_each_has_its_own_answer)
{
  rig r{curious(), {}};
  r.open_up();
  r.pass(10s);
  request& a = r.send();
  request& q = r.query();
  r.wrote();
  r.wrote();
  r.receive(ack());
  BOOST_TEST((a.where != phase::ended));
  r.receive(ack());
  BOOST_TEST(is(a, {}));
  r.receive(found("x"));
  BOOST_TEST(is(q, {}));
}

BOOST_AUTO_TEST_CASE(silence_when_an_answer_is_owed_then_nothing_is_asked)
{
  rig r{{.ping_interval = 1s, .answer_timeout = 1h}, {}};
  r.open_up();
  r.query();
  r.wrote();
  r.pass(10s);
  BOOST_TEST(!r.writing);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test

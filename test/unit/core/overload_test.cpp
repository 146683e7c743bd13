// What becomes of messages when as much is queued as may be.
#include "core/intake.hpp"
#include "rig.hpp"

namespace riemann::test {

namespace {

session_options two(overload_policy when_full)
{
  return {.ping_interval = 0ms, .max_queued = 2, .when_full = when_full, .max_waiting = 2};
}

} // namespace

BOOST_AUTO_TEST_SUITE(overload_test)

BOOST_AUTO_TEST_CASE(waiting_when_room_comes_then_queued_in_order)
{
  auto options = two(overload_policy::wait);
  options.max_in_flight = 1;
  rig r{options, {}};
  r.open_up();
  request& a = r.send();
  std::vector<request*> rest;
  for (int i = 0; i != 4; ++i) {
    rest.push_back(&r.send());
  }
  BOOST_TEST(r.books().messages.queued == 2U);
  BOOST_TEST(r.books().messages.waiting == 2U);
  BOOST_TEST((rest[2]->where == phase::waiting));
  r.wrote();
  r.receive(ack());
  BOOST_TEST(is(a, {}));
  BOOST_TEST((rest[2]->where == phase::queued && rest[3]->where == phase::waiting));
  for (request* const x : rest) {
    r.wrote();
    r.receive(ack());
    BOOST_TEST(is(*x, {}));
  }
}

BOOST_AUTO_TEST_CASE(waiting_when_given_up_or_overdue_then_not_sent)
{
  rig r{two(overload_policy::wait), {}};
  r.send();
  r.send();
  request& a = r.send();
  request& b = r.send(named("b"), r.now + 10ms);
  r.give_up(a);
  BOOST_TEST(is(a, errc::cancelled));
  r.pass(10ms);
  BOOST_TEST(is(b, errc::expired));
  BOOST_TEST(r.books().messages.queued == 2U);
}

BOOST_AUTO_TEST_CASE(waiting_when_bytes_are_what_is_full_then_the_first_waits_for_them)
{
  auto options = two(overload_policy::wait);
  options.max_queued = 100;
  options.max_queued_bytes = 50;
  rig r{options, {}};
  request& a = r.send(named(std::string(100, 'x'))); // one may always
  BOOST_TEST((a.where == phase::queued));
  request& b = r.send();
  BOOST_TEST((b.where == phase::waiting));
  r.give_up(a);
  BOOST_TEST((b.where == phase::queued));
}

BOOST_AUTO_TEST_CASE(everything_when_cancelled_then_the_waiting_too)
{
  rig r{two(overload_policy::wait), {}};
  for (int i = 0; i != 4; ++i) {
    r.send();
  }
  r.cancel();
  BOOST_TEST(r.books().messages.not_sent == 4U);
  BOOST_TEST(r.books().causes[errc::cancelled] == 4U);
}

BOOST_AUTO_TEST_CASE(dropped_when_the_oldest_is_to_go_then_it_is_the_first_of_the_queue)
{
  rig r{two(overload_policy::drop_oldest), {}};
  request& a = r.send();
  request& b = r.send();
  BOOST_TEST(r.session.drop_one());
  r.run();
  BOOST_TEST((is(a, errc::dropped) && b.where == phase::queued));
  BOOST_TEST(r.books().causes[errc::dropped] == 1U);
}

BOOST_AUTO_TEST_CASE(dropped_when_the_newest_is_to_go_then_it_is_the_last_of_the_queue)
{
  rig r{two(overload_policy::drop_newest), {}};
  request& a = r.send();
  request& b = r.send();
  BOOST_TEST(r.session.drop_one());
  r.run();
  BOOST_TEST((is(b, errc::dropped) && a.where == phase::queued));
  BOOST_TEST(r.session.drop_one());
  BOOST_TEST(!r.session.drop_one());
  r.run();
}

BOOST_AUTO_TEST_CASE(intake_when_others_are_to_make_way_then_those_not_taken_yet_can)
{
  for (const auto policy : {overload_policy::drop_oldest, overload_policy::drop_newest}) {
    core::intake in{two(policy)};
    std::deque<request> all;
    for (int i = 0; i != 3; ++i) {
      all.emplace_back(named("s"));
    }
    BOOST_TEST((in.admit(all[0]) && in.admit(all[1]) && !in.admit(all[2])));
    const request* const gone = in.drop_one();
    BOOST_TEST((gone == &all[policy == overload_policy::drop_oldest ? 0 : 1]));
    BOOST_TEST((gone->error == errc::dropped));
    BOOST_TEST(in.admit(all[2]));
    const auto books = in.snapshot();
    BOOST_TEST((books.messages.balanced() && books.messages.submitted == 3U));
    BOOST_TEST(books.messages.not_sent == 1U);
    BOOST_TEST(books.causes[errc::dropped] == 1U);
    static_cast<void>(in.take());
  }
}

BOOST_AUTO_TEST_CASE(intake_when_the_policy_is_to_wait_then_it_takes_as_many_as_may_wait)
{
  core::intake in{two(overload_policy::wait)};
  std::deque<request> all;
  for (int i = 0; i != 5; ++i) {
    all.emplace_back(named("s"));
  }
  for (int i = 0; i != 4; ++i) {
    BOOST_TEST(in.admit(all[static_cast<std::size_t>(i)]));
  }
  BOOST_TEST(!in.admit(all[4]));
  in.refuse(all[4]);
  const auto books = in.snapshot();
  BOOST_TEST((books.messages.balanced() && books.messages.waiting == 4U));
  BOOST_TEST(books.causes[errc::overloaded] == 1U);
  static_cast<void>(in.take());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(duration_histogram_test)

BOOST_AUTO_TEST_CASE(quantile_when_asked_for_then_within_a_quarter_above)
{
  for (const std::int64_t us :
       {0, 1, 2, 3, 4, 5, 7, 8, 9, 63, 1'000, 12'345, 999'999, 60'000'000}) {
    duration_histogram h;
    h.add(std::chrono::microseconds{us});
    h.add(1h); // so that the largest does not help
    const auto q = std::chrono::duration_cast<std::chrono::microseconds>(h.quantile(0.5)).count();
    BOOST_TEST((q >= us && static_cast<double>(q) <= static_cast<double>(us) * 1.25 + 1));
  }
}

BOOST_AUTO_TEST_CASE(quantile_when_there_are_many_then_in_their_order)
{
  duration_histogram h;
  BOOST_TEST((h.quantile(0.5) == 0ms));
  for (int i = 1; i <= 1'000; ++i) {
    h.add(std::chrono::milliseconds{i});
  }
  BOOST_TEST(h.count() == 1'000U);
  BOOST_TEST((h.quantile(0) <= 2ms));
  BOOST_TEST((h.quantile(0.5) >= 500ms && h.quantile(0.5) <= 625ms));
  BOOST_TEST((h.quantile(0.99) >= 990ms));
  BOOST_TEST((h.quantile(1) == 1'000ms));
  BOOST_TEST((h.largest() == 1'000ms));
  duration_histogram twice = h;
  twice += h;
  BOOST_TEST(twice.count() == 2'000U);
  BOOST_TEST((twice.quantile(0.5) == h.quantile(0.5)));
}

BOOST_AUTO_TEST_CASE(add_when_out_of_range_then_counted_at_its_end)
{
  duration_histogram h;
  h.add(-1s);
  h.add(1'000h);
  BOOST_TEST(h.count() == 2U);
  BOOST_TEST((h.quantile(1) == 1'000h));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test

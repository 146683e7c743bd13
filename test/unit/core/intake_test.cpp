#include "core/intake.hpp"
#include "core/session.hpp"

#include <boost/test/unit_test.hpp>

#include <deque>

namespace riemann::test {

namespace {

struct desk {
  explicit desk(session_options o = {}) : options{o} {}
  ~desk()
  {
    static_cast<void>(in.take());
    session.release_all().clear();
  }
  desk(const desk&) = delete;
  desk& operator=(const desk&) = delete;

  bool admit(std::size_t events = 1)
  {
    auto& r = requests.emplace_back(message{std::vector<event>(events)});
    const bool admitted = in.admit(r);
    if (!admitted) {
      in.refuse(r);
    }
    return admitted;
  }
  void pass_on()
  {
    for (auto taken = in.take(); !taken.empty();) {
      auto& r = taken.front();
      taken.pop_front();
      session.submit(r, core::time_point{});
    }
  }
  void publish() { in.publish(session.books(), session.held_bytes()); }
  [[nodiscard]] bool balanced() const
  {
    const auto all = in.snapshot();
    return all.messages.balanced() && all.events.balanced();
  }

  session_options options;
  core::intake in{options};
  core::session session{options};
  std::deque<core::request> requests{};
};

} // namespace

BOOST_AUTO_TEST_SUITE(intake_test)

BOOST_AUTO_TEST_CASE(admitted_when_not_taken_then_counted_as_queued)
{
  desk d;
  BOOST_TEST(d.admit(3));
  BOOST_TEST(d.in.snapshot().messages.queued == 1u);
  BOOST_TEST(d.in.snapshot().events.queued == 3u);
  BOOST_TEST(d.balanced());
}

BOOST_AUTO_TEST_CASE(admitted_when_taken_and_not_published_then_still_counted_once)
{
  desk d;
  d.admit();
  d.pass_on();
  d.admit();
  BOOST_TEST(d.in.snapshot().messages.submitted == 2u);
  BOOST_TEST(d.balanced());
  d.publish();
  BOOST_TEST(d.in.snapshot().messages.submitted == 2u);
  BOOST_TEST(d.in.snapshot().messages.queued == 2u);
  BOOST_TEST(d.balanced());
}

BOOST_AUTO_TEST_CASE(
    messages_when_as_many_as_may_be_queued_then_the_next_is_refused_wherever_they_are)
{
  desk d{{.max_queued = 3}};
  BOOST_TEST(d.admit());
  d.pass_on();
  d.publish();
  BOOST_TEST(d.admit());
  d.pass_on();
  BOOST_TEST(d.admit());
  BOOST_TEST(!d.admit(2));
  BOOST_TEST(d.in.snapshot().messages.not_sent == 1u);
  BOOST_TEST(d.in.snapshot().events.not_sent == 2u);
  BOOST_TEST(d.balanced());
}

BOOST_AUTO_TEST_CASE(messages_when_their_bytes_reach_the_bound_then_the_next_is_refused)
{
  desk d{{.max_queued_bytes = 40}};
  BOOST_TEST(d.admit(10)); // 24 bytes
  BOOST_TEST(!d.admit(10));
  BOOST_TEST(d.admit(4)); // 12 more
  d.pass_on();
  d.publish();
  BOOST_TEST(!d.admit(1));
}

BOOST_AUTO_TEST_CASE(message_when_larger_than_the_bound_and_alone_then_admitted)
{
  desk d{{.max_queued_bytes = 10}};
  BOOST_TEST(d.admit(100));
  BOOST_TEST(!d.admit(1));
}

BOOST_AUTO_TEST_CASE(room_when_the_session_has_ended_messages_then_is_there_again)
{
  desk d{{.max_queued = 1}};
  d.admit();
  d.pass_on();
  d.publish();
  BOOST_TEST(!d.admit());
  d.session.cancel();
  d.session.take_ended().clear();
  d.publish();
  BOOST_TEST(d.admit());
  BOOST_TEST(d.in.snapshot().messages.not_sent == 2u);
  BOOST_TEST(d.balanced());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test

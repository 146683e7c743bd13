#include "net/inbox.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace {

using namespace riemann;
using net::command;

/// What callers hand over, and what the strand takes.
struct desk {
  explicit desk(overload_policy policy) : box{{.max_queued = 2, .when_full = policy}} {}
  desk(const desk&) = delete;
  desk& operator=(const desk&) = delete;
  ~desk()
  {
    take();
    requests.clear();
  }

  net::inbox::admission send() { return box.admit(all.emplace_back(message{{.service = "s"}})); }
  /// True: the strand is to be woken.
  bool act(command::kind what)
  {
    net::command_list one;
    one.push_back({.what = what});
    return box.hand_over(one).must_wake;
  }
  void take() { box.take(requests, commands); }
  /// How many sends come before each act.
  std::vector<std::uint64_t> places()
  {
    take();
    std::vector<std::uint64_t> found;
    for (const command& c : commands) {
      found.push_back(c.sends_before);
    }
    return found;
  }

  std::deque<core::request> all{};
  core::request_list requests{};
  net::command_list commands{};
  net::inbox box;
};

using places = std::vector<std::uint64_t>;

} // namespace

BOOST_AUTO_TEST_SUITE(net_inbox)

BOOST_AUTO_TEST_CASE(strand_when_something_comes_then_woken_once_until_it_takes)
{
  desk d{overload_policy::reject};
  BOOST_TEST(d.send().must_wake);
  BOOST_TEST(!d.send().must_wake);
  BOOST_TEST(!d.act(command::kind::cancel));
  d.take();
  BOOST_TEST(d.act(command::kind::cancel));
  d.take();
  BOOST_TEST(d.requests.size() == 2U);
  BOOST_TEST(d.commands.size() == 2U);
  // What could not be posted is woken for again.
  d.box.not_woken();
  BOOST_TEST(d.act(command::kind::cancel));
}

BOOST_AUTO_TEST_CASE(act_when_handed_over_between_sends_then_keeps_its_place)
{
  desk d{overload_policy::reject};
  d.act(command::kind::connect);
  d.send();
  d.act(command::kind::cancel);
  d.send();
  d.act(command::kind::disconnect);
  BOOST_TEST(!d.send().admitted);
  d.act(command::kind::shut);
  BOOST_TEST((d.places() == places{0, 1, 2, 2}));
}

BOOST_AUTO_TEST_CASE(act_when_the_oldest_makes_way_then_comes_one_earlier)
{
  desk d{overload_policy::drop_oldest};
  d.act(command::kind::connect);
  d.send();
  d.act(command::kind::cancel);
  d.send();
  d.act(command::kind::disconnect);
  BOOST_TEST(d.box.drop_one() == &d.all[0]);
  BOOST_TEST((d.places() == places{0, 0, 1}));
  BOOST_TEST(&d.requests.front() == &d.all[1]);
}

BOOST_AUTO_TEST_CASE(send_when_waking_failed_then_given_back_as_if_it_had_never_been)
{
  desk d{overload_policy::reject};
  d.act(command::kind::connect);
  const auto first = d.send();
  d.act(command::kind::cancel);
  BOOST_TEST(d.box.give_back(first.ticket));
  BOOST_TEST(!d.box.give_back(first.ticket));
  BOOST_TEST(d.box.snapshot().messages.submitted == 0U);
  d.send();
  BOOST_TEST(d.send().admitted);
  BOOST_TEST((d.places() == places{0, 0}));
  BOOST_TEST(d.requests.size() == 2U);
}

BOOST_AUTO_TEST_CASE(what_was_taken_meanwhile_then_is_not_given_back)
{
  desk d{overload_policy::reject};
  const auto sent = d.send();
  net::command_list one;
  one.push_back({.what = command::kind::cancel});
  const auto act = d.box.hand_over(one);
  net::command_list back;
  BOOST_TEST(d.box.give_back(act.ticket, back));
  BOOST_TEST(back.size() == 1U);
  const auto again = d.box.hand_over(back);
  d.take();
  BOOST_TEST((!d.box.give_back(sent.ticket) && !d.box.give_back(again.ticket, back)));
}

BOOST_AUTO_TEST_CASE(act_when_the_newest_makes_way_then_only_those_behind_it_come_earlier)
{
  desk d{overload_policy::drop_newest};
  d.send();
  d.act(command::kind::cancel);
  d.send();
  d.act(command::kind::disconnect);
  BOOST_TEST(d.box.drop_one() == &d.all[1]);
  d.send();
  BOOST_TEST((d.places() == places{1, 1}));
  BOOST_TEST(d.requests.size() == 2U);
}

BOOST_AUTO_TEST_CASE(act_when_others_were_taken_before_then_counts_them_too)
{
  desk d{overload_policy::drop_oldest};
  d.send();
  d.take();
  d.requests.clear();
  d.box.publish({}, 0, false);
  d.send();
  d.act(command::kind::cancel);
  BOOST_TEST(d.box.drop_one() == &d.all[1]);
  d.send();
  BOOST_TEST((d.places() == places{1}));
}

BOOST_AUTO_TEST_SUITE_END()

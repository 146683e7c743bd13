// Whatever happens, every event ends once, in order, and no bound is exceeded.
#include "../../simulation/dice.hpp"
#include "batch_desk.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <map>

namespace riemann::test {

namespace {

using simulation::dice;

batch_options random_options(dice& d)
{
  batch_options o;
  o.max_events = d.between(1, 8);
  o.max_bytes = d.between(20, 120);
  o.linger = std::chrono::microseconds{d.between(1, 5'000)};
  o.max_outstanding = d.between(1, 4);
  o.max_age = std::chrono::milliseconds{d.between(6, 30)};
  o.max_queued_events = o.max_events + d.below(20);
  o.max_queued_bytes = o.max_bytes + d.below(300);
  o.when_full = d.one_of(
      {overload_policy::reject, overload_policy::drop_oldest, overload_policy::drop_newest});
  return telling(o);
}

/// One run: events named by numbers, each in one way of ending at most.
class random_play {
public:
  explicit random_play(std::uint64_t seed)
      : dice_{seed}, desk_{random_options(dice_)}, limit_{dice_.between(15, 150)}
  {}

  void run()
  {
    for (int i = 0; i != 400; ++i) {
      step();
      check();
    }
    if (dice_.chance(500)) {
      desk_.core.shut();
    } else {
      desk_.core.close(desk_.now + 1ms);
    }
    check();
    while (!desk_.handed.empty()) {
      end_one();
      check();
    }
    for (int i = 0; i != 2; ++i) {
      desk_.pass(1s);
      check();
      while (!desk_.handed.empty()) {
        end_one();
      }
    }
    check_ended();
  }

private:
  void step()
  {
    switch (dice_.below(10)) {
    case 0:
    case 1:
    case 2:
    case 3:
      return add();
    case 4:
      return desk_.look();
    case 5:
      return desk_.pass(dice_.up_to(3ms));
    case 6:
    case 7:
      return desk_.handed.empty() ? desk_.look() : end_one();
    case 8:
      return cancel_one();
    case 9:
      if (dice_.chance(200)) {
        desk_.core.flush(flushes_.emplace_back());
      }
      return;
    }
  }

  void add()
  {
    const std::string name = std::to_string(++events_) + std::string(dice_.below(30), 'x');
    if (dice_.chance(500)) {
      waiters_.push_back(&desk_.send(name));
    } else {
      posted_ += desk_.post(name) ? 1 : 0;
    }
  }

  /// Any of those handed over.
  void end_one()
  {
    std::swap(desk_.handed.front(), desk_.handed[dice_.below(desk_.handed.size())]);
    const bool too_long = desk_.handed.front()->size() > limit_;
    if (too_long) {
      went_again_ = true;
      desk_.end(errc::message_too_large);
    } else {
      desk_.end(
          dice_.one_of<error_code>({{}, {}, errc::rejected, errc::connection_lost, errc::expired}));
    }
  }

  void cancel_one()
  {
    if (!waiters_.empty()) {
      batch_waiter& r = *waiters_[dice_.below(waiters_.size())];
      if (!r.ended()) {
        desk_.core.cancel(r, dice_.chance(500));
      }
    }
  }

  void check()
  {
    desk_.collect();
    const auto& o = desk_.options;
    const tally& t = desk_.events();
    BOOST_REQUIRE(t.balanced());
    BOOST_REQUIRE_EQUAL(t.submitted, events_);
    BOOST_REQUIRE(desk_.handed.size() <= o.max_outstanding);
    for (; looked_at_ != desk_.sent.size(); ++looked_at_) {
      const message& m = desk_.sent[looked_at_];
      BOOST_REQUIRE(m.event_count() >= 1);
      BOOST_REQUIRE(m.event_count() <= o.max_events);
      BOOST_REQUIRE(m.size() <= o.max_bytes || m.event_count() == 1);
      BOOST_REQUIRE_EQUAL(m.to_events().size(), m.event_count());
    }
    if (!went_again_) {
      BOOST_REQUIRE(t.queued <= o.max_queued_events);
      BOOST_REQUIRE(desk_.core.queued_bytes() <= o.max_queued_bytes || t.queued == 1);
      check_order();
    }
  }

  /// The events go in the order they came.
  void check_order()
  {
    for (; in_order_ != desk_.sent.size(); ++in_order_) {
      for (const std::string& name : desk_.services(in_order_)) {
        const auto number = std::stoull(name);
        BOOST_REQUIRE(number > last_);
        last_ = number;
      }
    }
  }

  void check_ended()
  {
    const tally& t = desk_.events();
    BOOST_REQUIRE_EQUAL(t.live(), 0U);
    BOOST_REQUIRE(desk_.core.idle());
    BOOST_REQUIRE(std::ranges::all_of(waiters_, [](const batch_waiter* r) { return r->ended(); }));
    BOOST_REQUIRE_EQUAL(desk_.flushed.size(), flushes_.size());
    std::uint64_t told = 0;
    for (const batch_loss& l : desk_.losses) {
      told += l.events;
    }
    BOOST_REQUIRE_EQUAL(told, desk_.core.books().lost);
    const auto good = static_cast<std::uint64_t>(
        std::ranges::count_if(waiters_, [](const batch_waiter* r) { return !r->error; }));
    // Each ended in one way: those awaited well, and the posted that were not lost.
    BOOST_REQUIRE_EQUAL(t.acked, good + posted_ - told);
  }

  dice dice_;
  batch_desk desk_;
  std::size_t limit_; ///< the transport's
  std::uint64_t events_ = 0;
  std::uint64_t posted_ = 0; ///< that were taken
  std::vector<batch_waiter*> waiters_{};
  std::deque<core::batch_flush> flushes_{};
  bool went_again_ = false;
  std::size_t looked_at_ = 0;
  std::size_t in_order_ = 0;
  std::uint64_t last_ = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(core_batcher_random)

BOOST_AUTO_TEST_CASE(events_when_anything_happens_then_end_once_within_all_bounds)
{
  for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
    BOOST_TEST_CONTEXT("seed " << seed)
    {
      random_play{seed}.run();
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test

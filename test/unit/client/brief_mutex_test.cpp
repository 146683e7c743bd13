#include "client/brief_mutex.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

namespace {

using riemann::clients::brief_mutex;

} // namespace

BOOST_AUTO_TEST_SUITE(brief_mutexes)

BOOST_AUTO_TEST_CASE(mutex_that_is_taken_is_not_taken_again)
{
  brief_mutex mutex;
  BOOST_TEST(mutex.try_lock());
  BOOST_TEST(!mutex.try_lock());
  mutex.unlock();
  BOOST_TEST(mutex.try_lock());
  mutex.unlock();
}

BOOST_AUTO_TEST_CASE(many_threads_exclude_each_other_and_all_get_their_turn)
{
  constexpr int threads = 8;
  constexpr int turns = 20'000;
  brief_mutex mutex;
  int count = 0; // not atomic: that is the point
  {
    std::vector<std::jthread> all;
    for (int i = 0; i != threads; ++i) {
      all.emplace_back([&] {
        for (int turn = 0; turn != turns; ++turn) {
          const std::scoped_lock lock{mutex};
          ++count;
        }
      });
    }
  }
  BOOST_TEST(count == threads * turns);
}

BOOST_AUTO_TEST_CASE(whoever_waits_through_every_stage_gets_it_in_the_end)
{
  brief_mutex mutex;
  std::atomic<bool> there = false;
  std::atomic<bool> got = false;
  mutex.lock();
  std::jthread other{[&] {
    there = true;
    const std::scoped_lock lock{mutex};
    got = true;
  }};
  // As long as looking and giving way take, and some naps.
  while (!there) {
    std::this_thread::yield();
  }
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds{5};
  while (std::chrono::steady_clock::now() < until) {
    std::this_thread::yield();
  }
  BOOST_TEST(!got);
  mutex.unlock();
  other.join();
  BOOST_TEST(got);
}

BOOST_AUTO_TEST_SUITE_END()

// Plays thousands of seeds against the core. RIEMANN_SEEDS=N plays seeds 1 to N,
// RIEMANN_SEED=N that one alone, and RIEMANN_TRACE=1 says what happens in it.
#define BOOST_TEST_MODULE simulation
#include "play.hpp"
#include "trace.hpp"
#include "violation.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <iostream>
#include <string>

namespace riemann::simulation {

namespace {

constexpr std::uint64_t usual_seeds = 5'000;

std::uint64_t number_in(const char* variable, std::uint64_t otherwise)
{
  const char* const text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

template <class Play>
void play_one(std::uint64_t seed, Play play_seed, tale& total)
{
  try {
    const tale t = play_seed(seed);
    total.steps += t.steps;
    total.messages += t.messages;
  } catch (const violation& v) {
    const auto& framework = boost::unit_test::framework::master_test_suite();
    BOOST_FAIL("seed " << seed << ": " << v.what() << "\nreplay: RIEMANN_SEED=" << seed << " "
                       << framework.argv[0] << " --run_test="
                       << boost::unit_test::framework::current_test_case().p_name.get());
  }
}

/// Every `each`th of the seeds asked for.
template <class Play>
void play_all(Play play_seed, std::uint64_t each)
{
  tale total;
  if (const std::uint64_t seed = number_in("RIEMANN_SEED", 0); seed != 0) {
    tracing = std::getenv("RIEMANN_TRACE") != nullptr;
    play_one(seed, play_seed, total);
    return;
  }
  const std::uint64_t seeds = number_in("RIEMANN_SEEDS", usual_seeds) / each;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    play_one(seed, play_seed, total);
  }
  std::cout << seeds << " seeds, " << total.messages << " messages, " << total.steps << " steps\n";
  BOOST_TEST(total.messages >= seeds);
}

} // namespace

BOOST_AUTO_TEST_CASE(every_invariant_when_any_seed_is_played_then_holds)
{
  play_all([](std::uint64_t seed) { return play(seed, promise::kept); }, 1);
}

BOOST_AUTO_TEST_CASE(nothing_when_acknowledgements_are_omitted_then_hangs)
{
  play_all([](std::uint64_t seed) { return play(seed, promise::broken); }, 5);
}

BOOST_AUTO_TEST_CASE(every_message_when_any_seed_is_played_over_datagrams_then_ends_as_it_should)
{
  play_all(play_datagrams, 2);
}

BOOST_AUTO_TEST_CASE(every_event_when_any_seed_is_played_through_a_stack_then_ends_as_it_should)
{
  play_all(play_stack, 1);
}

} // namespace riemann::simulation

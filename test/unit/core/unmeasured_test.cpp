// Events that are written unmeasured make the very batches that measured ones make.
#include "../../simulation/dice.hpp"
#include "../codec/generator.hpp"
#include "batch_desk.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace riemann::test {

namespace {

using simulation::dice;

batch_options roomy_options(dice& d)
{
  batch_options o;
  o.max_events = d.between(1, 40);
  o.max_bytes = d.between(100, 4'000);
  o.max_outstanding = d.between(1, 3);
  o.max_queued_events = o.max_events + d.below(60);
  o.max_queued_bytes = o.max_bytes + d.below(6'000);
  o.when_full = d.one_of(
      {overload_policy::reject, overload_policy::drop_oldest, overload_policy::drop_newest});
  return telling(o);
}

/// Two batchers that are told the same.
class two_desks {
public:
  explicit two_desks(std::uint64_t seed)
      : dice_{seed}, events_{seed}, options_{roomy_options(dice_)}
  {}

  /// What is other in one than in the other; nothing, if all is the same.
  std::string play()
  {
    const auto last = dice_.between(150, 400);
    for (std::uint64_t i = 0; i != 400; ++i) {
      if (i == last) {
        both([](batch_desk& d) { d.core.close(d.now + 1s); });
      }
      if (!step()) {
        return "step " + std::to_string(i) + ": one is taken, the other is not";
      }
      if (!same()) {
        return "step " + std::to_string(i) + ": other batches, or other books";
      }
    }
    return {};
  }

private:
  template <class F>
  void both(F f)
  {
    f(in_place_);
    f(measured_);
  }

  bool step()
  {
    switch (dice_.below(8)) {
    case 0:
      both([](batch_desk& d) { d.look(); });
      return true;
    case 1:
      if (!in_place_.handed.empty()) {
        const bool too_long = dice_.chance(100);
        both([&](batch_desk& d) {
          d.end(too_long ? make_error_code(errc::message_too_large) : error_code{});
        });
      }
      return true;
    default: {
      const event e = events_.some_event();
      const auto [taken, looks] = in_place_.core.add(detail::event_source{e}, nullptr);
      const auto [expected, would_look] = measured_.core.add(message{e}.body(), nullptr);
      return taken == expected && looks == would_look;
    }
    }
  }

  [[nodiscard]] bool same() const
  {
    const auto& a = in_place_.events();
    const auto& b = measured_.events();
    return a.submitted == b.submitted && a.queued == b.queued && a.not_sent == b.not_sent &&
           in_place_.core.queued_bytes() == measured_.core.queued_bytes() &&
           std::ranges::equal(in_place_.sent, measured_.sent,
                              [](const message& x, const message& y) {
                                return std::ranges::equal(x.frame(), y.frame());
                              });
  }

  dice dice_;
  generator events_;
  batch_options options_;
  batch_desk in_place_{options_};
  batch_desk measured_{options_};
};

} // namespace

BOOST_AUTO_TEST_SUITE(core_unmeasured)

BOOST_AUTO_TEST_CASE(events_when_written_unmeasured_then_batches_are_as_if_they_were_measured)
{
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    const auto other = two_desks{seed}.play();
    BOOST_REQUIRE_MESSAGE(other.empty(), "seed " << seed << ": " << other);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test

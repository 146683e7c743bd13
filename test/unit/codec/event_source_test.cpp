// Events encoded where they are to be, and those kept for later.
#include "generator.hpp"
#include "reference.hpp"

#include <riemann/detail/event_source.hpp>
#include <riemann/detail/lent.hpp>
#include <riemann/detail/lent_event.hpp>
#include <riemann/message.hpp>

#include <boost/test/unit_test.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace riemann;
using riemann::test::generator;

std::string written(const detail::event_source& source)
{
  std::vector<std::byte> out(source.size());
  BOOST_REQUIRE(source.write(out.data()) == out.data() + out.size());
  return test::to_text(out);
}

/// With no more room than it asks for: a sanitizer sees what goes beyond.
std::string written_unmeasured(const detail::event_source& source)
{
  std::vector<std::byte> out(source.bound());
  const auto size = source.write_unmeasured(out.data()) - out.data();
  return test::to_text({out.data(), static_cast<std::size_t>(size)});
}

} // namespace

BOOST_AUTO_TEST_SUITE(event_source)

BOOST_AUTO_TEST_CASE(event_is_written_as_in_a_message_measured_or_not)
{
  std::size_t guessed_wrong = 0;
  for (std::uint64_t seed = 0; seed != 20'000; ++seed) {
    generator g{seed};
    const event e = g.some_event();
    const detail::event_source source{e};
    const std::string expected = test::to_text(message{e}.body());
    guessed_wrong += source.size() <= 0x80 && source.bound() > 0x82 ? 1U : 0U;
    if (source.size() != expected.size() || source.bound() < source.size() ||
        written(source) != expected || written_unmeasured(source) != expected) {
      BOOST_FAIL("seed " << seed << ": not as " << test::to_hex(expected));
    }
  }
  BOOST_TEST(guessed_wrong > 100U);
}

BOOST_AUTO_TEST_CASE(event_literal_is_written_as_in_a_message_measured_or_not)
{
  const event_literal e{.host = "h",
                        .service = "s",
                        .metric = 1,
                        .tags = {"a", "b"},
                        .time = timestamp::from_micros(1'700'000'000'123'456),
                        .attributes = {{"k", "v"}}};
  const detail::event_source source{e};
  const std::string expected = test::to_text(message{e}.body());
  BOOST_TEST(written(source) == expected);
  BOOST_TEST(written_unmeasured(source) == expected);
}

BOOST_AUTO_TEST_CASE(lent_event_is_encoded_when_it_is_kept_and_not_before)
{
  auto e = std::make_unique<event>();
  e->service = "kept";
  const std::string expected = test::to_text(message{*e}.body());
  detail::lent_event lent{*e};
  BOOST_TEST(lent.encoded() == nullptr);
  BOOST_TEST(written(lent.source()) == expected);
  detail::lent_event moved{std::move(lent)};
  // NOLINTNEXTLINE(performance-unnecessary-copy-initialization): it still lends
  const detail::lent_event copied{lent};
  e.reset();
  const detail::lent_event again{moved};
  const detail::lent_event last{std::move(moved)};
  for (const auto* const kept : {&copied, &again, &last}) {
    BOOST_REQUIRE(kept->encoded() != nullptr);
    BOOST_TEST(test::to_text(kept->encoded()->body()) == expected);
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(lent)

BOOST_AUTO_TEST_CASE(object_is_owned_by_copies_and_by_no_other)
{
  auto object = std::make_shared<int>(7);
  {
    detail::lent<int> lent{object};
    BOOST_TEST(object.use_count() == 1);
    const detail::lent<int> copied{lent};
    BOOST_TEST(object.use_count() == 2);
    detail::lent<int> moved{std::move(lent)};
    BOOST_TEST(object.use_count() == 3);
    const detail::lent<int> moved_on{std::move(moved)};
    BOOST_TEST(object.use_count() == 3);
    detail::lent<int> assigned{object};
    assigned = copied;
    BOOST_TEST(object.use_count() == 4);
    BOOST_TEST(*assigned.get() == 7);
  }
  BOOST_TEST(object.use_count() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

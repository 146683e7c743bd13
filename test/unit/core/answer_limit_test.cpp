// How much an answer may be.
#include "rig.hpp"

namespace riemann::test {

namespace {

/// `ok`, and that many of the smallest events.
bytes empty_events(std::size_t count)
{
  std::string body{"\x10\x01"};
  for (std::size_t i = 0; i != count; ++i) {
    body += {'\x32', '\0'};
  }
  return frame(body);
}

/// Gives what the session wants of it.
void feed(rig& r, const bytes& what)
{
  auto at = what.begin();
  while (r.reading && at != what.end()) {
    const auto n = std::min(static_cast<std::ptrdiff_t>(r.reading->size()), what.end() - at);
    r.receive({at, at + n});
    at += n;
  }
}

} // namespace

BOOST_AUTO_TEST_SUITE(answer_limit_test)

BOOST_AUTO_TEST_CASE(events_when_as_many_as_the_answers_size_allows_then_taken_and_no_more)
{
  constexpr std::size_t most = 50'000;
  for (const std::size_t count : {most, most + 1}) {
    rig r{{.max_answer_size = 2 + 2 * most}};
    r.open_up();
    const request& a = r.query();
    r.wrote();
    feed(r, empty_events(count));
    if (count == most) {
      BOOST_TEST(is(a, {}));
      BOOST_TEST(a.answer.event_count() == count);
      BOOST_TEST(!r.closing);
    } else {
      BOOST_TEST(is(a, errc::answer_too_large));
      BOOST_TEST((a.error == outcome::unknown));
      BOOST_TEST(r.closing);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test

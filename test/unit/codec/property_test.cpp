#include "generator.hpp"
#include "reference.hpp"

#include <riemann/message.hpp>
#include <riemann/proto.hpp>
#include <riemann/response.hpp>

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace {

using namespace riemann;
using riemann::test::generator;

// Each case has a seed of its own, so that a failure names all that is needed to
// see it again.
constexpr std::uint64_t first_seed = 20'240'101;
constexpr std::uint64_t event_cases = 100'000;
constexpr std::uint64_t batch_cases = 10'000;
constexpr std::uint64_t mutation_cases = 100'000;

std::string reference_body(const std::vector<event>& events, const std::string* query)
{
  proto::Msg msg;
  for (const event& e : events) {
    *msg.add_events() = test::reference_event(e);
  }
  if (query != nullptr) {
    msg.mutable_query()->set_string(*query);
  }
  return msg.SerializeAsString();
}

bool reads_back(const message& m, const std::vector<event>& events)
{
  const auto answer = response::parse(test::to_bytes(test::to_text(m.body())));
  if (!answer || answer->event_count() != events.size()) {
    return false;
  }
  std::size_t i = 0;
  for (const event_view& view : answer->events()) {
    if (!test::same(view.to_event(), events[i++])) {
      return false;
    }
  }
  return true;
}

bool body_is(const message& m, const std::string& expected)
{
  return test::to_text(m.body()) == expected;
}

bool prefix_is_length(const message& m)
{
  std::size_t length = 0;
  for (int i = 0; i < 4; ++i) {
    length = length << 8 | static_cast<std::size_t>(m.frame()[static_cast<std::size_t>(i)]);
  }
  return length == m.size() && m.frame().size() == m.size() + 4;
}

BOOST_AUTO_TEST_SUITE(codec_properties)

BOOST_AUTO_TEST_CASE(event_encoded_is_byte_for_byte_protobufs_and_reads_back)
{
  for (std::uint64_t seed = first_seed; seed < first_seed + event_cases; ++seed) {
    generator g{seed};
    const event e = g.some_event();
    const message m(e);
    const std::string expected = reference_body({e}, nullptr);
    if (!body_is(m, expected) || !prefix_is_length(m)) {
      BOOST_FAIL("seed " << seed << ": " << test::to_hex(test::to_text(m.frame())) << " instead of "
                         << test::to_hex(expected));
    }
    if (!reads_back(m, {e})) {
      BOOST_FAIL("seed " << seed << ": another event comes back");
    }
    if (to_proto(e).SerializeAsString() != test::reference_event(e).SerializeAsString() ||
        !test::same(from_proto(to_proto(e)), e)) {
      BOOST_FAIL("seed " << seed << ": another event by way of protobuf");
    }
  }
}

BOOST_AUTO_TEST_CASE(batch_encoded_however_it_is_made_is_byte_for_byte_protobufs)
{
  for (std::uint64_t seed = first_seed; seed < first_seed + batch_cases; ++seed) {
    generator g{seed};
    std::vector<event> events;
    message grown;
    const std::string query = g.text();
    const std::uint64_t count = g.below(8);
    const std::uint64_t query_at = g.below(16);
    for (std::uint64_t i = 0; i < count; ++i) {
      if (i == query_at) {
        grown.set_query(query);
      }
      events.push_back(g.some_event());
      grown.append(events.back());
    }
    if (query_at == count) {
      grown.set_query(query);
    }
    const std::string expected = reference_body(events, grown.has_query() ? &query : nullptr);
    message whole{std::span<const event>{events}};
    if (grown.has_query()) {
      whole.set_query(query);
    }
    if (!body_is(grown, expected) || !body_is(whole, expected) || !prefix_is_length(grown) ||
        !prefix_is_length(whole) || grown.event_count() != count) {
      BOOST_FAIL("seed " << seed << ": other bytes than protobuf's");
    }
    if (!reads_back(grown, events)) {
      BOOST_FAIL("seed " << seed << ": other events come back");
    }
    if (!body_is(message{to_proto(grown)}, expected)) {
      BOOST_FAIL("seed " << seed << ": other bytes by way of protobuf");
    }
  }
}

BOOST_AUTO_TEST_CASE(answer_mutated_is_accepted_and_read_just_as_protobuf_does)
{
  std::uint64_t accepted = 0;
  for (std::uint64_t seed = first_seed; seed < first_seed + mutation_cases; ++seed) {
    generator g{seed};
    std::string body = g.chance(60) ? g.some_answer().SerializeAsString() : g.some_fields();
    if (g.chance(20)) {
      body += g.some_answer().SerializeAsString();
    }
    for (std::uint64_t n = g.below(4); n > 0; --n) {
      g.mutate(body);
    }
    const auto verdict = test::judge(body);
    if (!verdict.disagreement.empty()) {
      BOOST_FAIL("seed " << seed << ": " << verdict.disagreement << ": " << test::to_hex(body));
    }
    accepted += verdict.accepted ? 1 : 0;
  }
  // Were nearly all of one kind, little would be proven.
  BOOST_TEST(accepted > mutation_cases / 5);
  BOOST_TEST(accepted < mutation_cases * 4 / 5);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

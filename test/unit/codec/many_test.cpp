// Neither events nor tags nor attributes are limited in number: their bytes are, by the
// answer's. The smallest of each, as many as there is room for.

#include "reference.hpp"

#include <riemann/response.hpp>

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <iterator>
#include <string>

namespace {

using namespace riemann;
using test::to_bytes;

constexpr std::size_t many = 100'000;

std::string repeated(const std::string& part, std::size_t count)
{
  std::string all;
  for (std::size_t i = 0; i != count; ++i) {
    all += part;
  }
  return all;
}

/// An answer with one event, of these fields.
std::string with_event(const std::string& fields)
{
  std::string length;
  auto rest = fields.size();
  for (; rest > 0x7f; rest >>= 7) {
    length += static_cast<char>((rest & 0x7f) | 0x80);
  }
  return "\x10\x01\x32" + length + static_cast<char>(rest) + fields;
}

/// Read, and read as protobuf does.
response read(const std::string& body)
{
  const auto verdict = test::judge(body);
  BOOST_TEST(verdict.accepted);
  BOOST_TEST(verdict.disagreement == "");
  return response::parse(to_bytes(body)).value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(many_of_them)

BOOST_AUTO_TEST_CASE(answer_of_the_smallest_events_has_each)
{
  const auto answer = read("\x10\x01" + repeated({"\x32\x00", 2}, many));
  BOOST_TEST(answer.event_count() == many);
  std::size_t seen = 0;
  for (const auto e : answer.events()) {
    seen += e.bytes().empty() ? 1 : 0;
  }
  BOOST_TEST(seen == many);
}

BOOST_AUTO_TEST_CASE(event_of_the_smallest_tags_has_each)
{
  const auto answer = read(with_event(repeated({"\x3a\x00", 2}, many)));
  const auto e = *answer.events().begin();
  BOOST_TEST(static_cast<std::size_t>(std::ranges::distance(e.tags())) == many);
}

BOOST_AUTO_TEST_CASE(event_of_the_smallest_attributes_has_each)
{
  const auto answer = read(with_event(repeated({"\x4a\x02\x0a\x00", 4}, many)));
  const auto e = *answer.events().begin();
  BOOST_TEST(static_cast<std::size_t>(std::ranges::distance(e.attributes())) == many);
}

BOOST_AUTO_TEST_CASE(tags_and_attributes_that_alternate_are_told_apart)
{
  const auto answer = read(with_event(repeated({"\x3a\x01t\x4a\x03\x0a\x01k", 8}, many)));
  const auto e = *answer.events().begin();
  BOOST_TEST(static_cast<std::size_t>(std::ranges::distance(e.tags())) == many);
  BOOST_TEST(static_cast<std::size_t>(std::ranges::distance(e.attributes())) == many);
}

BOOST_AUTO_TEST_SUITE_END()

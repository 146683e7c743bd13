#include "generator.hpp"
#include "reference.hpp"

#include <riemann/message.hpp>
#include <riemann/response.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace {

using namespace riemann;
using riemann::test::generator;

/// As servers write it: tags and lengths of one byte, and all of the event's fields.
std::string plain_answer()
{
  const event e{.host = "app-1.example.org",
                .service = "api latency",
                .state = "ok",
                .metric = 0.217,
                .tags = {"prod", "", "api"},
                .ttl = ttl_duration{60},
                .time = timestamp::from_micros(1'700'000'000'123'456),
                .description = "d",
                .attributes = {{"k", "v"}, {""}}};
  return "\x10\x01" + test::to_text(message{e}.body());
}

/// As nobody writes it, and protobuf takes it: longer than need be, out of order,
/// repeated fields apart, and groups between them.
std::string odd_answer()
{
  const std::string tag{"\x3a\x01t"};
  const std::string long_tag{"\xba\x80\x00\x81\x00u", 6};
  const std::string attribute{"\x4a\x82\x00\x0a\x00", 5};
  const std::string group{"\x1b\x08\x05\x23\x24\x1c"};
  const std::string micros{"\x50\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"};
  const std::string sint64{"\x68\x81\x80\x80\x80\x80\x80\x80\x80\x80\x02", 11};
  const std::string single{"\x7d\x00\x00\xc0\x3f", 5};
  const std::string seconds{"\x08\x07"};
  const std::string host{"\x22\x01h"};
  std::string fields;
  for (const std::string& field :
       {tag, micros, attribute, group, sint64, long_tag, single, attribute, seconds, tag, host}) {
    fields += field;
  }
  const std::string length{static_cast<char>(fields.size() | 0x80), '\0'};
  return '\x32' + length + fields + "\x10\x01";
}

void must_agree(const std::string& body)
{
  const auto verdict = test::judge(body);
  if (!verdict.disagreement.empty()) {
    BOOST_FAIL(verdict.disagreement << ": " << test::to_hex(body));
  }
}

void must_agree_however_it_is_cut(const std::string& body)
{
  for (std::size_t length = 0; length <= body.size(); ++length) {
    must_agree(body.substr(0, length));
  }
}

/// `values`: what is put in place of each byte in turn.
template <class Values>
void must_agree_whatever_byte_is_wrong(const std::string& body, const Values& values)
{
  std::string wrong = body;
  for (std::size_t at = 0; at != body.size(); ++at) {
    for (const auto value : values) {
      wrong[at] = static_cast<char>(value);
      must_agree(wrong);
    }
    wrong[at] = body[at];
  }
}

std::vector<unsigned> every_value()
{
  std::vector<unsigned> values(256);
  for (unsigned i = 0; i != 256; ++i) {
    values[i] = i;
  }
  return values;
}

BOOST_AUTO_TEST_SUITE(every_byte)

BOOST_AUTO_TEST_CASE(answers_used_here_are_accepted)
{
  for (const std::string& body : {plain_answer(), odd_answer()}) {
    BOOST_TEST(test::judge(body).accepted, test::to_hex(body));
  }
}

BOOST_AUTO_TEST_CASE(answer_cut_off_anywhere_is_judged_as_protobuf_does)
{
  must_agree_however_it_is_cut(plain_answer());
  must_agree_however_it_is_cut(odd_answer());
}

BOOST_AUTO_TEST_CASE(answer_with_any_byte_changed_to_any_other_is_judged_as_protobuf_does)
{
  must_agree_whatever_byte_is_wrong(plain_answer(), every_value());
  must_agree_whatever_byte_is_wrong(odd_answer(), every_value());
}

BOOST_AUTO_TEST_CASE(answers_by_chance_cut_off_or_changed_anywhere_are_judged_as_protobuf_does)
{
  constexpr std::array edges{0x00, 0x01, 0x0b, 0x0c, 0x3a, 0x4a, 0x7f, 0x80, 0xff};
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    generator g{seed};
    std::string body = g.some_answer().SerializeAsString() + g.some_fields();
    body.resize(std::min<std::size_t>(body.size(), 400)); // cutting is quadratic
    must_agree_however_it_is_cut(body);
    must_agree_whatever_byte_is_wrong(body, edges);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace

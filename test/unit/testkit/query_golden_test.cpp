// Queries that a real Riemann was asked, with what it answered.

#include "golden_file.hpp"
#include "testkit/request_handler.hpp"

#include <riemann/message.hpp>
#include <riemann/response.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <set>
#include <span>
#include <string>
#include <utility>

namespace {

using namespace riemann;
using testkit::detail::request_handler;

using key_set = std::multiset<std::pair<std::string, std::string>>;

const timestamp now = timestamp::from_seconds(1'700'000'100);

/// A recorded pair; a missing host was written as "None".
std::pair<std::string, std::string> to_key(const boost::json::value& pair)
{
  const auto text = [](const boost::json::value& v) {
    return v.is_null() ? std::string{"None"} : std::string{v.as_string()};
  };
  return {text(pair.as_array()[0]), text(pair.as_array()[1])};
}

key_set keys_of(const response& answer)
{
  key_set keys;
  for (const auto e : answer.events()) {
    keys.emplace(e.host().value_or("None"), e.service().value_or("None"));
  }
  return keys;
}

response ask(request_handler& handler, const std::string& text)
{
  std::vector<std::byte> out;
  handler.handle(message::query(text).body(), now, out);
  BOOST_REQUIRE_GE(out.size(), 4U);
  return response::parse({out.begin() + 4, out.end()}).value();
}

} // namespace

BOOST_AUTO_TEST_SUITE(testkit_query_golden)

BOOST_AUTO_TEST_CASE(answers_of_a_real_server_are_matched)
{
  const auto lines = testkit::test::read_golden("queries.jsonl");
  request_handler handler{ttl_duration{60.0F}};
  std::vector<std::byte> out;
  const auto frame = testkit::test::from_hex(lines.front().at("request_hex").as_string());
  handler.handle(std::span{frame}.subspan(4), now, out);
  BOOST_REQUIRE_EQUAL(handler.index().size(), 150U);

  std::size_t compared = 0;
  for (const auto& recorded : std::span{lines}.subspan(1)) {
    ++compared;
    const std::string text{recorded.at("q").as_string()};
    const auto answer = ask(handler, text);
    BOOST_TEST_CONTEXT(text << " gave " << answer.text())
    {
      BOOST_TEST(answer.ok() == recorded.at("ok").as_bool());
      if (answer.ok() && recorded.contains("match")) {
        key_set expected;
        for (const auto& pair : recorded.at("match").as_array()) {
          expected.insert(to_key(pair));
        }
        BOOST_TEST((keys_of(answer) == expected));
      }
    }
  }
  BOOST_TEST_MESSAGE(compared << " queries compared");
  BOOST_TEST(compared == 400U);
}

BOOST_AUTO_TEST_CASE(regular_expressions_that_only_java_knows_are_rejected_with_the_reason)
{
  request_handler handler{ttl_duration{60.0F}};
  for (const char* const pattern : {"a(", "(?=a)", "(?<!a)b", "(a)\\\\1", "a++b", "a{1001}"}) {
    const auto answer = ask(handler, "host ~= \"" + std::string{pattern} + "\"");
    BOOST_TEST_CONTEXT(pattern)
    {
      BOOST_TEST(!answer.ok());
      BOOST_TEST(answer.text().find("not a regular expression that this server knows: ") !=
                 std::string_view::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(regular_expression_when_nested_then_takes_linear_time)
{
  request_handler handler{ttl_duration{60.0F}};
  std::vector<std::byte> acknowledgement;
  handler.handle(message{{.host = std::string(50'000, 'a')}}.body(), now, acknowledgement);
  const auto answer = ask(handler, "host ~= \"^(a|a|(a+)+)*$b\"");
  BOOST_TEST(answer.ok());
  BOOST_TEST(answer.event_count() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()

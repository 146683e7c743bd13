// Queries that a real Riemann was asked, with what it answered.

#include "golden_file.hpp"
#include "testkit/request_handler.hpp"

#include <riemann/message.hpp>
#include <riemann/response.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <iostream>
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
  const auto lines = golden::read_lines("queries.jsonl");
  request_handler handler{ttl_duration{60.0F}};
  std::vector<std::byte> out;
  const auto frame = golden::from_hex(lines.front().at("request_hex").as_string());
  handler.handle(std::span{frame}.subspan(4), now, out);
  BOOST_REQUIRE_EQUAL(handler.index().size(), 150U);

  std::size_t compared = 0;
  std::size_t matched = 0;
  for (const auto& recorded : std::span{lines}.subspan(1)) {
    ++compared;
    const std::string text{recorded.at("q").as_string()};
    const auto answer = ask(handler, text);
    bool same = answer.ok() == recorded.at("ok").as_bool();
    if (same && answer.ok() && recorded.contains("match")) {
      key_set expected;
      for (const auto& pair : recorded.at("match").as_array()) {
        expected.insert(to_key(pair));
      }
      same = keys_of(answer) == expected;
    }
    BOOST_TEST(same, text << " gave " << answer.event_count() << " events; " << answer.text());
    matched += same ? 1U : 0U;
  }
  BOOST_TEST(compared == 400U);
  // For summaries; Boost.Test's own messages are not shown unless asked for.
  std::cout << "golden: queries: " << matched << " of " << compared << "\n";
}

// As doc/conformance.md tells; RE2 alone would read the classes as something else.
BOOST_AUTO_TEST_CASE(regular_expressions_that_only_java_knows_are_rejected_with_the_reason)
{
  request_handler handler{ttl_duration{60.0F}};
  for (const char* const pattern : {R"(a()",         R"((?=a))",       R"((?<!a)b)",
                                    R"((a)\\1)",     R"(a++b)",        R"((?>a)b)",
                                    R"(a{1001})",    R"(\\R)",         R"(\\X)",
                                    R"(\\h)",        R"(\\Z)",         R"(\\u0041)",
                                    R"(\\p{Alpha})", R"((?x)a)",       R"((?d)a)",
                                    R"((?u)a)",      R"(\\G)",         R"(\\e)",
                                    R"((?<n>a))",    R"([a-z&&[^b]])", R"([a-z&&b])",
                                    R"([a[bc]])",    R"([^a[bc]])",    R"([][a])",
                                    R"([a\\][b])",   R"([[:alpha:]])", R"(\\Q[a[\\E[a[b]])"}) {
    const auto answer = ask(handler, "host ~= \"" + std::string{pattern} + "\"");
    BOOST_TEST_CONTEXT(pattern)
    {
      BOOST_TEST(!answer.ok());
      BOOST_TEST(answer.text().find("not a regular expression that this server knows: ") !=
                 std::string_view::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(classes_that_only_look_as_if_they_nested_are_found)
{
  request_handler handler{ttl_duration{60.0F}};
  std::vector<std::byte> acknowledgement;
  handler.handle(message{{.host = "a&&[b]"}}.body(), now, acknowledgement);
  for (const char* const pattern :
       {R"(a&&\\[b\\])", R"([a&][^a][\\[]b[]])", R"([\\]&]&\\[)", R"(\\Qa&&[b]\\E)", R"([^]][&])",
        R"(a[^^]&\\[[b])", R"(\\Q[b]\\E$)"}) {
    const auto answer = ask(handler, "host ~= \"" + std::string{pattern} + "\"");
    BOOST_TEST_CONTEXT(pattern << ": " << answer.text())
    {
      BOOST_TEST(answer.event_count() == 1U);
    }
  }
}

BOOST_AUTO_TEST_CASE(regular_expressions_that_mean_something_else_here_are_those_told_of)
{
  struct row {
    const char* host;
    const char* pattern;
    bool found; ///< where a Riemann does otherwise
  };
  for (const row& r : {row{"a\n", R"(a$)", false}, row{"a\rb", R"(a.b)", true},
                       row{"\u00c9", R"((?i)\u00e9)", true}, row{"\n", R"(\\v)", false},
                       row{"A", R"(\\0101)", false}, row{"\u00e9", R"(^\\C\\C$)", true},
                       row{"a\vb", R"(\\s)", false}, row{"\u00e9", R"(^\\b)", false},
                       row{"a{", R"({)", true}, row{"a\rb", R"((?m)^b)", false}}) {
    request_handler handler{ttl_duration{60.0F}};
    std::vector<std::byte> acknowledgement;
    handler.handle(message{{.host = r.host}}.body(), now, acknowledgement);
    const auto answer = ask(handler, "host ~= \"" + std::string{r.pattern} + "\"");
    BOOST_TEST_CONTEXT(r.pattern << ": " << answer.text())
    {
      BOOST_TEST(answer.ok());
      BOOST_TEST(answer.event_count() == (r.found ? 1U : 0U));
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

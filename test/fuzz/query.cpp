// The test server's query language: what is parsed is printed and parsed again as the
// same tree, and means of events what a plain evaluator says.
#include "testkit/query.hpp"

#include "../unit/testkit/query_printer.hpp"
#include "../unit/testkit/slow_query.hpp"
#include "input.hpp"
#include "require.hpp"
#include "testkit/query_parser.hpp"
#include "testkit/stored_event.hpp"
#include "testkit/utf8.hpp"

#include <riemann/message.hpp>

#include <cmath>
#include <limits>
#include <string>
#include <variant>
#include <vector>

namespace {

using namespace riemann;
using fuzz::require;
namespace test = testkit::test;
using namespace testkit::detail;

const timestamp arrival = timestamp::from_seconds(1'700'000'000);

stored_event store(const event& e)
{
  const message m{e};
  return stored_event{event_view{riemann::detail::next_field(m.body(), 6)}, arrival};
}

const std::vector<stored_event>& events()
{
  static const std::vector<stored_event> all = [] {
    std::vector<stored_event> made;
    for (const event& e : {
             event{},
             event{.host = "h",
             .service = "api req 7%",
             .state = "ok",
             .metric = 42,
             .tags = {"a", "b c"},
             .ttl = ttl_duration{60}},
             event{.host = "",
             .service = "line\nbreak\n",
             .metric = 42.0,
             .time = timestamp::from_seconds(0),
             .description = "aab%\r\n"},
             event{.host = "caf\xC3\xA9",
             .state = "\xC2\x85",
             .metric = 0.5F,
             .tags = {""},
             .time = timestamp::from_micros(-1),
             .attributes = {{"x", "y"}, {"a:b", ""}}},
             event{.service = "aXbXc",
             .metric = std::numeric_limits<double>::quiet_NaN(),
             .ttl = ttl_duration{0},
             .attributes = {{"=", "nil"}}},
             event{.host = "a", .service = "aa", .state = "aba"},
             event{.host = "h", .metric = std::numeric_limits<std::int64_t>::max()},
             event{.service = "\\\"", .metric = -std::numeric_limits<double>::infinity()},
         }) {
      made.push_back(store(e));
    }
    return made;
  }();
  return all;
}

/// A search of one's own would be another language: here only what is done with it is held
/// against the server's.
bool found(const std::string& pattern, const std::string& text)
{
  const auto compiled = regular_expression::compile(pattern);
  return std::get<regular_expression>(compiled).found_in(text);
}

/// `query` is what servers use; the tree is what is inside.
void check_meaning(const std::string& text, const query_node& tree)
{
  const auto parsed = query::parse(text);
  require(std::holds_alternative<query>(parsed), "a query is refused that was parsed");
  const test::regex_search search = found;
  for (const stored_event& e : events()) {
    require(std::get<query>(parsed).matches(e) == test::slow_matches(tree, e.value(), search),
            "a query means something else");
  }
}

void check_printing(const query_node& tree)
{
  const std::string printed = test::print(tree);
  query_parser again{printed, {}};
  const auto reread = again.parse();
  require(reread.has_value(), "a query is printed as none: " + printed);
  require(test::same(tree, *reread), "a query is printed as another: " + printed);
  require(test::print(*reread) == printed, "a query is printed in two ways: " + printed);
}

} // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
  // As a server does, before it reads it.
  const std::string text = to_valid_utf8(fuzz::input{data, size}.rest());
  query_parser parser{text, {}};
  const auto tree = parser.parse();
  if (!tree) {
    require(!parser.error().text.empty() && is_valid_utf8(parser.error().text),
            "a query is refused without a reason, or with one that is no text");
    require(std::holds_alternative<query_error>(query::parse(text)), "it is refused and taken");
    return 0;
  }
  check_printing(*tree);
  check_meaning(text, *tree);
  return 0;
}

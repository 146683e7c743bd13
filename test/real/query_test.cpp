// Every operator of the query language, by what it finds; and what an error says.
#include "visit.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace riemann::test {

namespace {

using names_t = std::multiset<std::string>;

const names_t all{"alpha", "beta", "delta", "epsilon", "gamma"};

/// Five events that differ in everything there is to ask for.
struct population : visit {
  population()
  {
    event alpha = named("alpha");
    alpha.state = "ok";
    alpha.metric = 42;
    alpha.tags = {"prod"};
    event beta = named("beta");
    beta.state = "ok";
    beta.metric = 42.0;
    beta.tags = {"prod", "test"};
    event gamma = named("gamma");
    gamma.state = "critical";
    gamma.metric = 0.5F;
    gamma.description = "disk \"full\"";
    event delta = named("delta");
    delta.attributes = {{"zone", "north"}};
    event epsilon = named("epsilon");
    epsilon.host.reset();
    epsilon.state = "warning";
    epsilon.metric = -7;
    epsilon.ttl = ttl_duration{120.0F};
    epsilon.attributes = {{"zone", "south"}};
    for (const event& e : {alpha, beta, gamma, delta, epsilon}) {
      put(e);
    }
  }
  void check(const query& asked, const names_t& expected)
  {
    const auto there = names(asked);
    BOOST_TEST((there == expected), asked.text() << " finds others");
  }
  /// In parentheses, since it is one of two.
  void check(const std::string& asked, const names_t& expected)
  {
    check(query::raw("(" + asked + ")"), expected);
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(real_query, population)

BOOST_AUTO_TEST_CASE(equal_and_unequal_when_asked_then_typed)
{
  check(R"(state = "ok")", {"alpha", "beta"});
  check(R"(state != "ok")", {"delta", "epsilon", "gamma"});
  check("metric = 42", {"alpha"});
  check("metric = 42.0", {"beta"});
  check("metric != 42", {"beta", "delta", "epsilon", "gamma"});
  check("metric = nil", {"delta"});
  check("host = nil", {"epsilon"});
  check("host = null", {"epsilon"});
  check(R"("ok" = state)", {"alpha", "beta"});
  check(R"(description = "disk \"full\"")", {"gamma"});
  check("ttl = 120.0", {"epsilon"});
}

BOOST_AUTO_TEST_CASE(orders_when_asked_then_of_numbers_alone)
{
  check("metric < 0.5", {"epsilon"});
  check("metric <= 0.5", {"epsilon", "gamma"});
  check("metric > 0.5", {"alpha", "beta"});
  check("metric >= 0.5", {"alpha", "beta", "gamma"});
  check("metric > -7", {"alpha", "beta", "gamma"});
  check("metric > -Infinity", {"alpha", "beta", "epsilon", "gamma"});
  check("metric < NaN", {});
  check("metric < 1e2", {"alpha", "beta", "epsilon", "gamma"});
  check("state < 5", {});
  check("time > 0", all);
}

BOOST_AUTO_TEST_CASE(patterns_when_asked_then_match_text)
{
  check(R"(service =~ "%alpha")", {"alpha"});
  check(R"(service =~ "%l%a")", {"alpha", "delta"});
  check(R"(service =~ "alpha")", {});
  check(R"(state =~ "%r%")", {"epsilon", "gamma"});
  check(R"(service ~= "(alpha|beta)$")", {"alpha", "beta"});
  check(R"(state ~= "^.k$")", {"alpha", "beta"});
  check(R"(description ~= "\\bfull\\b")", {"gamma"});
  check(R"(metric ~= "4")", {});
}

BOOST_AUTO_TEST_CASE(tags_attributes_and_bare_values_when_asked_then_found)
{
  check(R"(tagged "prod")", {"alpha", "beta"});
  check(R"(tagged "test")", {"beta"});
  check(R"(tagged "nowhere")", {});
  check(R"(zone = "north")", {"delta"});
  check("zone", {"delta", "epsilon"});
  check("state", {"alpha", "beta", "epsilon", "gamma"});
  check("true", all);
  check("false", {});
  check("nil", {});
}

BOOST_AUTO_TEST_CASE(connectives_when_asked_then_or_holds_loosest_and_not_tightest)
{
  check(R"(not tagged "prod")", {"delta", "epsilon", "gamma"});
  check(R"(not state = "ok" and metric)", {"epsilon", "gamma"});
  check(R"(state = "ok" and tagged "test")", {"beta"});
  check(R"(state = "critical" or tagged "test" and metric = 42.0 or zone)",
        {"beta", "delta", "epsilon", "gamma"});
  check(R"((state = "ok" or state = "critical") and not tagged "test")", {"alpha", "gamma"});
  check("state,=,\"ok\"\n\tand\ttrue", {"alpha", "beta"});
  check("((((((((((((((((((((zone))))))))))))))))))))", {"delta", "epsilon"});
}

BOOST_AUTO_TEST_CASE(queries_when_built_then_read_as_they_were_meant)
{
  check(field{"metric"} > 0.9 && !tagged("test"), {"alpha"});
  check(field{"zone"} == "south" || field{"metric"} == 42, {"alpha", "epsilon"});
  check(!(field{"state"} == "ok" || field{"zone"}.is_set()), {"gamma"});
  check(field{"description"}.contains("\"full"), {"gamma"});
  check(field{"description"}.ends_with("full\""), {"gamma"});
  check(field{"service"}.like("%beta"), {"beta"});
  check(field{"service"}.matches("a$") && field{"metric"} <= 1, {"gamma"});
  check(field{"metric"} != nullptr && field{"metric"} < 0, {"epsilon"});
}

BOOST_AUTO_TEST_CASE(query_when_malformed_then_rejected_with_a_text_and_the_connection_stays)
{
  BOOST_TEST(client.query("true and false").has_value());
  const auto opened = client.statistics().connections_opened;
  for (const char* wrong :
       {"state =", "metric >= +1", R"(service = "\d")", "(true", "state = \"open"}) {
    const auto answer = client.query(wrong);
    BOOST_TEST_REQUIRE(answer.has_error(), wrong);
    BOOST_TEST((answer.error().code == errc::rejected), wrong);
    BOOST_TEST(!answer.error().text().empty(), wrong);
  }
  BOOST_TEST((names() == all));
  BOOST_TEST(client.statistics().connections_opened == opened);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace riemann::test

#ifndef RIEMANN_TESTKIT_QUERY_AST_HPP
#define RIEMANN_TESTKIT_QUERY_AST_HPP

#include "testkit/like_pattern.hpp"
#include "testkit/query_value.hpp"
#include "testkit/regular_expression.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace riemann::inline v0::testkit::detail {

using literal = std::variant<std::monostate, bool, std::int64_t, double, big_integer, std::string>;

enum class field_kind { host, service, state, description, metric, tags, time, ttl, attribute };

struct field {
  field_kind kind = field_kind::attribute;
  std::string name{};
};

using operand = std::variant<literal, field>;

struct query_node;

struct is_true {
  operand value{};
};
struct is_tagged {
  std::string tag{};
};
struct equals {
  operand left{};
  operand right{};
  bool negated = false;
};
struct compares {
  operand left{};
  ordering order = ordering::less;
  literal right{};
};
struct is_like {
  operand value{};
  like_pattern pattern{};
};
struct matches {
  operand value{};
  regular_expression pattern;
};
struct negation {
  std::unique_ptr<query_node> term{};
};
/// Chains of `and` and `or` lie flat, so that only parentheses and `not` nest.
/// (No initialisers: clang wants a whole `query_node` for them.)
struct conjunction {
  std::vector<query_node> terms;
};
struct disjunction {
  std::vector<query_node> terms;
};

struct query_node {
  std::variant<is_true, is_tagged, equals, compares, is_like, matches, negation, conjunction,
               disjunction>
      term{};
};

} // namespace riemann::inline v0::testkit::detail

#endif

#include "testkit/query_parser.hpp"

#include "testkit/query_literal.hpp"

#include <array>
#include <utility>

namespace riemann::inline v0::testkit::detail {

namespace {

constexpr std::array field_names{
    std::pair{std::string_view{"host"}, field_kind::host},
    std::pair{std::string_view{"service"}, field_kind::service},
    std::pair{std::string_view{"state"}, field_kind::state},
    std::pair{std::string_view{"description"}, field_kind::description},
    std::pair{std::string_view{"metric"}, field_kind::metric},
    std::pair{std::string_view{"tags"}, field_kind::tags},
    std::pair{std::string_view{"time"}, field_kind::time},
    std::pair{std::string_view{"ttl"}, field_kind::ttl},
};

field make_field(std::string_view name)
{
  for (const auto& [known, kind] : field_names) {
    if (known == name) {
      return {kind, std::string{name}};
    }
  }
  return {field_kind::attribute, std::string{name}};
}

std::optional<ordering> ordering_of(token_kind kind) noexcept
{
  if (kind == token_kind::op_less) {
    return ordering::less;
  }
  if (kind == token_kind::op_greater) {
    return ordering::greater;
  }
  if (kind == token_kind::op_less_equal) {
    return ordering::less_equal;
  }
  return kind == token_kind::op_greater_equal ? std::optional{ordering::greater_equal}
                                              : std::nullopt;
}

} // namespace

query_parser::query_parser(std::string_view text, query_options options)
    : options_{options}, lexer_{text}, current_{lexer_.next()}
{}

std::optional<query_node> query_parser::parse()
{
  auto root = predicate();
  if (root && current_.kind != token_kind::end) {
    fail_expecting("'and', 'or' or the end");
    return std::nullopt;
  }
  return root;
}

std::optional<query_node> query_parser::predicate()
{
  auto first = conjunct();
  if (!first || current_.kind != token_kind::op_or) {
    return first;
  }
  disjunction any;
  any.terms.push_back(*std::move(first));
  while (current_.kind == token_kind::op_or) {
    advance();
    auto next = conjunct();
    if (!next) {
      return std::nullopt;
    }
    any.terms.push_back(*std::move(next));
  }
  return query_node{std::move(any)};
}

std::optional<query_node> query_parser::conjunct()
{
  auto first = negated();
  if (!first || current_.kind != token_kind::op_and) {
    return first;
  }
  conjunction all;
  all.terms.push_back(*std::move(first));
  while (current_.kind == token_kind::op_and) {
    advance();
    auto next = negated();
    if (!next) {
      return std::nullopt;
    }
    all.terms.push_back(*std::move(next));
  }
  return query_node{std::move(all)};
}

std::optional<query_node> query_parser::negated()
{
  const auto opening = current_.kind;
  if (opening != token_kind::op_not && opening != token_kind::open_parenthesis) {
    return simple();
  }
  if (depth_ == options_.max_depth) {
    fail(current_, "the query nests deeper than " + std::to_string(options_.max_depth) + " levels");
    return std::nullopt;
  }
  ++depth_;
  auto inner = nested(opening);
  --depth_;
  return inner;
}

std::optional<query_node> query_parser::nested(token_kind opening)
{
  advance();
  if (opening == token_kind::op_not) {
    auto term = negated();
    if (!term) {
      return std::nullopt;
    }
    return query_node{negation{std::make_unique<query_node>(*std::move(term))}};
  }
  auto inner = predicate();
  if (!inner) {
    return std::nullopt;
  }
  if (current_.kind != token_kind::close_parenthesis) {
    fail_expecting("'and', 'or' or ')'");
    return std::nullopt;
  }
  advance();
  return inner;
}

std::optional<query_node> query_parser::simple()
{
  if (++terms_ > options_.max_terms) {
    fail(current_, "more than " + std::to_string(options_.max_terms) +
                       " comparisons in a query are not taken by this server");
    return std::nullopt;
  }
  if (current_.kind == token_kind::op_tagged) {
    return tag_test();
  }
  auto left = value("a predicate");
  return left ? relation(*std::move(left)) : std::nullopt;
}

std::optional<query_node> query_parser::tag_test()
{
  advance();
  auto tag = string();
  if (!tag) {
    return std::nullopt;
  }
  return query_node{is_tagged{*std::move(tag)}};
}

std::optional<query_node> query_parser::relation(operand left)
{
  const auto op = current_.kind;
  if (op == token_kind::op_equal || op == token_kind::op_not_equal) {
    return equality(std::move(left), op == token_kind::op_not_equal);
  }
  if (op == token_kind::op_like) {
    return like(std::move(left));
  }
  if (op == token_kind::op_regex) {
    return regex(std::move(left));
  }
  if (const auto order = ordering_of(op)) {
    return comparison(std::move(left), *order);
  }
  return query_node{is_true{std::move(left)}};
}

std::optional<query_node> query_parser::equality(operand left, bool is_negated)
{
  advance();
  auto right = value("a value");
  if (!right) {
    return std::nullopt;
  }
  return query_node{equals{std::move(left), *std::move(right), is_negated}};
}

std::optional<query_node> query_parser::comparison(operand left, ordering order)
{
  advance();
  auto right = number();
  if (!right) {
    return std::nullopt;
  }
  return query_node{compares{std::move(left), order, *std::move(right)}};
}

std::optional<query_node> query_parser::like(operand left)
{
  advance();
  const auto pattern = string();
  if (!pattern) {
    return std::nullopt;
  }
  return query_node{is_like{std::move(left), like_pattern{*pattern}}};
}

std::optional<query_node> query_parser::regex(operand left)
{
  advance();
  const token at = current_;
  const auto pattern = string();
  if (!pattern) {
    return std::nullopt;
  }
  if (++expressions_ > options_.max_expressions) {
    fail(at, "more than " + std::to_string(options_.max_expressions) +
                 " regular expressions in a query are not taken by this server");
    return std::nullopt;
  }
  auto compiled = regular_expression::compile(*pattern);
  if (const auto* reason = std::get_if<std::string>(&compiled)) {
    fail(at, *reason);
    return std::nullopt;
  }
  auto& expression = std::get<regular_expression>(compiled);
  expressions_size_ += expression.size();
  if (expressions_size_ > options_.max_expressions_size) {
    fail(at, "the query's regular expressions together are larger than this server takes");
    return std::nullopt;
  }
  return query_node{matches{std::move(left), std::move(expression)}};
}

std::optional<operand> query_parser::value(std::string_view expected)
{
  const token t = current_;
  if (t.kind == token_kind::string) {
    auto text = string();
    return text ? std::optional<operand>{literal{*std::move(text)}} : std::nullopt;
  }
  if (t.kind == token_kind::integer || t.kind == token_kind::big_integer ||
      t.kind == token_kind::floating) {
    auto n = number();
    return n ? std::optional<operand>{*std::move(n)} : std::nullopt;
  }
  std::optional<operand> result;
  if (t.kind == token_kind::literal_true || t.kind == token_kind::literal_false) {
    result = literal{t.kind == token_kind::literal_true};
  } else if (t.kind == token_kind::literal_nil) {
    result = literal{};
  } else if (t.kind == token_kind::name) {
    result = make_field(t.text);
  } else {
    fail_expecting(expected);
    return std::nullopt;
  }
  advance();
  return result;
}

std::optional<literal> query_parser::number()
{
  const token t = current_;
  std::optional<literal> result;
  if (t.kind == token_kind::integer) {
    result = read_integer(t.text);
    if (!result) {
      fail(t, "not a 64-bit integer");
      return std::nullopt;
    }
  } else if (t.kind == token_kind::big_integer) {
    result = read_big_integer(t.text);
  } else if (t.kind == token_kind::floating) {
    result = literal{read_floating(t.text)};
  } else {
    fail_expecting("a number");
    return std::nullopt;
  }
  advance();
  return result;
}

std::optional<std::string> query_parser::string()
{
  const token t = current_;
  if (t.kind != token_kind::string) {
    fail_expecting("a string in double quotes");
    return std::nullopt;
  }
  auto text = read_string(t.text);
  if (const auto* bad = std::get_if<bad_string>(&text)) {
    fail(t, bad->reason);
    return std::nullopt;
  }
  advance();
  return std::get<std::string>(std::move(text));
}

void query_parser::fail(const token& at, std::string_view reason)
{
  const auto what = at.kind == token_kind::end ? std::string{"the end"} : std::string{at.text};
  error_.text = "malformed query at byte " + std::to_string(at.position) + " (" + what +
                "): " + std::string{reason};
}

void query_parser::fail_expecting(std::string_view expected)
{
  if (current_.kind == token_kind::invalid && current_.text.starts_with('"')) {
    fail(current_, "the string does not end");
  } else {
    fail(current_, "expected " + std::string{expected});
  }
}

} // namespace riemann::inline v0::testkit::detail

#include "testkit/regular_expression.hpp"

#include <cstdint>
#include <re2/re2.h>
#include <utility>

namespace riemann::testkit::detail {

namespace {

/// Of memory for one expression's automata, at most.
constexpr std::int64_t max_memory = std::int64_t{1} << 20;

re2::RE2::Options quiet_options()
{
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(max_memory);
  return options;
}

re2::StringPiece piece_of(std::string_view text) noexcept
{
  return {text.data(), text.size()};
}

} // namespace

std::variant<regular_expression, std::string> regular_expression::compile(std::string_view pattern)
{
  auto compiled = std::make_shared<const re2::RE2>(piece_of(pattern), quiet_options());
  if (!compiled->ok()) {
    return "not a regular expression that this server knows: " + compiled->error();
  }
  return regular_expression{std::move(compiled)};
}

bool regular_expression::found_in(std::string_view text) const noexcept
{
  return re2::RE2::PartialMatch(piece_of(text), *compiled_);
}

} // namespace riemann::testkit::detail

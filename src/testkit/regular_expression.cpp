#include "testkit/regular_expression.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <re2/re2.h>
#include <utility>

namespace riemann::inline v0::testkit::detail {

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

/// Java's classes hold classes (`[a[bc]]`) and intersect (`[a-z&&[^b]]`); RE2 reads the
/// signs for that as characters, and would find something else.
bool has_class_of_classes(std::string_view pattern) noexcept
{
  bool within = false;
  bool first = false; // of a class: a ] does not end it there
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const auto rest = pattern.substr(at);
    if (rest.starts_with("\\Q") && !within) {
      at = std::min(pattern.find("\\E", at), pattern.size());
    } else if (rest.front() == '\\') {
      first = false;
      ++at;
    } else if (!within) {
      within = first = rest.front() == '[';
      at += rest.starts_with("[^") ? 1 : 0;
    } else if (rest.front() == '[' || rest.starts_with("&&")) {
      return true;
    } else {
      within = first || rest.front() != ']';
      first = false;
    }
  }
  return false;
}

} // namespace

std::variant<regular_expression, std::string> regular_expression::compile(std::string_view pattern)
{
  constexpr auto unknown = "not a regular expression that this server knows: ";
  if (has_class_of_classes(pattern)) {
    return unknown + std::string{"a class within a class"};
  }
  auto compiled = std::make_shared<const re2::RE2>(piece_of(pattern), quiet_options());
  if (!compiled->ok()) {
    return unknown + compiled->error();
  }
  return regular_expression{std::move(compiled)};
}

bool regular_expression::found_in(std::string_view text) const noexcept
{
  return re2::RE2::PartialMatch(piece_of(text), *compiled_);
}

std::size_t regular_expression::size() const noexcept
{
  return static_cast<std::size_t>(std::max(compiled_->ProgramSize(), 0));
}

const std::string& regular_expression::text() const noexcept
{
  return compiled_->pattern();
}

} // namespace riemann::inline v0::testkit::detail

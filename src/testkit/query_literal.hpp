#ifndef RIEMANN_TESTKIT_QUERY_LITERAL_HPP
#define RIEMANN_TESTKIT_QUERY_LITERAL_HPP

#include "testkit/query_ast.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace riemann::inline v0::testkit::detail {

/// `-15`; nothing beyond the range of int64 and for `1L`, which the language
/// reserves and a real server refuses.
[[nodiscard]] std::optional<literal> read_integer(std::string_view text) noexcept;
/// `12N`: a plain integer where it fits.
[[nodiscard]] literal read_big_integer(std::string_view text);
/// `1.5`, `1e-3`, `-Infinity`, `NaN`.
[[nodiscard]] double read_floating(std::string_view text) noexcept;

/// Why a string is none.
struct bad_string {
  std::string reason{};
};
/// A string with its quotes, as EDN: what lies behind the first closing quote is
/// ignored, as a real server does.
[[nodiscard]] std::variant<std::string, bad_string> read_string(std::string_view quoted);

} // namespace riemann::inline v0::testkit::detail

#endif

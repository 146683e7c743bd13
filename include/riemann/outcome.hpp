#ifndef RIEMANN_OUTCOME_HPP
#define RIEMANN_OUTCOME_HPP

#include <riemann/detail/export.hpp>

#include <boost/system/error_code.hpp>
#include <boost/system/error_condition.hpp>

#include <string_view>
#include <type_traits>

namespace riemann::inline v0 {

/**
 * What became of a message: every one that is handed over ends in exactly one.
 *
 * An error condition: `if (ec == riemann::outcome::not_sent)` asks of any error
 * of this library whether the message may be sent again without doubling it.
 */
enum class outcome {
  /// The server answered `ok`.
  acked,
  /// UDP: handed to the kernel; nothing more can be known.
  sent,
  /// The server answered `ok = false`, with its text; part of the message may
  /// have been applied.
  rejected,
  /// No byte of it was given to the connection: safe to send again.
  not_sent,
  /// Written, in part or whole, and no answer came: sending it again may double it.
  unknown,
};

/// Its name, as it is written in the code.
[[nodiscard]] RIEMANN_EXPORT std::string_view to_string(outcome o) noexcept;

/// Of every `outcome`; its name is `riemann.outcome`.
[[nodiscard]] RIEMANN_EXPORT const boost::system::error_category& outcome_category() noexcept;

/// How an `outcome` becomes an `error_condition`, which happens by itself.
[[nodiscard]] inline boost::system::error_condition make_error_condition(outcome o) noexcept
{
  return {static_cast<int>(o), outcome_category()};
}

/// The outcome a message had that completed with `ec`: `acked` for success (over UDP
/// that is `sent`, which no error code can tell), `unknown` for an error this library
/// does not make.
[[nodiscard]] RIEMANN_EXPORT outcome outcome_of(const boost::system::error_code& ec) noexcept;

} // namespace riemann::inline v0

template <>
struct boost::system::is_error_condition_enum<riemann::outcome> : std::true_type {};

#endif

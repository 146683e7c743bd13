#ifndef RIEMANN_FAILURE_HPP
#define RIEMANN_FAILURE_HPP

#include <riemann/detail/export.hpp>
#include <riemann/error.hpp>
#include <riemann/response.hpp>

#include <boost/assert/source_location.hpp>
#include <boost/system/error_code.hpp>

#include <exception>
#include <string_view>

namespace riemann::inline v0 {

/// Why an operation failed: the error, and the words that came with it.
struct RIEMANN_EXPORT failure {
  /// The error, which belongs to one outcome.
  boost::system::error_code code{};
  /// The server's answer for `errc::rejected`, else this side's reason.
  response answer{};

  /// The answer's text: the server's words, or this side's.
  [[nodiscard]] std::string_view text() const noexcept { return answer.text(); }
};

/// The failure as an exception: `server_error` for `errc::rejected`, else
/// `boost::system::system_error`; `what()` holds the text.
[[nodiscard]] RIEMANN_EXPORT std::exception_ptr to_exception(const failure& f);

/// Throws it: how `boost::system::result<response, failure>::value()` does.
[[noreturn]] RIEMANN_EXPORT void throw_exception_from_error(const failure& f,
                                                            const boost::source_location& where);

} // namespace riemann::inline v0

#endif

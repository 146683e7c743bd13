#ifndef RIEMANN_TLS_ERROR_HPP
#define RIEMANN_TLS_ERROR_HPP

#include <riemann/detail/export.hpp>

#include <boost/system/error_code.hpp>
#include <boost/system/error_condition.hpp>

#include <type_traits>

namespace riemann::inline v0 {

/**
 * What kind of thing went wrong with TLS.
 *
 * An error condition: `if (ec == riemann::tls_error::wrong_name)`. The codes that it
 * is asked of are OpenSSL's own, whose `message()` is OpenSSL's reason: of
 * `asio::error::get_ssl_category()`, and where a certificate was found bad, of
 * `certificate_category()`. `async_connect` completes with them, and
 * `statistics::last_failure` keeps the last one.
 */
enum class tls_error {
  // The server's certificate, as it was judged here.
  /// It is for another name or address than `server_name`.
  wrong_name = 1,
  /// Of it or of one it rests on, the time is over.
  expired,
  /// ...has not come.
  not_yet_valid,
  /// It rests on nothing but itself, and is not trusted.
  self_signed,
  /// Nobody trusted has signed it: another authority has, or an intermediate
  /// certificate is missing.
  untrusted,
  /// A key or a signature in its chain is weaker than OpenSSL's security level allows.
  weak,
  /// Anything else that OpenSSL finds wrong with it.
  certificate_invalid,

  // The server's verdict, by an alert.
  /// It demands a client certificate, and got none. Only from TLS 1.3 on there is an
  /// alert for it; before, it is that of `refused`.
  client_certificate_required,
  /// It does not accept the client certificate. A Riemann (Java) says so of a missing
  /// one, too.
  client_certificate_refused,
  /// Any other alert: no version or cipher in common, for one.
  refused,

  // The stream.
  /// The other side does not speak TLS.
  not_tls,
  /// The connection ended without TLS's close_notify: what came may not be all.
  truncated,
  /// Anything else that OpenSSL reports.
  failed,
};

/// Of every `tls_error`; its name is `riemann.tls`.
[[nodiscard]] RIEMANN_EXPORT const boost::system::error_category& tls_error_category() noexcept;

/// How a `tls_error` becomes an `error_condition`, which happens by itself.
[[nodiscard]] inline boost::system::error_condition make_error_condition(tls_error e) noexcept
{
  return {static_cast<int>(e), tls_error_category()};
}

/// Of codes that are OpenSSL's verdicts on certificates (`X509_V_ERR_...`).
[[nodiscard]] RIEMANN_EXPORT const boost::system::error_category& certificate_category() noexcept;

/// Whether the code is one that TLS has brought forth, rather than the socket.
[[nodiscard]] RIEMANN_EXPORT bool is_tls_error(const boost::system::error_code& ec) noexcept;

} // namespace riemann::inline v0

template <>
struct boost::system::is_error_condition_enum<riemann::tls_error> : std::true_type {};

#endif

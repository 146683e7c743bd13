#ifndef RIEMANN_ERROR_HPP
#define RIEMANN_ERROR_HPP

#include <riemann/detail/export.hpp>
#include <riemann/outcome.hpp>

#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <cstddef>
#include <string>
#include <type_traits>

namespace riemann::inline v0 {

/**
 * Why an operation failed. Each belongs to one `outcome`; those of a cancelled
 * operation also equal `boost::system::errc::operation_canceled`, those of a
 * missed deadline `boost::system::errc::timed_out`. (None equals
 * `asio::error::operation_aborted`, with which connects and disconnects end.)
 *
 * The reason behind a code (the kernel's, the resolver's, the server's) is in
 * `response::text()`.
 */
enum class errc {
  /// The server answered `ok = false`. Outcome: rejected.
  rejected = 1,

  // Outcome not_sent: no byte of the message was given to the connection.
  /// Cancelled before it was written (`cancel()`, a cancellation slot, or the
  /// transport was destroyed).
  cancelled,
  /// A bound on queued messages or bytes was reached.
  overloaded,
  /// It made way in a full queue for another: `overload_policy::drop_oldest` or
  /// `drop_newest`.
  dropped,
  /// Longer than `max_message_size`, over UDP `max_datagram_size` or what the path
  /// takes.
  message_too_large,
  /// Its own deadline, or `max_queue_age`, passed while it was queued.
  expired,
  /// The name could not be resolved, or no address accepted a connection, in as many
  /// rounds as `max_connect_tries`.
  connect_failed,
  /// `connect_timeout` passed before a connection was open.
  connect_timeout,
  /// TLS: the handshake failed, or the server refused our certificate after it and
  /// before its first answer. What it was about: `statistics::last_failure`, and the
  /// error of `async_connect`.
  handshake_failed,
  /// TLS: `handshake_timeout` passed before the end of the handshake.
  handshake_timeout,
  /// UDP: the socket failed before the kernel took any byte of it.
  not_written,
  /// `async_disconnect` was called; `async_connect` opens the transport again.
  disconnected,
  /// The transport cannot do what the message asks (a query over UDP).
  not_supported,

  // Outcome unknown: written, in part or whole, and no answer came.
  /// Cancelled after it was written; its answer will be read and thrown away.
  abandoned,
  /// The peer closed the connection, or it broke.
  connection_lost,
  /// TLS: an alert from the server, or bytes that are not what it sent, ended the
  /// connection.
  tls_failed,
  /// Its own deadline passed after it was written.
  deadline_exceeded,
  /// `answer_timeout` passed with an answer owed; the connection was closed.
  answer_timeout,
  /// `write_timeout` passed without the kernel taking a byte, or over TLS a whole record; the
  /// connection was closed.
  write_timeout,
  /// The deadline of `async_disconnect` passed with the answer still owed.
  drain_timeout,

  // Outcome unknown: the peer broke the protocol, and the connection was closed.
  /// An answer that is not a message.
  malformed_answer,
  /// An answer longer than `max_answer_size`.
  answer_too_large,
  /// An answer to events alone that holds events: somebody else's.
  unexpected_events,
  /// An answer nobody asked for.
  surplus_answer,

  /// `async_read_frame`: the frame's length is over the limit given.
  frame_too_large,
};

/// Every `errc` is at least 1 and below this.
inline constexpr std::size_t errc_limit = static_cast<std::size_t>(errc::frame_too_large) + 1;

/// Of every `errc`; its name is `riemann`.
[[nodiscard]] RIEMANN_EXPORT const boost::system::error_category& error_category() noexcept;

/// How an `errc` becomes an `error_code`, which happens by itself.
[[nodiscard]] inline boost::system::error_code make_error_code(errc e) noexcept
{
  return {static_cast<int>(e), error_category()};
}

/// Thrown where a rejection is turned into an exception: `what()` holds the
/// server's own text.
class RIEMANN_EXPORT server_error : public boost::system::system_error {
public:
  /// With the code `errc::rejected`, and this for its text.
  explicit server_error(const std::string& text);
};

} // namespace riemann::inline v0

template <>
struct boost::system::is_error_code_enum<riemann::errc> : std::true_type {};

#endif

#ifndef RIEMANN_CONNECTION_CHANGE_HPP
#define RIEMANN_CONNECTION_CHANGE_HPP

#include <riemann/detail/export.hpp>

#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace riemann::inline v0 {

/// What a transport's connection is about to do, or has done.
enum class connection_state : std::uint8_t {
  /// A server is tried.
  connecting,
  /// The connection is open.
  open,
  /// A server could not be reached.
  failed,
  /// An open connection ended by itself.
  lost,
  /// It was closed on purpose: by `async_disconnect`, by `cancel()`, or to go back to
  /// the preferred server.
  closed,
  /// The next try begins at `until`.
  backing_off,
};

/// Its name, as it is written in the code.
[[nodiscard]] RIEMANN_EXPORT const char* to_string(connection_state s) noexcept;

/// What a transport tells of its connection.
struct RIEMANN_EXPORT connection_change {
  /// What has happened.
  connection_state state = connection_state::closed;
  /// `host:port`.
  std::string server{};
  /// Of `failed` and `lost`.
  boost::system::error_code error{};
  /// The same in words, for a log.
  std::string reason{};
  /// Of `backing_off`.
  std::chrono::steady_clock::time_point until{};
  /// Rounds of tries in a row that have failed.
  std::uint64_t failures = 0;
};

/// Called on the transport's executor, one change after the other, by a post: what it
/// throws comes out of the executor's `run()`, as from any handler, and does no harm to
/// the transport.
using connection_observer = std::function<void(const connection_change&)>;

} // namespace riemann::inline v0

#endif

#ifndef RIEMANN_CONNECTION_LOG_HPP
#define RIEMANN_CONNECTION_LOG_HPP

#include <riemann/connection_change.hpp>
#include <riemann/detail/export.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace riemann::inline v0 {

/// How much a line of a log matters, from the least on.
enum class log_level : std::uint8_t { debug, info, warning, error };

/// Its name, as it is written in the code.
[[nodiscard]] RIEMANN_EXPORT const char* to_string(log_level l) noexcept;

/// Where lines go, without a line's end. Called one after the other, from whichever thread
/// has something to tell; it is not to tell the log anything itself.
using log_sink = std::function<void(log_level, std::string_view)>;

/// How a `connection_log` writes.
struct RIEMANN_EXPORT log_options {
  /// While there is no connection: a line so often, and no more. 1 ms to
  /// `session_options::max_duration`.
  std::chrono::milliseconds interval = std::chrono::minutes{1};
  /// Lines below are left out.
  log_level least = log_level::info;

  /// Throws `std::invalid_argument`, naming the option and what it may be.
  void validate() const;
};

/**
 * An observer that writes a log for people: `transport.observe(connection_log{sink})`.
 *
 * An outage is one line as it begins, one a `log_options::interval` while it lasts, with
 * how often and for how long a server has been tried, and one as it ends; connections that
 * come and go all the time are no more. Each try by itself is `log_level::debug`.
 *
 * Copies are the same log, and take an outage for the same: make one for each transport.
 * They may be called from any threads.
 */
class RIEMANN_EXPORT connection_log {
public:
  /// Where it has the time from.
  using clock_source = std::function<std::chrono::steady_clock::time_point()>;

  /// `now`: the clock, for tests. Throws `std::invalid_argument` for invalid options or
  /// an empty sink.
  explicit connection_log(log_sink sink, log_options options = {},
                          clock_source now = std::chrono::steady_clock::now);

  /// Writes what there is to say of it, if anything. For the transport to call.
  void operator()(const connection_change& change) const;

private:
  class writer;
  std::shared_ptr<writer> writer_; ///< the copies' too
};

} // namespace riemann::inline v0

#endif

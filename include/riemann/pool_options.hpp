#ifndef RIEMANN_POOL_OPTIONS_HPP
#define RIEMANN_POOL_OPTIONS_HPP

#include <riemann/detail/export.hpp>
#include <riemann/options.hpp>

#include <chrono>
#include <cstddef>
#include <vector>

namespace riemann::inline v0 {

/// Several connections that share what is to be sent.
struct RIEMANN_EXPORT pool_options {
  /// Most connections there may be.
  static constexpr std::size_t max_connections = 64;

  /// One or more; all bounds and deadlines are those of one connection, and so are the
  /// backoff and `max_connect_tries`: with no limit, what is queued waits for the first
  /// connection that can be opened.
  std::vector<tcp_options> servers{tcp_options{}};
  /// In all, dealt round the servers; at least one each, at most `max_connections`.
  std::size_t connections = 2;
  /// How long a connection that has failed, and that no message waits for, is left alone.
  /// It is tried again when a message comes, or another connection fails while messages
  /// wait; they go elsewhere meanwhile. 1 ms to `session_options::max_duration`.
  std::chrono::milliseconds retry_interval = std::chrono::seconds{1};

  /// Throws `std::invalid_argument`, naming the option and what it may be.
  void validate() const;
};

} // namespace riemann::inline v0

#endif

#ifndef RIEMANN_HYBRID_OPTIONS_HPP
#define RIEMANN_HYBRID_OPTIONS_HPP

#include <riemann/detail/export.hpp>
#include <riemann/options.hpp>

#include <chrono>

namespace riemann::inline v0 {

/// Both ways to one server; each with a host and a port of its own.
struct RIEMANN_EXPORT hybrid_options {
  /// The way of queries, and of messages that a datagram does not hold.
  tcp_options tcp{};
  /// Messages of up to its `max_datagram_size` go this way.
  udp_options udp{};
  /// How old an address may become that datagrams go to: the first of them that is sent
  /// later has the name looked up anew, in passing, and when its address is not among
  /// those found the ones after go to the new one. 1 ms to
  /// `session_options::max_duration`. (TCP looks its name up for each connection.)
  std::chrono::milliseconds resolve_interval = std::chrono::minutes{1};

  /// Throws `std::invalid_argument`, naming the option and what it may be.
  void validate() const;
};

} // namespace riemann::inline v0

#endif

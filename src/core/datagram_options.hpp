#ifndef RIEMANN_CORE_DATAGRAM_OPTIONS_HPP
#define RIEMANN_CORE_DATAGRAM_OPTIONS_HPP

#include <riemann/options.hpp>

#include <chrono>
#include <cstddef>

namespace riemann::inline v0::core {

/// A session's, and how its messages are put together; see `udp_options`.
struct datagram_options : session_options {
  // NOLINTNEXTLINE(google-explicit-constructor): the usual ones are enough
  datagram_options(const session_options& session = {}, std::size_t max_coalesced = 0,
                   std::chrono::microseconds linger_for = {})
      : session_options{session}, max_coalesced_size{max_coalesced}, linger{linger_for}
  {}

  std::size_t max_coalesced_size;
  std::chrono::microseconds linger;
};

} // namespace riemann::inline v0::core

#endif

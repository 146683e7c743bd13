#ifndef RIEMANN_NET_TLS_KIND_HPP
#define RIEMANN_NET_TLS_KIND_HPP

#include "net/tcp_kind.hpp"
#include "net/tls_channel.hpp"
#include "net/tls_setup.hpp"

#include <chrono>

namespace riemann::inline v0::net {

/// Frames within TLS, on a TCP socket.
struct tls_kind : tcp_kind {
  using options_type = tls_settings;
  template <class Executor>
  using channel = tls_channel<Executor>;

  /// A TLS stream is not to be touched by several threads at once, not even between
  /// the steps of its operations.
  static constexpr bool on_strand = true;
  static constexpr bool has_handshake = true;

  static std::chrono::milliseconds handshake_timeout(const tls_settings& options) noexcept
  {
    return options.handshake_timeout;
  }
};

} // namespace riemann::inline v0::net

#endif

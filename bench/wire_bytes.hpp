#ifndef RIEMANN_BENCH_WIRE_BYTES_HPP
#define RIEMANN_BENCH_WIRE_BYTES_HPP

#include <cstddef>

namespace bench {

/// What a TCP socket has carried, as the kernel counts it: what TLS adds is in it.
struct wire_bytes {
  std::size_t sent = 0;
  std::size_t received = 0;
};

/// Until now. Throws when the kernel does not tell.
wire_bytes wire_bytes_of(int socket);

} // namespace bench

#endif

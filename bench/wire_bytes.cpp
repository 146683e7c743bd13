#include "wire_bytes.hpp"

#include <cerrno>
#include <linux/tcp.h> // glibc's own lacks these counts
#include <netinet/in.h>
#include <sys/socket.h>
#include <system_error>

namespace bench {

wire_bytes wire_bytes_of(int socket)
{
  tcp_info told{};
  socklen_t size = sizeof told;
  if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &told, &size) != 0) {
    throw std::system_error{errno, std::generic_category(), "TCP_INFO"};
  }
  // Not what was acknowledged: the last of it may not be, yet.
  return {static_cast<std::size_t>(told.tcpi_bytes_sent),
          static_cast<std::size_t>(told.tcpi_bytes_received)};
}

} // namespace bench

#ifndef RIEMANN_BENCH_RAW_SOCKET_HPP
#define RIEMANN_BENCH_RAW_SOCKET_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace bench {

/// A connected socket that does not block, with nothing between it and the kernel.
class raw_socket {
public:
  /// `type`: SOCK_STREAM or SOCK_DGRAM. Throws when it cannot connect.
  raw_socket(const std::string& host, std::uint16_t port, int type);
  raw_socket(const raw_socket&) = delete;
  raw_socket& operator=(const raw_socket&) = delete;
  ~raw_socket();

  /// Bytes taken; 0 when it would block.
  std::size_t write(std::span<const std::byte> bytes);
  /// Bytes read; 0 when it would block.
  std::size_t read(std::span<std::byte> room);
  void wait(bool writable);
  [[nodiscard]] int handle() const noexcept { return fd_; }

private:
  int fd_ = -1;
};

} // namespace bench

#endif

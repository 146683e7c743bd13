#include "floor.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace bench {

namespace {

/// `00000002 1001`: what acknowledges a message of events.
constexpr std::size_t answer_size = 6;

[[noreturn]] void fail(const char* what)
{
  throw std::system_error{errno, std::generic_category(), what};
}

class raw_socket {
public:
  raw_socket(const std::string& host, std::uint16_t port)
  {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
      throw std::runtime_error{"cannot resolve " + host};
    }
    for (const addrinfo* a = found; a != nullptr && fd_ < 0; a = a->ai_next) {
      fd_ = ::socket(a->ai_family, a->ai_socktype, a->ai_protocol);
      if (fd_ >= 0 && ::connect(fd_, a->ai_addr, a->ai_addrlen) != 0) {
        ::close(fd_);
        fd_ = -1;
      }
    }
    freeaddrinfo(found);
    if (fd_ < 0) {
      fail("connect");
    }
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::fcntl(fd_, F_SETFL, ::fcntl(fd_, F_GETFL) | O_NONBLOCK);
  }
  raw_socket(const raw_socket&) = delete;
  raw_socket& operator=(const raw_socket&) = delete;
  ~raw_socket() { ::close(fd_); }

  std::size_t write(std::span<const std::byte> bytes)
  {
    return progress(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL), "send");
  }
  std::size_t read(std::span<std::byte> room)
  {
    const auto n = ::recv(fd_, room.data(), room.size(), 0);
    if (n == 0) {
      throw std::runtime_error{"the server closed the connection"};
    }
    return progress(n, "recv");
  }
  void wait(bool writable)
  {
    pollfd p{fd_, static_cast<short>(writable ? POLLIN | POLLOUT : POLLIN), 0};
    if (::poll(&p, 1, -1) < 0) {
      fail("poll");
    }
  }

private:
  static std::size_t progress(ssize_t n, const char* what)
  {
    if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK) {
      fail(what);
    }
    return n < 0 ? 0 : static_cast<std::size_t>(n);
  }

  int fd_ = -1;
};

} // namespace

sample run_floor(const std::string& host, std::uint16_t port, std::span<const std::byte> frame,
                 std::size_t window, std::size_t total)
{
  raw_socket socket{host, port};
  std::vector<std::byte> ready(frame.size() * window);
  for (std::size_t i = 0; i != window; ++i) {
    std::ranges::copy(frame, ready.begin() + static_cast<std::ptrdiff_t>(i * frame.size()));
  }
  std::vector<std::byte> answers(std::size_t{64} << 10);
  const std::size_t all_bytes = total * frame.size();
  std::size_t written = 0;
  std::size_t read = 0;
  stopwatch watch;
  watch.start();
  while (read != total * answer_size) {
    const std::size_t allowed = std::min(all_bytes, (read / answer_size + window) * frame.size());
    const std::size_t offset = written % frame.size();
    const std::size_t wanted = std::min(allowed - written, ready.size() - offset);
    const std::size_t wrote = wanted == 0 ? 0 : socket.write({ready.data() + offset, wanted});
    written += wrote;
    const std::size_t got = socket.read(answers);
    read += got;
    if (wrote == 0 && got == 0) {
      socket.wait(written != allowed);
    }
  }
  watch.stop();
  return watch.stopped(total);
}

} // namespace bench

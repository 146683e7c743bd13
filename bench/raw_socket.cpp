#include "raw_socket.hpp"

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

namespace bench {

namespace {

[[noreturn]] void fail(const char* what)
{
  throw std::system_error{errno, std::generic_category(), what};
}

std::size_t progress(ssize_t n, const char* what)
{
  if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK) {
    fail(what);
  }
  return n < 0 ? 0 : static_cast<std::size_t>(n);
}

} // namespace

raw_socket::raw_socket(const std::string& host, std::uint16_t port, int type)
{
  addrinfo hints{};
  hints.ai_socktype = type;
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
  if (type == SOCK_STREAM) {
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }
  ::fcntl(fd_, F_SETFL, ::fcntl(fd_, F_GETFL) | O_NONBLOCK);
}

raw_socket::~raw_socket()
{
  ::close(fd_);
}

std::size_t raw_socket::write(std::span<const std::byte> bytes)
{
  return progress(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL), "send");
}

std::size_t raw_socket::read(std::span<std::byte> room)
{
  const auto n = ::recv(fd_, room.data(), room.size(), 0);
  if (n == 0) {
    throw std::runtime_error{"the server closed the connection"};
  }
  return progress(n, "recv");
}

void raw_socket::wait(bool writable)
{
  pollfd p{fd_, static_cast<short>(writable ? POLLIN | POLLOUT : POLLIN), 0};
  if (::poll(&p, 1, -1) < 0) {
    fail("poll");
  }
}

} // namespace bench

#ifndef RIEMANN_NET_PLAIN_CHANNEL_HPP
#define RIEMANN_NET_PLAIN_CHANNEL_HPP

#include <boost/asio/strand.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <string>
#include <utility>

namespace riemann::inline v0::net {

/// What a session shell reads and writes: a connected socket as it is, by its kind's
/// functions.
template <class Kind, class Executor>
class plain_channel {
public:
  using socket_type = typename Kind::protocol::socket::template rebind_executor<Executor>::other;

  plain_channel(socket_type socket, const boost::asio::strand<Executor>&,
                const typename Kind::options_type&, const std::string& /*host*/)
      : socket_{std::move(socket)}
  {}

  [[nodiscard]] socket_type& socket() noexcept { return socket_; }

  /// It is taken into use.
  void established() noexcept {}

  /// Without waiting: `would_block` when the kernel takes nothing now.
  template <class Buffer>
  std::size_t write_now(const Buffer& from, boost::system::error_code& error)
  {
    return Kind::write_now(socket_, from, error);
  }
  template <class Buffer, class Handler>
  void write_some(const Buffer& from, Handler handler)
  {
    Kind::write_some(socket_, from, std::move(handler));
  }
  template <class Buffer, class Handler>
  void read_some(const Buffer& to, Handler handler)
  {
    Kind::read_some(socket_, to, std::move(handler));
  }

  /// How much of the last write the peer may have got, when it failed after `n` bytes.
  [[nodiscard]] std::size_t perhaps_taken(std::size_t n) const noexcept { return n; }

  /// Gives back the memory that a busy time has left: there is none.
  void rest() noexcept {}

  /// What is outstanding completes with an error.
  void close(bool /*clean*/) noexcept
  {
    boost::system::error_code ignored;
    // NOLINTNEXTLINE(bugprone-unused-return-value): nobody to tell
    socket_.shutdown(socket_type::shutdown_both, ignored);
    socket_.close(ignored); // NOLINT(bugprone-unused-return-value): as above
  }

private:
  socket_type socket_;
};

} // namespace riemann::inline v0::net

#endif

#ifndef RIEMANN_TESTKIT_DATAGRAM_RECEIVER_HPP
#define RIEMANN_TESTKIT_DATAGRAM_RECEIVER_HPP

#include "testkit/server_state.hpp"

#include <boost/asio/ip/udp.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace riemann::inline v0::testkit::detail {

struct datagram_options {
  /// What lies beyond is cut off.
  std::size_t max_datagram_size = 0;
  /// Datagrams taken before other work gets its turn.
  unsigned burst = 64;
  /// SO_RCVBUF in bytes, as far as the kernel allows; 0: what it is.
  int receive_buffer = 0;
};

/// Reads datagrams and answers none. The mutex is there for `close()`, which may
/// come from anywhere.
class datagram_receiver : public std::enable_shared_from_this<datagram_receiver> {
public:
  datagram_receiver(boost::asio::ip::udp::socket socket, std::shared_ptr<server_state> state,
                    datagram_options options);

  void start();
  void close() noexcept;

private:
  void wait();
  void on_readable(const boost::system::error_code& ec);
  /// With the state's mutex held. Whether there was a datagram.
  bool receive(timestamp now);

  const std::shared_ptr<server_state> state_;
  const datagram_options options_;
  std::mutex mutex_{};
  std::optional<boost::asio::ip::udp::socket> socket_;
  std::vector<std::byte> buffer_;
};

} // namespace riemann::inline v0::testkit::detail

#endif

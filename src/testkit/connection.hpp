#ifndef RIEMANN_TESTKIT_CONNECTION_HPP
#define RIEMANN_TESTKIT_CONNECTION_HPP

#include "testkit/connection_core.hpp"
#include "testkit/server_state.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace riemann::testkit::detail {

/**
 * Carries out what a `connection_core` asks, over a socket whose executor is a
 * strand. The mutex is there for `close()` alone, which may come from anywhere
 * and takes effect before it returns.
 */
class connection : public std::enable_shared_from_this<connection> {
public:
  connection(boost::asio::ip::tcp::socket socket, std::shared_ptr<server_state> state,
             connection_options options, std::uint64_t number);
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;
  ~connection();

  void start();
  void close() noexcept;

private:
  // All with the mutex held.
  void read();
  void read_after_pause();
  void write();
  void wait();
  void proceed();
  void proceed_reading();
  void close_socket(bool reset = false) noexcept;

  void on_read(const boost::system::error_code& ec, std::size_t n);
  void on_written(const boost::system::error_code& ec, std::size_t n);
  void on_waited();

  struct io {
    explicit io(boost::asio::ip::tcp::socket s)
        : socket{std::move(s)},
          write_pause{socket.get_executor()},
          read_pause{socket.get_executor()}
    {}

    boost::asio::ip::tcp::socket socket;
    boost::asio::steady_timer write_pause;
    boost::asio::steady_timer read_pause;
  };

  const std::shared_ptr<server_state> state_;
  std::mutex mutex_{};
  std::optional<io> io_;
  connection_core core_;
  bool sending_ = false; ///< a write or a pause
};

} // namespace riemann::testkit::detail

#endif

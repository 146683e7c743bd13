#ifndef RIEMANN_TESTKIT_CONNECTION_HPP
#define RIEMANN_TESTKIT_CONNECTION_HPP

#include "testkit/connection_core.hpp"
#include "testkit/server_state.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>

namespace riemann::testkit::detail {

/**
 * Carries out what a `connection_core` asks, over a socket whose executor is a
 * strand. The mutex is there for `close()` alone, which may come from anywhere
 * and takes effect before it returns.
 */
class connection : public std::enable_shared_from_this<connection> {
public:
  connection(boost::asio::ip::tcp::socket socket, std::shared_ptr<server_state> state,
             connection_options options, answer_policy policy);
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;
  ~connection();

  void start();
  void close() noexcept;

private:
  // All with the mutex held.
  void read();
  void write();
  void proceed();
  void close_socket() noexcept;

  void on_read(const boost::system::error_code& ec, std::size_t n);
  void on_written(const boost::system::error_code& ec, std::size_t n);

  const std::shared_ptr<server_state> state_;
  std::mutex mutex_{};
  std::optional<boost::asio::ip::tcp::socket> socket_;
  connection_core core_;
  bool writing_ = false;
};

} // namespace riemann::testkit::detail

#endif

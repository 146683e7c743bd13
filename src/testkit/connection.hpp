#ifndef RIEMANN_TESTKIT_CONNECTION_HPP
#define RIEMANN_TESTKIT_CONNECTION_HPP

#include "testkit/connection_core.hpp"
#include "testkit/plain_wire.hpp"
#include "testkit/server_state.hpp"
#include "testkit/tls_wire.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace riemann::inline v0::testkit::detail {

/// A connection, whatever its wire.
class any_connection {
public:
  /// From any thread; takes effect before it returns.
  virtual void close() noexcept = 0;

protected:
  ~any_connection() = default;
};

/**
 * Carries out what a `connection_core` asks, over a socket whose executor is a
 * strand. The mutex is there for `close()` alone, which may come from anywhere.
 */
template <class Wire>
class connection final : public any_connection,
                         public std::enable_shared_from_this<connection<Wire>> {
public:
  /// `unread_timeout`: as in `server_options`.
  connection(Wire wire, std::shared_ptr<server_state> state, connection_options options,
             std::chrono::milliseconds unread_timeout, std::uint64_t number);
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;
  ~connection();

  void start();
  void close() noexcept override;

private:
  // All with the mutex held.
  void begin();
  void read();
  void write();
  void wait();
  void shut();
  void leave();
  void proceed();
  void carry_out();
  void proceed_reading();
  void hold_back();
  void take_held_back();
  void count_closed() noexcept;
  void close_socket() noexcept;
  void reset_socket() noexcept;
  void say_goodbye()
    requires(Wire::is_secure);
  void refuse()
    requires(Wire::is_secure);
  void set_deadline()
    requires(Wire::is_secure);

  void read_after_pause();
  void on_unread(const boost::system::error_code& ec);
  void on_read(const boost::system::error_code& ec, std::size_t n);
  void on_written(const boost::system::error_code& ec, std::size_t n);
  void on_waited();
  void shake_hands()
    requires(Wire::is_secure);
  void on_handshake(const boost::system::error_code& ec)
    requires(Wire::is_secure);
  void on_goodbye()
    requires(Wire::is_secure);
  void on_deadline()
    requires(Wire::is_secure);

  struct io {
    explicit io(Wire w)
        : wire{std::move(w)},
          write_pause{wire.socket().get_executor()},
          read_pause{wire.socket().get_executor()}
    {}

    Wire wire;
    boost::asio::steady_timer write_pause;
    boost::asio::steady_timer read_pause;
  };

  const std::shared_ptr<server_state> state_;
  std::mutex mutex_{};
  std::optional<io> io_;
  connection_core core_;
  const std::chrono::milliseconds unread_timeout_;
  std::uint64_t written_ = 0;        ///< bytes
  std::uint64_t written_before_ = 0; ///< when it was last looked whether any are taken
  bool holding_ = false;             ///< nothing is read: too much is not taken
  bool sending_ = false;             ///< a write, a pause, or a goodbye
  bool counted_ = true;              ///< as open
};

using plain_connection = connection<plain_wire>;
using tls_connection = connection<tls_wire>;

extern template class connection<plain_wire>;
extern template class connection<tls_wire>;

} // namespace riemann::inline v0::testkit::detail

#endif

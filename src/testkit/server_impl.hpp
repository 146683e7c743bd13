#ifndef RIEMANN_TESTKIT_SERVER_IMPL_HPP
#define RIEMANN_TESTKIT_SERVER_IMPL_HPP

#include "testkit/connection.hpp"
#include "testkit/context_watch.hpp"
#include "testkit/datagram_receiver.hpp"
#include "testkit/server_state.hpp"

#include <riemann/testkit/server.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace riemann::inline v0::testkit {

/// Shared by the public object and by every operation under way. All that
/// touches Asio is in optionals, which `release_io` empties when the context is
/// destroyed first.
class RIEMANN_HIDDEN server::impl final : public std::enable_shared_from_this<server::impl>,
                                          public detail::context_bound {
public:
  impl(const boost::asio::any_io_executor& executor, const server_options& options);

  /// Begins to accept; once, right after construction.
  void start();
  void stop() noexcept;
  void close_connections() noexcept;
  void inject(std::vector<fault> together, fault_place where);
  void clear_faults();
  void release_io() noexcept override { stop(); }

  [[nodiscard]] boost::asio::ip::tcp::endpoint endpoint() const { return endpoint_; }
  /// Nothing, without TLS.
  [[nodiscard]] std::optional<boost::asio::ip::tcp::endpoint> tls_endpoint() const
  {
    return tls_endpoint_;
  }
  [[nodiscard]] server_counters counters() const;
  [[nodiscard]] std::vector<event> index() const;

private:
  /// Where connections of one kind come in.
  struct door {
    boost::asio::ip::tcp::acceptor acceptor;
    /// Accepting failed (no descriptors left, say) and is tried again at the
    /// next tick.
    bool paused = false;
  };
  /// What dies with the context.
  struct io {
    boost::asio::any_io_executor executor;
    boost::asio::steady_timer timer;
    door plain;
    std::optional<door> tls{};
  };

  // All with the mutex held.
  void accept(door& at);
  void welcome(const door& at, boost::asio::ip::tcp::socket socket);
  template <class Wire>
  void start_connection(Wire wire);
  void schedule_tick();
  void remember(const std::shared_ptr<detail::any_connection>& c);

  void on_accepted(door& at, const boost::system::error_code& ec,
                   boost::asio::ip::tcp::socket socket);
  void on_tick(const boost::system::error_code& ec);

  const server_options options_;
  const std::shared_ptr<detail::server_state> state_;
  detail::tls_manner tls_{};
  boost::asio::ip::tcp::endpoint endpoint_{};
  std::optional<boost::asio::ip::tcp::endpoint> tls_endpoint_{};
  std::shared_ptr<detail::datagram_receiver> datagrams_{};
  std::mutex mutex_{};
  std::optional<io> io_{};
  std::vector<std::weak_ptr<detail::any_connection>> connections_{};
  std::uint64_t accepted_ = 0;
};

} // namespace riemann::inline v0::testkit

#endif

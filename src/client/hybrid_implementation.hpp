#ifndef RIEMANN_CLIENT_HYBRID_IMPLEMENTATION_HPP
#define RIEMANN_CLIENT_HYBRID_IMPLEMENTATION_HPP

#include "client/hybrid_send.hpp"
#include "core/ledger.hpp"
#include "net/shutdown_service.hpp"

#include <riemann/detail/socket_implementation.hpp>
#include <riemann/hybrid_options.hpp>

#include <boost/asio/ip/basic_resolver.hpp>
#include <boost/asio/ip/udp.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace riemann::clients {

/**
 * Two transports as one. What is handed over is counted here and handed on at once; it
 * is counted out when the last attempt at it has ended. Nothing is kept waiting here.
 *
 * When the name that datagrams go to has another address, another UDP transport is
 * opened beside the one in use; once it is open it takes that one's place, which is
 * drained and closed.
 *
 * Locks: the mutex is held while commands are handed to the transports inside, so that
 * all of them see these in the same order; those call nothing of ours meanwhile. It is
 * not held while a handler is moved, called or destroyed.
 */
class hybrid_implementation final : public detail::implementation,
                                    public net::shutdown_node,
                                    public std::enable_shared_from_this<hybrid_implementation> {
public:
  using datagram_transport = detail::socket_implementation<boost::asio::ip::udp>;

  /// What it is made of.
  struct parts {
    std::shared_ptr<detail::implementation> stream;
    /// Given the executor: it may hold none itself.
    std::function<std::shared_ptr<datagram_transport>(const boost::asio::any_io_executor&)>
        make_datagrams;
  };

  hybrid_implementation(const boost::asio::any_io_executor& executor, const hybrid_options& options,
                        parts inside);
  ~hybrid_implementation() override;

  [[nodiscard]] boost::asio::any_io_executor executor() const noexcept override { return own_; }
  detail::operation_id new_operation_id() noexcept override { return ++last_id_; }
  void connect(detail::done_slot handler, detail::operation_id id) override;
  void send(message&& m, const send_options& options, detail::send_slot&& handler,
            detail::operation_id id) override;
  void disconnect(std::chrono::steady_clock::duration deadline, detail::done_slot handler,
                  detail::operation_id id) override;
  void cancel() override;
  void cancel_operation(detail::operation_id id, bool only_unwritten) override;
  [[nodiscard]] riemann::statistics statistics() const override;
  void close() noexcept override;
  void on_context_shutdown() noexcept override;

  [[nodiscard]] boost::system::result<boost::asio::ip::udp::endpoint> datagram_address() const;

  // --- for its operations

  void attempted(const std::shared_ptr<hybrid_send>& what, way by, boost::system::error_code error,
                 response answer);
  void forget(hybrid_send& what) noexcept;

private:
  using clock = std::chrono::steady_clock;
  using resolver_type =
      boost::asio::ip::basic_resolver<boost::asio::ip::udp, boost::asio::any_io_executor>;

  struct operation_name {
    using type = detail::operation_id;
    type operator()(const hybrid_send& s) const noexcept { return s.id; }
  };
  using cancellable_set = boost::intrusive::set<
      hybrid_send, boost::intrusive::key_of_value<operation_name>,
      boost::intrusive::member_hook<
          hybrid_send, boost::intrusive::set_member_hook<boost::intrusive::optimize_size<true>>,
          &hybrid_send::id_link>>;

  void submit(hybrid_send& what, bool by_datagram);
  void unsubmit(hybrid_send& what) noexcept;
  void attempt(const std::shared_ptr<hybrid_send>& what, way by);
  [[nodiscard]] std::optional<way> next_way(hybrid_send& what, boost::system::error_code& error);

  void drained() noexcept;

  // With the mutex held.
  template <class Function>
  void for_each_inside(Function function) const;
  void look_up_if_due() noexcept;
  void open_replacement() noexcept;
  void drop_replacement() noexcept;

  void on_found(boost::system::error_code error, const resolver_type::results_type& found);
  void on_replacement(boost::system::error_code error, unsigned turn);
  void on_retired(const datagram_transport* which);

  boost::asio::any_io_executor own_;
  const hybrid_options options_;
  const parts inside_;
  std::atomic<bool> context_gone_ = false;
  std::atomic<detail::operation_id> last_id_{0};

  mutable std::mutex mutex_{};
  core::ledger ledger_{};
  cancellable_set cancellable_{};
  std::uint64_t era_ = 0; ///< ends with a cancel or disconnect
  unsigned drains_ = 0;   ///< under way
  bool disconnected_ = false;
  bool closed_ = false;
  std::shared_ptr<datagram_transport> datagrams_;
  std::shared_ptr<datagram_transport> replacement_{}; ///< until it is open
  unsigned replacements_ = 0;                         ///< ever
  std::vector<std::shared_ptr<datagram_transport>> retired_{};
  riemann::statistics past_{}; ///< of those that are gone
  /// None where there is no name to look up.
  std::optional<resolver_type> resolver_{};
  bool looking_up_ = false;
  clock::time_point look_up_due_;

  net::shutdown_service& service_;
};

} // namespace riemann::clients

#endif

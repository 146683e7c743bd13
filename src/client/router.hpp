#ifndef RIEMANN_CLIENT_ROUTER_HPP
#define RIEMANN_CLIENT_ROUTER_HPP

#include "client/alarm_clock.hpp"
#include "client/completions.hpp"
#include "client/joint_wait.hpp"
#include "client/routed_send.hpp"
#include "core/ledger.hpp"
#include "net/operations_by_id.hpp"
#include "net/shutdown_service.hpp"

#include <riemann/detail/implementation.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>

namespace riemann::inline v0::clients {

/**
 * Several transports as one. What is handed over is counted here and handed on at once;
 * it is counted out when the last attempt at it has ended. Nothing is kept waiting here.
 * Which way a message goes, a derived class says.
 *
 * Attempts end on the executor that the transports inside share, and with them what is
 * counted: only the call of a handler that has another waits for that.
 *
 * Locks: the mutex is held while commands are handed to the transports inside, so that
 * all of them see these in the same order; those call nothing of ours meanwhile. It is
 * not held while a handler is moved, called or destroyed.
 */
class router : public detail::implementation,
               public net::shutdown_node,
               public std::enable_shared_from_this<router> {
public:
  [[nodiscard]] boost::asio::any_io_executor executor() const noexcept final { return own_; }
  detail::operation_id new_operation_id() noexcept final { return ++last_id_; }
  void connect(detail::done_slot handler, detail::operation_id id) final;
  void send(message&& m, const send_options& options, detail::send_slot&& handler,
            detail::operation_id id) final;
  void disconnect(std::chrono::steady_clock::duration deadline, detail::done_slot handler,
                  detail::operation_id id) final;
  void cancel() final;
  void cancel_operation(detail::operation_id id, bool only_unwritten) final;
  [[nodiscard]] riemann::statistics statistics() const final;
  void close() noexcept final;
  void on_context_shutdown() noexcept final;

  // --- for its operations

  void attempted(const std::shared_ptr<routed_send>& what, place by,
                 boost::system::error_code error, response answer);
  void forget(routed_send& what) noexcept;

protected:
  using clock = std::chrono::steady_clock;
  using visitor = std::function<void(detail::implementation&)>;

  struct route {
    std::shared_ptr<detail::implementation> to;
    place by;
    bool last; ///< no other can follow
    /// Handed over with the mutex held, so that a disconnect of where it goes comes
    /// before or after. (Not where handing over may be more than putting in a queue.)
    bool locked = false;
    std::uint64_t losses = 0; ///< how often where it leads was lost, if that is known
  };

  explicit router(const boost::asio::any_io_executor& executor,
                  const time_source& time = steady_time());
  ~router() override;

  // What a derived class says and does; all with the mutex held.

  [[nodiscard]] virtual route first_route(const routed_send& what, clock::time_point now) = 0;
  /// Of one whose attempt has failed without a byte of it being sent.
  [[nodiscard]] virtual bool goes_on(const routed_send& what, place by,
                                     boost::system::error_code error) const = 0;
  /// Of one that goes on.
  [[nodiscard]] virtual route next_route(routed_send& what, boost::system::error_code error) = 0;
  /// An attempt has ended; `errc::cancelled` also if it could not be begun.
  virtual void ended_at(const routed_send&, place, boost::system::error_code) noexcept {}
  /// No attempt follows.
  virtual void finished(routed_send&) noexcept {}
  [[nodiscard]] virtual outcome good_at(place) const noexcept { return outcome::acked; }
  /// Whether those are named, too, that nobody means to cancel.
  [[nodiscard]] virtual bool names_all() const noexcept { return false; }
  /// How many of those that `visit` visits a connect opens: the first ones.
  [[nodiscard]] virtual std::size_t opened() const noexcept = 0;
  /// What a connect is to need: all of them, or one.
  [[nodiscard]] virtual joint_wait::need connect_needs() const noexcept = 0;
  [[nodiscard]] virtual std::size_t count() const noexcept = 0;
  virtual void visit(const visitor& each) const = 0;
  /// Drops what it has begun on its own account.
  virtual void stop() noexcept {}
  /// Gives up what must not outlive the context.
  virtual void on_shutdown() noexcept {}

  /// Of those that have names, and an attempt under way or just ended, the next.
  [[nodiscard]] routed_send* named_after(detail::operation_id id) noexcept
  {
    const auto found = named_.upper_bound(id);
    return found == named_.end() ? nullptr : &*found;
  }
  /// Takes it back from where it is, if it was not written; `losses` as `withdrawal` has it.
  void withdraw(routed_send& what, detail::implementation& from, std::uint64_t losses);
  [[nodiscard]] clock::time_point now() const noexcept { return time_.now(); }
  [[nodiscard]] bool over() const noexcept { return disconnected_ || closed_ || context_gone_; }

  boost::asio::any_io_executor own_;
  mutable std::mutex mutex_{};
  riemann::statistics past_{}; ///< connections of those that are gone

private:
  [[nodiscard]] route submit(routed_send& what, clock::time_point now);
  /// With the mutex held, too.
  void unsubmit(routed_send& what, place by) noexcept;
  static void set_out(routed_send& what, const route& way) noexcept;
  void attempt(const std::shared_ptr<routed_send>& what, const route& way);
  void recall_late(routed_send& what, const route& way, unsigned number) noexcept;
  void name(routed_send& what) noexcept;
  void count_out(routed_send& what, boost::system::error_code error, outcome o) noexcept;
  [[nodiscard]] bool try_again(const std::shared_ptr<routed_send>& what, place by,
                               boost::system::error_code& error);
  void connect_all(joint_wait& all, detail::operation_id id);
  void disconnect_all(joint_wait& all, clock::duration deadline, detail::operation_id id);
  void drained() noexcept;

  const time_source& time_;
  std::atomic<bool> context_gone_ = false;
  std::atomic<detail::operation_id> last_id_{0};
  core::ledger ledger_{};
  net::operations_by_id<routed_send> named_{};
  std::uint64_t era_ = 0; ///< ends with a cancel or disconnect
  unsigned drains_ = 0;   ///< under way
  bool disconnected_ = false;
  bool closed_ = false;
  const std::shared_ptr<completions> to_others_ = std::make_shared<completions>();
  net::shutdown_service& service_;
};

} // namespace riemann::inline v0::clients

#endif

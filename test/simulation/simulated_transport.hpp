#ifndef RIEMANN_SIMULATION_SIMULATED_TRANSPORT_HPP
#define RIEMANN_SIMULATION_SIMULATED_TRANSPORT_HPP

#include "account.hpp"
#include "dice.hpp"
#include "listener.hpp"
#include "net/shutdown_service.hpp"
#include "scenario.hpp"
#include "shell.hpp"
#include "timeline.hpp"

#include <riemann/connection_change.hpp>
#include <riemann/detail/implementation.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <vector>

namespace riemann::simulation {

/**
 * What the layers above take for a transport: a shell that is played with, behind the
 * interface of the real ones. Commands are obeyed some time after they were given, but
 * always before what is sent after them; handlers are posted.
 *
 * A violation is not thrown into the library, which may swallow it: the account has it.
 */
class simulated_transport final : public detail::implementation,
                                  public net::shutdown_node,
                                  private listener {
public:
  simulated_transport(const boost::asio::any_io_executor& executor, timeline& time, dice& random,
                      const scenario& how, account& known, std::size_t number);
  ~simulated_transport() override;

  [[nodiscard]] boost::asio::any_io_executor executor() const noexcept override
  {
    return executor_;
  }
  detail::operation_id new_operation_id() noexcept override { return ++last_id_; }
  void connect(detail::done_slot handler, detail::operation_id id) override;
  void send(message&& m, const send_options& options, detail::send_slot&& handler,
            detail::operation_id id) override;
  void disconnect(std::chrono::steady_clock::duration deadline, detail::done_slot handler,
                  detail::operation_id id) override;
  void cancel() override;
  void cancel_operation(detail::operation_id id, bool only_unwritten) override;
  [[nodiscard]] riemann::statistics statistics() const override { return shell_.books(); }
  void close() noexcept override;
  void on_context_shutdown() noexcept override;

  void observe(connection_observer observer) { observer_ = std::move(observer); }
  [[nodiscard]] shell& inside() noexcept { return shell_; }
  /// As its observer was told last.
  [[nodiscard]] bool failed() const noexcept { return failed_; }

private:
  struct command {
    enum class kind { connect, disconnect, cancel, cancel_one, shut };

    kind what;
    detail::done_slot handler{};
    detail::operation_id id = 0;
    time_point due{};
    bool only_unwritten = false;
  };
  struct waiting_send {
    detail::send_slot handler;
    detail::operation_id id;
  };
  struct waiting_wait {
    detail::done_slot handler;
    detail::operation_id id;
  };
  using waits = std::vector<waiting_wait>;

  void hand_over(command c);
  void obey_all();
  void obey(command& c);
  void obey_connect(command& c);
  void cancel_one(detail::operation_id id, bool only_unwritten);
  bool finish_one(waits& of, detail::operation_id id);
  void finish_all(waits& of, boost::system::error_code error);
  template <class Slot, class... Results>
  void post(Slot handler, Results... results);
  void tell_observer();

  void on_ended(tracked& t) override;
  void on_connect_over(boost::system::error_code error) override;
  void on_disconnect_over(boost::system::error_code error) override;
  void on_change(const core::tell& what) override;

  boost::asio::any_io_executor executor_;
  timeline& time_;
  dice& random_;
  const scenario& how_;
  account& known_;
  std::size_t number_; ///< among its likes
  net::shutdown_service& service_;
  bool context_gone_ = false;
  detail::operation_id last_id_ = 0;

  roll messages_{};
  shell shell_;
  std::deque<command> commands_{};
  std::map<std::uint64_t, waiting_send> sends_{};
  waits connects_{};
  waits disconnects_{};
  connection_observer observer_{};
  bool failed_ = false;
  std::deque<connection_change> changes_{};
};

} // namespace riemann::simulation

#endif

#ifndef RIEMANN_CLIENT_REPORTER_IMPLEMENTATION_HPP
#define RIEMANN_CLIENT_REPORTER_IMPLEMENTATION_HPP

#include "client/alarm_clock.hpp"
#include "client/report_registry.hpp"
#include "core/report_ticks.hpp"
#include "net/shutdown_service.hpp"
#include "net/waiters.hpp"

#include <riemann/detail/reporter_implementation.hpp>
#include <riemann/reporter_options.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <atomic>
#include <chrono>
#include <list>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace riemann::inline v0::clients {

/**
 * When reports are made, and what becomes of them. One at a time: whoever has set `phase_`
 * to `reporting` has the report to itself, until it has ended and set another.
 *
 * Where there is no memory for an alarm, or to tell of an end, the executor is asked to
 * try again. Where there is none for that either, the reporter is idle: it may be begun anew.
 */
class reporter_implementation final : public detail::reporter_implementation,
                                      public net::shutdown_node,
                                      public alarm_sleeper,
                                      public std::enable_shared_from_this<reporter_implementation> {
public:
  using duration = std::chrono::steady_clock::duration;

  /// `options` are valid; `clock`: of the transport's executor.
  reporter_implementation(std::shared_ptr<detail::implementation> transport,
                          reporter_options options, std::unique_ptr<alarm_clock> clock);
  ~reporter_implementation() override;

  [[nodiscard]] boost::asio::any_io_executor executor() const noexcept override
  {
    return executor_;
  }
  detail::operation_id new_operation_id() noexcept override { return ++last_id_; }

  gauge add_gauge(std::string_view name, const thresholds& limits) override;
  void add_callback(std::string_view name, detail::figure_callback callback,
                    const thresholds& limits) override;
  counter add_counter(std::string_view name, const thresholds& limits) override;
  meter add_meter(std::string_view name, const thresholds& limits) override;
  timer add_timer(std::string_view name, const thresholds& limits) override;
  void add_source(detail::event_callback source) override;
  bool remove(std::string_view name) override;

  bool start() override;
  void stop(duration deadline, detail::done_slot handler, detail::operation_id id) override;
  void cancel_operation(detail::operation_id id, bool only_unwritten) override;
  [[nodiscard]] reporter_statistics statistics() const override;
  void close() noexcept override;
  void on_context_shutdown() noexcept override;
  void on_alarm() override;

private:
  using lock_type = std::unique_lock<std::mutex>;

  enum class phase {
    idle,
    waiting,   ///< for the next tick
    reporting, ///< somebody gathers events, or waits for an answer
  };

  /// A report under way.
  struct report {
    std::vector<event> events{};
    /// Of it, what is still to go, the next last.
    std::vector<std::span<const event>> pieces{};
    boost::system::error_code error{};
    response answer{};
  };

  /// Somebody waits for the end of a stop, and then to be told of it.
  struct stop_operation {
    net::finished_wait wait{};
    detail::operation_id id = 0;
  };
  /// One moves from list to list, which needs no memory.
  using stop_list = std::list<stop_operation>;

  /// What is left to do without the lock.
  struct chores {
    stop_list done{};
    bool report = false;  ///< is to be made
    bool unarmed = false; ///< there was no memory for an alarm
  };

  // With the lock held.
  void set_alarm();
  void arm(chores& c) noexcept;
  void finish_all(boost::system::error_code error, chores& c) noexcept;
  void end_stop(boost::system::error_code error, chores& c) noexcept;
  void after_report(boost::system::error_code error, chores& c) noexcept;

  // By whom the report belongs to, without the lock.
  void make_report();
  void begin_report();
  void count_begun();
  [[nodiscard]] std::vector<event> gather();
  void send_next();
  void on_piece_end(boost::system::error_code error, response answer);
  [[nodiscard]] bool split(boost::system::error_code error) noexcept;
  void end_report();
  void go_on(boost::system::error_code error) noexcept;

  void tell(chores& c) noexcept;
  void keep_back(chores& c) noexcept;
  void try_again(bool unarmed) noexcept;
  void on_try_again();
  void post_report() noexcept;
  [[nodiscard]] core::time_point now() const { return clock_->now(); }

  boost::asio::any_io_executor executor_;
  std::shared_ptr<detail::implementation> transport_;
  reporter_options options_;
  std::unique_ptr<alarm_clock> clock_;
  net::shutdown_service& service_;
  std::atomic<bool> context_gone_ = false;
  std::atomic<bool> closed_ = false;
  std::atomic<detail::operation_id> last_id_{0};
  report_registry registry_{};

  report report_{}; ///< of whoever reports

  mutable std::mutex mutex_{};
  phase phase_ = phase::idle;
  core::report_ticks ticks_;
  core::time_point stop_due_ = core::never;
  bool stopping_ = false;
  bool last_began_ = false;
  /// A stop has not waited for the report under way: to users it is idle already.
  bool abandoned_ = false;
  bool of_earlier_ticks_ = false; ///< the report under way is
  stop_list stops_{};
  stop_list untold_{}; ///< ended; there was no memory to say so
  reporter_statistics books_{};
};

} // namespace riemann::inline v0::clients

#endif

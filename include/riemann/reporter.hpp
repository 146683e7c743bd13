#ifndef RIEMANN_REPORTER_HPP
#define RIEMANN_REPORTER_HPP

#include <riemann/any_transport.hpp>
#include <riemann/basic_transport.hpp>
#include <riemann/detail/export.hpp>
#include <riemann/detail/reporter_implementation.hpp>
#include <riemann/instruments.hpp>
#include <riemann/metric.hpp>
#include <riemann/reporter_options.hpp>
#include <riemann/thresholds.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace riemann::inline v0 {

/**
 * Reports a program's own figures at an interval, over any transport: what is recorded into
 * named gauges, counters, meters and timers, and what callbacks say when they are asked.
 *
 *     riemann::reporter reporter{transport, {.interval = 10s, .prefix = "shop"}};
 *     const riemann::timer latency = reporter.add_timer("latency", {.warning = 0.2});
 *     reporter.start();
 *     ...
 *     latency.record(took);
 *     ...
 *     co_await reporter.async_stop(5s);
 *
 * A report is one message, or several if the transport finds it too long. Its events have
 * the options' host, tags, attributes and, as ttl, twice the interval; a state only where
 * there are thresholds to judge by; and no time, so that the server's holds. Reports do not
 * overlap: a time for one that passes while another is under way is counted (`missed`), and
 * not caught up with. One that fails is counted and not repeated, and the next goes on.
 *
 * Names: a service's, behind the prefix; not empty. Asked for again, with the same kind and
 * thresholds, the same instrument is given; otherwise `std::invalid_argument` says what the
 * name stands for already.
 *
 * Threads: every member function may be called from several threads at once, but for
 * the destructor and moves. Callbacks and sources are called on the transport's executor,
 * one at a time, with no lock of ours held; they may call all of these.
 *
 * Lifetime: it refers to the transport, or owns one that is moved in, and either may be
 * destroyed first. Its own destruction ends its reports, `async_stop` completes with
 * `asio::error::operation_aborted`, and what was recorded since the last report is lost:
 * `async_stop` first loses nothing. A callback that another thread runs meanwhile is not
 * waited for. While started it keeps its execution context running. A moved-from reporter
 * may only be destroyed or assigned to. Destroying the execution context destroys handlers
 * and callbacks uninvoked; after that the reporter may only be destroyed.
 */
class RIEMANN_EXPORT reporter {
public:
  /// Of `get_executor()`.
  using executor_type = boost::asio::any_io_executor;
  /// A figure, or nothing when there is none to tell; NaN is none.
  using callback = detail::figure_callback;
  /// Adds events of its own behind those there.
  using source = detail::event_callback;

  /// Refers to the transport. Throws `std::invalid_argument` for invalid options.
  explicit reporter(basic_transport& transport, reporter_options options = {});
  /// Owns the transport, any that is moved in: `reporter{std::move(transport)}`.
  explicit reporter(any_transport&& transport, reporter_options options = {});

  reporter(const reporter&) = delete;
  reporter& operator=(const reporter&) = delete;
  /// Takes over what the other reports; that may then only be destroyed or assigned to.
  reporter(reporter&& other) noexcept = default;
  /// Ends the reports of this one, as its destruction does, and takes over the other's.
  reporter& operator=(reporter&& other) noexcept;
  ~reporter();

  /// The transport's.
  [[nodiscard]] executor_type get_executor() const noexcept { return implementation_->executor(); }

  /// Reported as a double. This and the others throw `std::invalid_argument` for a bad name
  /// or thresholds.
  gauge add_gauge(std::string_view name, const thresholds& limits = {})
  {
    return implementation_->add_gauge(name, limits);
  }
  /// Asked at each report, and reported in the kind it returns. A name of its own: not
  /// twice.
  void add_gauge(std::string_view name, callback figure, const thresholds& limits = {})
  {
    implementation_->add_callback(name, std::move(figure), limits);
  }
  /// Reported as an integer; the limits are of the total.
  counter add_counter(std::string_view name, const thresholds& limits = {})
  {
    return implementation_->add_counter(name, limits);
  }
  /// Reported as a double, per second; so are the limits.
  meter add_meter(std::string_view name, const thresholds& limits = {})
  {
    return implementation_->add_meter(name, limits);
  }
  /// Reported as `NAME count`, an integer, and unless that is 0 as `NAME p50`, `p95`, `p99`
  /// and `max`, in seconds. The limits, in seconds, are of `p99`, which alone has a state.
  timer add_timer(std::string_view name, const thresholds& limits = {})
  {
    return implementation_->add_timer(name, limits);
  }
  /// For what has no name of its own, or many that come and go. Asked at each report; of its
  /// events, prefix, tags and attributes are added to all, host and ttl to those that have
  /// none. Names are not compared with those above.
  void add_source(source events) { implementation_->add_source(std::move(events)); }

  /// Reports it no more, and forgets its name; what others still hold of it records in vain.
  /// False: there is none of that name. A report under way may tell it a last time.
  bool remove(std::string_view name) { return implementation_->remove(name); }

  /// Reports from now on, at the interval. False: it does already, or is being stopped.
  bool start() { return implementation_->start(); }

  /**
   * Stops reporting, once the report under way has ended and, if `last_report` says so, one
   * more. `start()` begins anew. The transport stays as it is.
   *
   * Completes when: the last report has ended, at once if it was not started; at the latest
   * when `deadline` has passed: that report goes on, and nobody waits for it any more.
   * Handler signature: `void(error_code)`.
   * Outcomes and errors: success, or what the last report ended with;
   * `errc::drain_timeout` at the deadline; `asio::error::operation_aborted` if the reporter
   * is destroyed. A second call waits too, and the sooner deadline holds for both.
   * Cancellation: partial, terminal: stops waiting, completes with
   * `asio::error::operation_aborted`; the rest goes on, the deadline with it. Total:
   * none, since it is stopping already.
   * Threads: any; the handler runs on its associated executor, never from within this
   * call.
   * Lifetime: needs nothing of the caller's; a lazy token may be started after the reporter
   * is gone and then completes with `asio::error::operation_aborted`.
   */
  template <boost::asio::completion_token_for<done_signature> Token = boost::asio::deferred_t>
  auto async_stop(std::chrono::steady_clock::duration deadline, Token&& token = {})
  {
    return boost::asio::async_initiate<Token, done_signature>(
        detail::initiate_reporter_stop{implementation_}, token, deadline);
  }

  /// The books at this moment.
  [[nodiscard]] reporter_statistics statistics() const { return implementation_->statistics(); }

private:
  void close() noexcept;

  std::optional<any_transport> owned_{};
  std::shared_ptr<detail::reporter_implementation> implementation_;
};

} // namespace riemann::inline v0

#endif

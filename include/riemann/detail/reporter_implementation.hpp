#ifndef RIEMANN_DETAIL_REPORTER_IMPLEMENTATION_HPP
#define RIEMANN_DETAIL_REPORTER_IMPLEMENTATION_HPP

#include <riemann/detail/export.hpp>
#include <riemann/detail/implementation.hpp>
#include <riemann/instruments.hpp>
#include <riemann/metric.hpp>
#include <riemann/reporter_options.hpp>
#include <riemann/thresholds.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace riemann::inline v0::detail {

using figure_callback = std::function<std::optional<metric>()>;
using event_callback = std::function<void(std::vector<event>&)>;

/**
 * What stands behind a reporter: everything after the token has been erased.
 * All functions may be called from any thread; none calls a handler or a callback.
 */
class RIEMANN_EXPORT reporter_implementation {
public:
  reporter_implementation() = default;
  reporter_implementation(const reporter_implementation&) = delete;
  reporter_implementation& operator=(const reporter_implementation&) = delete;
  virtual ~reporter_implementation() = default;

  [[nodiscard]] virtual boost::asio::any_io_executor executor() const noexcept = 0;
  virtual operation_id new_operation_id() noexcept = 0;

  virtual gauge add_gauge(std::string_view name, const thresholds& limits) = 0;
  virtual void add_callback(std::string_view name, figure_callback callback,
                            const thresholds& limits) = 0;
  virtual counter add_counter(std::string_view name, const thresholds& limits) = 0;
  virtual meter add_meter(std::string_view name, const thresholds& limits) = 0;
  virtual timer add_timer(std::string_view name, const thresholds& limits) = 0;
  virtual void add_source(event_callback source) = 0;
  virtual bool remove(std::string_view name) = 0;

  virtual bool start() = 0;
  virtual void stop(std::chrono::steady_clock::duration deadline, done_slot handler,
                    operation_id id) = 0;
  virtual void cancel_operation(operation_id id, bool only_unwritten) = 0;
  [[nodiscard]] virtual reporter_statistics statistics() const = 0;
  /// The reporter is gone: ends what waits.
  virtual void close() noexcept = 0;
};

/// As those of a transport.
struct initiate_reporter_stop {
  using executor_type = boost::asio::any_io_executor;
  [[nodiscard]] executor_type get_executor() const noexcept { return target->executor(); }

  template <class Handler>
  void operator()(Handler&& handler, std::chrono::steady_clock::duration deadline) const
  {
    const operation_id id = install_canceller(target, handler);
    target->stop(deadline, {std::forward<Handler>(handler), target->executor()}, id);
  }

  std::shared_ptr<reporter_implementation> target;
};

} // namespace riemann::inline v0::detail

#endif

#ifndef RIEMANN_CLIENT_ALARM_CLOCK_HPP
#define RIEMANN_CLIENT_ALARM_CLOCK_HPP

#include "core/request.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>

namespace riemann::inline v0::clients {

/// Where clients read the time: nothing of theirs asks the system itself, so that a
/// simulation can have it pass.
class time_source {
public:
  time_source() = default;
  time_source(const time_source&) = delete;
  time_source& operator=(const time_source&) = delete;

  [[nodiscard]] virtual core::time_point now() const noexcept = 0;

protected:
  ~time_source() = default;
};

/// The system's.
[[nodiscard]] const time_source& steady_time() noexcept;

/// Whom an alarm wakes.
class alarm_sleeper {
public:
  alarm_sleeper() = default;
  alarm_sleeper(const alarm_sleeper&) = delete;
  alarm_sleeper& operator=(const alarm_sleeper&) = delete;

  /// On the clock's executor.
  virtual void on_alarm() = 0;

protected:
  ~alarm_sleeper() = default;
};

/// A clock with one alarm. It must not outlive its execution context.
class alarm_clock : public time_source {
public:
  virtual ~alarm_clock() = default;

  /// In place of the alarm there was. It keeps the context running, and who sleeps alive.
  virtual void set(core::time_point due, std::shared_ptr<alarm_sleeper> sleeper) = 0;
  virtual void cancel() = 0;
};

/// The system's.
[[nodiscard]] std::unique_ptr<alarm_clock>
make_alarm_clock(const boost::asio::any_io_executor& executor);

} // namespace riemann::inline v0::clients

#endif

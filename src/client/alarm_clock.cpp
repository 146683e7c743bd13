#include "client/alarm_clock.hpp"

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <utility>

namespace riemann::inline v0::clients {

namespace {

using clock = std::chrono::steady_clock;

class steady_time_source final : public time_source {
public:
  [[nodiscard]] core::time_point now() const noexcept override { return clock::now(); }
};

class steady_alarm_clock final : public alarm_clock {
public:
  explicit steady_alarm_clock(const boost::asio::any_io_executor& executor) : timer_{executor} {}

  [[nodiscard]] core::time_point now() const noexcept override { return clock::now(); }

  void set(core::time_point due, std::shared_ptr<alarm_sleeper> sleeper) override
  {
    timer_.expires_at(due);
    timer_.async_wait([sleeper = std::move(sleeper)](boost::system::error_code error) {
      if (!error) {
        sleeper->on_alarm();
      }
    });
  }

  void cancel() override { timer_.cancel(); }

private:
  boost::asio::basic_waitable_timer<clock> timer_;
};

} // namespace

const time_source& steady_time() noexcept
{
  static const steady_time_source instance;
  return instance;
}

std::unique_ptr<alarm_clock> make_alarm_clock(const boost::asio::any_io_executor& executor)
{
  return std::make_unique<steady_alarm_clock>(executor);
}

} // namespace riemann::inline v0::clients

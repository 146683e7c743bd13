#ifndef RIEMANN_SIMULATION_SIMULATED_CLOCK_HPP
#define RIEMANN_SIMULATION_SIMULATED_CLOCK_HPP

#include "client/alarm_clock.hpp"
#include "timeline.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>

namespace riemann::simulation {

/// The timeline's time.
class simulated_time final : public clients::time_source {
public:
  explicit simulated_time(const timeline& time) noexcept : time_{time} {}
  [[nodiscard]] time_point now() const noexcept override { return time_.now(); }

private:
  const timeline& time_;
};

/// An alarm on the timeline, as late as the timer of a scenario.
class simulated_clock final : public clients::alarm_clock {
public:
  simulated_clock(boost::asio::any_io_executor executor, timeline& time,
                  std::chrono::microseconds lateness)
      : time_{time}, lateness_{lateness}, alarm_{std::make_shared<alarm>(std::move(executor))}
  {}
  ~simulated_clock() override { *alarm_ = alarm{{}}; }

  [[nodiscard]] time_point now() const noexcept override { return time_.now(); }

  void set(time_point due, std::shared_ptr<clients::alarm_sleeper> sleeper) override
  {
    const auto sleep = std::max(due - time_.now(), time_point::duration::zero());
    alarm_->sleeper = std::move(sleeper);
    time_.after(std::chrono::ceil<std::chrono::microseconds>(sleep) + lateness_,
                [alarm = alarm_, mine = ++alarm_->number] {
                  if (alarm->sleeper && mine == alarm->number) {
                    ring(*alarm);
                  }
                });
  }

  void cancel() override { alarm_->sleeper.reset(); }

private:
  struct alarm {
    explicit alarm(boost::asio::any_io_executor e) : executor{std::move(e)} {}

    boost::asio::any_io_executor executor;
    std::shared_ptr<clients::alarm_sleeper> sleeper{};
    std::uint64_t number = 0;
  };

  static void ring(alarm& a)
  {
    boost::asio::post(a.executor,
                      [sleeper = std::exchange(a.sleeper, nullptr)] { sleeper->on_alarm(); });
  }

  timeline& time_;
  std::chrono::microseconds lateness_;
  std::shared_ptr<alarm> alarm_;
};

} // namespace riemann::simulation

#endif

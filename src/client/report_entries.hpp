#ifndef RIEMANN_CLIENT_REPORT_ENTRIES_HPP
#define RIEMANN_CLIENT_REPORT_ENTRIES_HPP

#include "client/report_writer.hpp"
#include "core/request.hpp"

#include <riemann/detail/reporter_implementation.hpp>
#include <riemann/instruments.hpp>
#include <riemann/thresholds.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace riemann::inline v0::clients {

/// Something that has a say in each report. Asked by one thread at a time.
class report_entry {
public:
  report_entry() = default;
  report_entry(const report_entry&) = delete;
  report_entry& operator=(const report_entry&) = delete;
  virtual ~report_entry() = default;

  /// May throw what a user's callback throws, and has then added nothing.
  virtual void report(report_writer& to, core::time_point now) = 0;
};

/// One that has a name.
class named_entry : public report_entry {
public:
  named_entry(std::string_view name, const thresholds& limits) : name_{name}, limits_{limits} {}

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const thresholds& limits() const noexcept { return limits_; }
  /// With its article: "a gauge".
  [[nodiscard]] virtual const char* kind() const noexcept = 0;
  /// Those that its events have.
  [[nodiscard]] virtual std::vector<std::string> services() const { return {name_}; }

protected:
  /// Adds the figure with the state that it has now.
  void write(report_writer& to, std::string_view service, metric value)
  {
    if (!limits_.any()) {
      return to.add(service, value, {});
    }
    state_ = limits_.judge(value.as_double(), state_);
    to.add(service, value, state_);
  }

private:
  std::string name_;
  thresholds limits_;
  severity state_ = severity::ok;
};

class gauge_entry final : public named_entry {
public:
  using handle = gauge;

  gauge_entry(std::string_view name, const thresholds& limits, core::time_point)
      : named_entry{name, limits}
  {}
  [[nodiscard]] const char* kind() const noexcept override { return "a gauge"; }
  [[nodiscard]] gauge give() const { return gauge{cell_}; }
  void report(report_writer& to, core::time_point now) override;

private:
  std::shared_ptr<detail::gauge_cell> cell_ = std::make_shared<detail::gauge_cell>();
};

class callback_entry final : public named_entry {
public:
  callback_entry(std::string_view name, const thresholds& limits, detail::figure_callback callback)
      : named_entry{name, limits}, callback_{std::move(callback)}
  {}
  [[nodiscard]] const char* kind() const noexcept override { return "a callback"; }
  void report(report_writer& to, core::time_point now) override;

private:
  detail::figure_callback callback_;
};

class counter_entry final : public named_entry {
public:
  using handle = counter;

  counter_entry(std::string_view name, const thresholds& limits, core::time_point)
      : named_entry{name, limits}
  {}
  [[nodiscard]] const char* kind() const noexcept override { return "a counter"; }
  [[nodiscard]] counter give() const { return counter{cell_}; }
  void report(report_writer& to, core::time_point now) override;

private:
  std::shared_ptr<detail::count_cell> cell_ = std::make_shared<detail::count_cell>();
};

class meter_entry final : public named_entry {
public:
  using handle = meter;

  meter_entry(std::string_view name, const thresholds& limits, core::time_point now)
      : named_entry{name, limits}, since_{now}
  {}
  [[nodiscard]] const char* kind() const noexcept override { return "a meter"; }
  [[nodiscard]] meter give() const { return meter{cell_}; }
  void report(report_writer& to, core::time_point now) override;

private:
  std::shared_ptr<detail::count_cell> cell_ = std::make_shared<detail::count_cell>();
  core::time_point since_;
};

class timer_entry final : public named_entry {
public:
  using handle = timer;

  timer_entry(std::string_view name, const thresholds& limits, core::time_point)
      : named_entry{name, limits}
  {}
  [[nodiscard]] const char* kind() const noexcept override { return "a timer"; }
  [[nodiscard]] timer give() const { return timer{cell_}; }
  [[nodiscard]] std::vector<std::string> services() const override;
  void report(report_writer& to, core::time_point now) override;

private:
  std::shared_ptr<detail::atomic_histogram> cell_ = std::make_shared<detail::atomic_histogram>();
};

class source_entry final : public report_entry {
public:
  explicit source_entry(detail::event_callback source) : source_{std::move(source)} {}
  void report(report_writer& to, core::time_point now) override;

private:
  detail::event_callback source_;
};

} // namespace riemann::inline v0::clients

#endif

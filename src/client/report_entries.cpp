#include "client/report_entries.hpp"

#include <chrono>
#include <cmath>

namespace riemann::inline v0::clients {

namespace {

double seconds(std::chrono::steady_clock::duration d)
{
  return std::chrono::duration<double>(d).count();
}

} // namespace

void gauge_entry::report(report_writer& to, core::time_point)
{
  const double value = give().value();
  if (!std::isnan(value)) {
    write(to, name(), value);
  }
}

void callback_entry::report(report_writer& to, core::time_point)
{
  const auto value = callback_();
  if (value && !std::isnan(value->as_double())) {
    write(to, name(), *value);
  }
}

void counter_entry::report(report_writer& to, core::time_point)
{
  write(to, name(), give().value());
}

void meter_entry::report(report_writer& to, core::time_point now)
{
  if (now <= since_) {
    return; // no time has passed: what is counted is the next report's
  }
  const auto count = cell_->count.exchange(0, std::memory_order_relaxed);
  write(to, name(), static_cast<double>(count) / seconds(now - since_));
  since_ = now;
}

std::vector<std::string> timer_entry::services() const
{
  std::vector<std::string> all;
  for (const char* part : {" count", " p50", " p95", " p99", " max"}) {
    all.push_back(name() + part);
  }
  return all;
}

void timer_entry::report(report_writer& to, core::time_point)
{
  const duration_histogram taken = cell_->take();
  to.add(name() + " count", taken.count(), {});
  if (taken.count() == 0) {
    return;
  }
  to.add(name() + " p50", seconds(taken.quantile(0.50)), {});
  to.add(name() + " p95", seconds(taken.quantile(0.95)), {});
  write(to, name() + " p99", seconds(taken.quantile(0.99)));
  to.add(name() + " max", seconds(taken.largest()), {});
}

void source_entry::report(report_writer& to, core::time_point)
{
  to.add_by(source_);
}

} // namespace riemann::inline v0::clients

#include <riemann/error.hpp>
#include <riemann/self_report.hpp>

#include <chrono>
#include <cstdint>
#include <string_view>
#include <utility>

namespace riemann::inline v0 {

namespace {

class report {
public:
  explicit report(const self_report_options& options) : options_{options} {}

  template <class Value>
  void add(std::string_view what, Value value, bool trouble = false)
  {
    event e;
    e.service = options_.prefix + ' ' + std::string{what};
    e.host = options_.host;
    e.state = trouble ? "warning" : "ok";
    e.metric = value;
    e.ttl = options_.ttl;
    e.tags = options_.tags;
    events_.push_back(std::move(e));
  }

  std::vector<event> take() { return std::move(events_); }

private:
  const self_report_options& options_;
  std::vector<event> events_{};
};

double seconds(std::chrono::steady_clock::duration d)
{
  return std::chrono::duration<double>(d).count();
}

void add_causes(report& to, const statistics& now, const statistics& before)
{
  for (std::size_t i = 1; i != errc_limit; ++i) {
    const auto cause = static_cast<errc>(i);
    if (const auto n = now.causes[cause] - before.causes[cause]; n != 0) {
      to.add("messages lost: " + make_error_code(cause).message(), n, true);
    }
  }
}

} // namespace

std::vector<event> self_report(const statistics& now, const statistics& before,
                               const self_report_options& options)
{
  report r{options};
  const tally& events = now.events;
  r.add("events waiting", events.waiting);
  r.add("events queued", events.queued);
  r.add("events in flight", events.staged + events.in_flight);
  const auto ended = [&](std::string_view what, std::uint64_t tally::*which, bool lost) {
    const auto n = events.*which - before.events.*which;
    r.add("events " + std::string{what}, n, lost && n != 0);
  };
  ended("acked", &tally::acked, false);
  ended("sent", &tally::sent, false);
  ended("rejected", &tally::rejected, true);
  ended("not_sent", &tally::not_sent, true);
  ended("unknown", &tally::unknown, true);
  add_causes(r, now, before);
  const auto lost = now.connections_lost - before.connections_lost;
  const auto failed = now.connects_failed - before.connects_failed;
  r.add("connections opened", now.connections_opened - before.connections_opened);
  r.add("connections lost", lost, lost != 0);
  r.add("connects failed", failed, failed != 0);
  r.add("resends", now.resends - before.resends);
  r.add("bytes written", now.bytes_written - before.bytes_written);
  r.add("bytes read", now.bytes_read - before.bytes_read);
  if (now.round_trips.count() != 0) {
    r.add("round trip p50", seconds(now.round_trips.quantile(0.5)));
    r.add("round trip p99", seconds(now.round_trips.quantile(0.99)));
    r.add("round trip max", seconds(now.round_trips.largest()));
  }
  return r.take();
}

} // namespace riemann::inline v0

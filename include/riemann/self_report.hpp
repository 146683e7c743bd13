#ifndef RIEMANN_SELF_REPORT_HPP
#define RIEMANN_SELF_REPORT_HPP

#include <riemann/detail/export.hpp>
#include <riemann/event.hpp>
#include <riemann/statistics.hpp>

#include <optional>
#include <string>
#include <vector>

namespace riemann::inline v0 {

/// What a transport's events about itself have in common.
struct RIEMANN_EXPORT self_report_options {
  /// In front of each service, with a blank.
  std::string prefix = "riemann-asio";
  /// The host of each event; absent: none is set.
  std::optional<std::string> host{};
  /// The tags of each event.
  tag_list tags{};
  /// Twice the interval they are sent at, or they expire in between.
  ttl_duration ttl{60.0F};
};

/**
 * A transport's books as events for Riemann: what is live now (`events queued`,
 * `events in flight`), what has ended since `before` (`events acked`, `events not_sent`
 * and so on, and each cause of loss that there was), connections and bytes since then, and
 * how long answers took (`round trip p50`, `p99`, `max`, in seconds, of all since the
 * beginning). `state` is `warning` where events were lost and `ok` elsewhere; no time is
 * set.
 *
 * Their own sending is counted in the next report, as any events are.
 *
 * In a `co_await` expression give the options a name: gcc before 13 would destroy a temporary
 * twice.
 */
[[nodiscard]] RIEMANN_EXPORT std::vector<event>
self_report(const statistics& now, const statistics& before,
            const self_report_options& options = {});

} // namespace riemann::inline v0

#endif

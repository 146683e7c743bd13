#ifndef RIEMANN_CLIENT_REPORT_WRITER_HPP
#define RIEMANN_CLIENT_REPORT_WRITER_HPP

#include <riemann/event.hpp>
#include <riemann/reporter_options.hpp>
#include <riemann/thresholds.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace riemann::inline v0::clients {

/// Makes a report's events, each with what they have in common.
class report_writer {
public:
  explicit report_writer(const reporter_options& options) : options_{options} {}

  void add(std::string_view name, metric value, std::optional<severity> state)
  {
    event e;
    e.service = std::string{name};
    e.metric = value;
    if (state) {
      e.state = to_string(*state);
    }
    events_.push_back(std::move(e));
    complete(events_.back());
  }

  /// What `fill` adds. If it throws, nothing is.
  template <class Fill>
  void add_by(Fill&& fill)
  {
    std::vector<event> more;
    fill(more);
    for (event& e : more) {
      complete(e);
      events_.push_back(std::move(e));
    }
  }

  [[nodiscard]] std::vector<event> take() { return std::move(events_); }

private:
  void complete(event& e) const
  {
    if (e.service && !options_.prefix.empty()) {
      e.service = options_.prefix + ' ' + *e.service;
    }
    if (!e.host) {
      e.host = options_.host;
    }
    if (!e.ttl) {
      e.ttl = ttl_duration{2 * options_.interval};
    }
    e.tags.insert(e.tags.end(), options_.tags.begin(), options_.tags.end());
    e.attributes.insert(e.attributes.end(), options_.attributes.begin(), options_.attributes.end());
  }

  const reporter_options& options_;
  std::vector<event> events_{};
};

} // namespace riemann::inline v0::clients

#endif

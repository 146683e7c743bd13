#ifndef RIEMANN_TESTKIT_EVENT_INDEX_HPP
#define RIEMANN_TESTKIT_EVENT_INDEX_HPP

#include "testkit/event_identity.hpp"
#include "testkit/stored_event.hpp"

#include <riemann/event.hpp>
#include <riemann/event_view.hpp>

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

namespace riemann::inline v0::testkit::detail {

/// The last event of each (host, service). Events are kept as they came and
/// decoded when asked for: a server hears far more than it is asked.
class event_index {
public:
  explicit event_index(ttl_duration default_ttl) noexcept : default_ttl_{default_ttl} {}

  /// Puts an event in its place, or empties the place if its state is "expired".
  void apply(const event_view& received, timestamp now);
  /// Removes what is older than its ttl.
  void reap(timestamp now);

  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }
  /// How many events were removed by state or ttl.
  [[nodiscard]] std::uint64_t expired() const noexcept { return expired_; }

  /// Calls `f` with each event, as a `stored_event`, in no particular order,
  /// until it returns false.
  template <class F>
  void visit(F&& f) const
  {
    for (const auto& [key, kept] : entries_) {
      if (!f(stored_event{event_view{kept.bytes}, kept.arrival})) {
        return;
      }
    }
  }

private:
  struct entry {
    std::vector<std::byte> bytes{};
    timestamp arrival;
    /// When it expires, in seconds since the epoch.
    double deadline = 0;
  };

  void put(const event_identity& id, const event_view& received, timestamp now);
  void erase(const event_identity& id);

  ttl_duration default_ttl_;
  std::unordered_map<event_key, entry, event_key_hash, event_key_equal> entries_{};
  std::uint64_t expired_ = 0;
};

} // namespace riemann::inline v0::testkit::detail

#endif

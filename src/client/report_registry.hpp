#ifndef RIEMANN_CLIENT_REPORT_REGISTRY_HPP
#define RIEMANN_CLIENT_REPORT_REGISTRY_HPP

#include "client/report_entries.hpp"

#include <riemann/thresholds.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace riemann::inline v0::clients {

/**
 * What is reported, in the order in which it was added. Any thread may call any of these;
 * callbacks are neither called nor destroyed with its lock held.
 */
class report_registry {
public:
  using entry_pointer = std::shared_ptr<report_entry>;

  /// The handle of what has that name; made if there is nothing. Throws
  /// `std::invalid_argument` if it is something else.
  template <class Entry>
  typename Entry::handle add(std::string_view name, const thresholds& limits, core::time_point now)
  {
    auto made = std::make_shared<Entry>(name, limits, now);
    const std::scoped_lock lock{mutex_};
    if (const auto there = find_same(*made)) {
      return static_cast<const Entry&>(*there).give();
    }
    insert(made);
    return made->give();
  }
  void add_callback(std::string_view name, const thresholds& limits,
                    detail::figure_callback callback);
  void add_source(detail::event_callback source);
  /// False: there is none.
  bool remove(std::string_view name);
  void clear() noexcept;

  [[nodiscard]] std::vector<entry_pointer> entries() const;

private:
  // With the lock held.
  /// One of the same name, kind and thresholds. Throws if another one stands in the way.
  [[nodiscard]] std::shared_ptr<named_entry> find_same(const named_entry& wanted) const;
  void insert(const std::shared_ptr<named_entry>& made);

  mutable std::mutex mutex_{};
  std::vector<entry_pointer> entries_{};
  /// Whose each service is.
  std::map<std::string, std::shared_ptr<named_entry>, std::less<>> services_{};
  std::map<std::string, std::shared_ptr<named_entry>, std::less<>> names_{};
};

} // namespace riemann::inline v0::clients

#endif

#ifndef RIEMANN_TESTKIT_STORED_EVENT_HPP
#define RIEMANN_TESTKIT_STORED_EVENT_HPP

#include <riemann/event.hpp>
#include <riemann/event_view.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace riemann::inline v0::testkit::detail {

/**
 * An event as a real server understands it: attributes named like a field have
 * replaced it or are gone, one attribute a name, every text valid UTF-8, and a
 * time in any case.
 */
class stored_event {
public:
  /// `arrival` stands in for a missing time.
  stored_event(const event_view& received, timestamp arrival);

  [[nodiscard]] const event& value() const noexcept { return value_; }
  [[nodiscard]] event take() && noexcept { return std::move(value_); }
  /// The value of an attribute; nothing if there is none.
  [[nodiscard]] const std::string* attribute_value(std::string_view key) const noexcept;

  /// Appends it to an answer as a field of `Msg`. False, and nothing appended,
  /// if its time has no room in microseconds: a real server cannot encode it.
  [[nodiscard]] bool encode(std::vector<std::byte>& out) const;

private:
  class attribute_finder;

  void set_attribute(const attribute_view& a, attribute_finder& known);

  event value_;
};

} // namespace riemann::inline v0::testkit::detail

#endif

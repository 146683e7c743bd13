#ifndef RIEMANN_TESTKIT_FAULT_PLAN_HPP
#define RIEMANN_TESTKIT_FAULT_PLAN_HPP

#include <riemann/testkit/fault.hpp>

#include <cstdint>
#include <list>
#include <vector>

namespace riemann::inline v0::testkit::detail {

/// The faults that are to happen. Not safe for use from several threads at once.
class fault_plan {
public:
  /// Throws `std::invalid_argument` for what cannot be.
  void add(std::vector<fault> together, fault_place where);
  void clear() noexcept { rules_.clear(); }
  [[nodiscard]] bool empty() const noexcept { return rules_.empty(); }

  /// Those due with this message of this connection; none, nearly always.
  std::vector<fault> take(std::uint64_t connection, std::uint64_t message);

private:
  struct rule {
    std::vector<fault> together;
    fault_place where;
  };

  std::list<rule> rules_{};
};

} // namespace riemann::inline v0::testkit::detail

#endif

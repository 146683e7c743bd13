#ifndef RIEMANN_TEST_INTEGRATION_MOVING_NAME_HPP
#define RIEMANN_TEST_INTEGRATION_MOVING_NAME_HPP

#include <string>

namespace riemann::test {

/// A host name whose address changes: this program has a `getaddrinfo` of its own, which
/// knows it, and asks the system's for any other.
class moving_name {
public:
  static constexpr const char* host = "moving.test";

  explicit moving_name(const std::string& address) { move_to(address); }
  moving_name(const moving_name&) = delete;
  moving_name& operator=(const moving_name&) = delete;
  ~moving_name() { move_to({}); }

  /// Empty: it does not resolve any more.
  static void move_to(const std::string& address);
  /// Ever.
  [[nodiscard]] static unsigned lookups();
};

} // namespace riemann::test

#endif

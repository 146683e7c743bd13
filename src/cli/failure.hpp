#ifndef RIEMANN_CLI_FAILURE_HPP
#define RIEMANN_CLI_FAILURE_HPP

#include "cli/exit_code.hpp"

#include <stdexcept>
#include <string>

namespace riemann::cli {

/// Ends a command: `what()` is one sentence that says what was wrong, with what,
/// and the remedy. An empty one ends it quietly.
class failure : public std::runtime_error {
public:
  failure(exit_code code, const std::string& sentence) : std::runtime_error{sentence}, code_{code}
  {}

  [[nodiscard]] exit_code code() const noexcept { return code_; }

private:
  exit_code code_;
};

} // namespace riemann::cli

#endif

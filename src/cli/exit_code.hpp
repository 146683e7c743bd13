#ifndef RIEMANN_CLI_EXIT_CODE_HPP
#define RIEMANN_CLI_EXIT_CODE_HPP

namespace riemann::cli {

/// What riemann-cli tells its caller; documented in `--help`.
enum class exit_code {
  acknowledged = 0,
  other = 1,
  usage = 2,
  /// Or, for `serve`, cannot listen.
  cannot_connect = 3,
  rejected = 4,
  timed_out = 5,
  tls_refused = 6,
  outcome_unknown = 7,
  /// Lines of the input could not be read; what could was acknowledged.
  bad_input = 8,
  /// As a shell has it of a program that a signal ended: 128 and the signal.
  hung_up = 129,
  interrupted = 130,
  terminated = 143,
};

} // namespace riemann::cli

#endif

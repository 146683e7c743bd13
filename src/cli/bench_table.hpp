#ifndef RIEMANN_CLI_BENCH_TABLE_HPP
#define RIEMANN_CLI_BENCH_TABLE_HPP

#include "cli/settings.hpp"

#include <riemann/duration_histogram.hpp>
#include <riemann/statistics.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace riemann::cli {

/// What all connections together have done.
struct bench_figures {
  tally messages{};
  tally events{};
  std::uint64_t bytes_written = 0;
  std::uint64_t bytes_read = 0;
  duration_histogram round_trips{};

  bench_figures& operator+=(const statistics& more);

  /// Acked, over UDP sent, or where there is no server encoded.
  [[nodiscard]] std::uint64_t delivered() const noexcept { return events.acked + events.sent; }
};

/// One line for a terminal, in the midst of it: `events` were delivered in the last `time`.
std::string bench_progress(const bench_settings& settings, const bench_figures& so_far,
                           std::uint64_t events, std::chrono::duration<double> time);

/// The table at the end.
std::string bench_table(const bench_settings& settings, const bench_figures& all,
                        std::chrono::duration<double> time, std::chrono::duration<double> cpu);

} // namespace riemann::cli

#endif

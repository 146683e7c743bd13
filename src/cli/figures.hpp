#ifndef RIEMANN_CLI_FIGURES_HPP
#define RIEMANN_CLI_FIGURES_HPP

#include <cstdint>
#include <optional>
#include <string>

namespace riemann::cli {

// What the kernel says of the machine, as values.

/// Time since the start in each kind of work, summed over the processors, in
/// ticks.
struct cpu_times {
  std::uint64_t user = 0;
  std::uint64_t nice = 0;
  std::uint64_t system = 0;
  std::uint64_t idle = 0;
  std::uint64_t iowait = 0;
  std::uint64_t irq = 0;
  std::uint64_t softirq = 0;
  std::uint64_t steal = 0;

  friend bool operator==(const cpu_times&, const cpu_times&) = default;
};

struct processor_figures {
  cpu_times times{};
  /// Processors that are on line.
  unsigned processors = 0;
  /// Tasks that run or could, and that wait for a disk; old kernels do not say.
  std::optional<std::uint64_t> running{};
  std::optional<std::uint64_t> blocked{};

  friend bool operator==(const processor_figures&, const processor_figures&) = default;
};

/// Tasks that run or wait to, on average over so many minutes.
struct load_averages {
  double one = 0;
  double five = 0;
  double fifteen = 0;

  friend bool operator==(const load_averages&, const load_averages&) = default;
};

/// In bytes.
struct memory_figures {
  std::uint64_t total = 0;
  std::uint64_t available = 0;
  std::uint64_t swap_total = 0;
  std::uint64_t swap_free = 0;

  friend bool operator==(const memory_figures&, const memory_figures&) = default;
};

/// A filesystem on a device of this machine's.
struct mounted_filesystem {
  std::string device{}; ///< major:minor
  std::string mount_point{};

  friend bool operator==(const mounted_filesystem&, const mounted_filesystem&) = default;
};

/// In bytes, as `df` counts: what is reserved for root is neither.
struct filesystem_usage {
  std::string mount_point{};
  std::uint64_t used = 0;
  std::uint64_t available = 0;
  /// Files and directories that there are, and that there may be; 0: no such limit.
  std::uint64_t inodes_used = 0;
  std::uint64_t inodes = 0;

  friend bool operator==(const filesystem_usage&, const filesystem_usage&) = default;
};

/// Since the start.
struct disk_counters {
  std::string name{};
  std::uint64_t reads = 0;
  std::uint64_t read_bytes = 0;
  std::uint64_t writes = 0;
  std::uint64_t written_bytes = 0;
  std::uint64_t busy_ms = 0;

  friend bool operator==(const disk_counters&, const disk_counters&) = default;
};

/// Since the start, in one direction.
struct traffic_counters {
  std::uint64_t bytes = 0;
  std::uint64_t packets = 0;
  std::uint64_t errors = 0;
  std::uint64_t drops = 0;

  friend bool operator==(const traffic_counters&, const traffic_counters&) = default;
};

struct interface_counters {
  std::string name{};
  traffic_counters received{};
  traffic_counters sent{};

  friend bool operator==(const interface_counters&, const interface_counters&) = default;
};

/// Of one sensor, in degrees Celsius.
struct temperature {
  std::string name{};
  double celsius = 0;

  friend bool operator==(const temperature&, const temperature&) = default;
};

} // namespace riemann::cli

#endif

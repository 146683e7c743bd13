#ifndef RIEMANN_CLI_SAMPLER_HPP
#define RIEMANN_CLI_SAMPLER_HPP

#include "cli/figures.hpp"

#include <chrono>
#include <filesystem>
#include <optional>
#include <vector>

namespace riemann::cli {

/// The machine at one moment; what could not be read is absent.
struct sample {
  std::chrono::steady_clock::time_point taken{};
  std::optional<processor_figures> processors{};
  std::optional<load_averages> load{};
  std::optional<memory_figures> memory{};
  std::optional<double> uptime{};
  std::optional<std::uint64_t> processes{};
  std::vector<filesystem_usage> filesystems{};
  std::vector<disk_counters> disks{};
  std::vector<interface_counters> interfaces{};
  std::vector<temperature> temperatures{};
};

/// Reads the kernel's files. Never throws for what is missing there.
class sampler {
public:
  explicit sampler(std::filesystem::path proc = "/proc", std::filesystem::path sys = "/sys");

  [[nodiscard]] sample take() const;

private:
  [[nodiscard]] std::string read(const char* name) const;
  [[nodiscard]] std::optional<std::uint64_t> count_processes() const;
  [[nodiscard]] std::vector<filesystem_usage> filesystems() const;
  [[nodiscard]] std::vector<disk_counters> whole_disks() const;
  [[nodiscard]] std::vector<interface_counters> interfaces() const;

  std::filesystem::path proc_;
  std::filesystem::path sys_;
};

} // namespace riemann::cli

#endif

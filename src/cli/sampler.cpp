#include "cli/sampler.hpp"

#include "cli/proc_devices.hpp"
#include "cli/proc_machine.hpp"
#include "cli/sys_temperatures.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <sys/statvfs.h>
#include <system_error>
#include <utility>

namespace riemann::cli {

namespace {

namespace fs = std::filesystem;

bool is_process(const fs::directory_entry& entry)
{
  const std::string name = entry.path().filename().string();
  return std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_directory(const std::string& path)
{
  std::error_code error;
  return fs::is_directory(path, error);
}

/// Nothing for what has no blocks.
std::optional<filesystem_usage> usage_of(const mounted_filesystem& mounted)
{
  struct statvfs answer {};
  if (::statvfs(mounted.mount_point.c_str(), &answer) != 0) {
    return {};
  }
  const std::uint64_t used = answer.f_blocks - std::min(answer.f_bfree, answer.f_blocks);
  if (used + answer.f_bavail == 0) {
    return {};
  }
  return filesystem_usage{.mount_point = mounted.mount_point,
                          .used = used * answer.f_frsize,
                          .available = answer.f_bavail * answer.f_frsize,
                          .inodes_used = answer.f_files - std::min(answer.f_ffree, answer.f_files),
                          .inodes = answer.f_files};
}

bool lies_in_memory(std::string_view disk)
{
  constexpr std::array<std::string_view, 3> prefixes{"loop", "ram", "zram"};
  return std::ranges::any_of(prefixes, [&](auto prefix) { return disk.starts_with(prefix); });
}

} // namespace

sampler::sampler(fs::path proc, fs::path sys) : proc_{std::move(proc)}, sys_{std::move(sys)} {}

sample sampler::take() const
{
  sample now;
  now.taken = std::chrono::steady_clock::now();
  now.processors = parse_stat(read("stat"));
  now.load = parse_loadavg(read("loadavg"));
  now.memory = parse_meminfo(read("meminfo"));
  now.uptime = parse_uptime(read("uptime"));
  now.processes = count_processes();
  now.filesystems = filesystems();
  now.disks = whole_disks();
  now.interfaces = interfaces();
  now.temperatures = read_temperatures(sys_);
  return now;
}

std::string sampler::read(const char* name) const
{
  std::ifstream file{proc_ / name, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

std::optional<std::uint64_t> sampler::count_processes() const
{
  std::error_code error;
  std::uint64_t count = 0;
  auto entry = fs::directory_iterator{proc_, error};
  for (; !error && entry != fs::directory_iterator{}; entry.increment(error)) {
    count += is_process(*entry) ? 1 : 0;
  }
  return count > 0 ? std::optional{count} : std::nullopt;
}

std::vector<filesystem_usage> sampler::filesystems() const
{
  std::vector<filesystem_usage> usages;
  for (const auto& mounted : parse_mountinfo(read("self/mountinfo"), is_directory)) {
    if (auto usage = usage_of(mounted)) {
      usages.push_back(std::move(*usage));
    }
  }
  return usages;
}

/// Without partitions, disks that are memory or files, and those never used.
std::vector<disk_counters> sampler::whole_disks() const
{
  auto disks = parse_diskstats(read("diskstats"));
  std::error_code error;
  const bool known = fs::is_directory(sys_ / "block", error);
  std::erase_if(disks, [&](const disk_counters& disk) {
    return disk.reads + disk.writes == 0 || lies_in_memory(disk.name) ||
           (known && !fs::exists(sys_ / "block" / disk.name, error));
  });
  return disks;
}

/// Without the loopback and those never used.
std::vector<interface_counters> sampler::interfaces() const
{
  auto found = parse_net_dev(read("net/dev"));
  std::erase_if(found, [](const interface_counters& one) {
    return one.name == "lo" || one.received.packets + one.sent.packets == 0;
  });
  return found;
}

} // namespace riemann::cli

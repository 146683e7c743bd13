#include "cli/proc_machine.hpp"

#include "cli/words.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>

namespace riemann::cli {

namespace {

cpu_times times_of(const std::vector<std::uint64_t>& ticks)
{
  const auto at = [&](std::size_t i) { return i < ticks.size() ? ticks[i] : 0; };
  return {.user = at(0),
          .nice = at(1),
          .system = at(2),
          .idle = at(3),
          .iowait = at(4),
          .irq = at(5),
          .softirq = at(6),
          .steal = at(7)};
}

std::uint64_t bytes_of_kib(std::uint64_t kib)
{
  return kib > std::numeric_limits<std::uint64_t>::max() / 1024
             ? std::numeric_limits<std::uint64_t>::max()
             : kib * 1024;
}

/// The values of /proc/meminfo, in bytes.
std::map<std::string_view, std::uint64_t> meminfo_values(std::string_view text)
{
  std::map<std::string_view, std::uint64_t> values;
  for (const auto line : lines_of(text)) {
    const auto words = words_of(line);
    if (words.size() >= 2 && words[0].ends_with(':')) {
      if (const auto kib = number_in<std::uint64_t>(words[1])) {
        values[words[0].substr(0, words[0].size() - 1)] = bytes_of_kib(*kib);
      }
    }
  }
  return values;
}

} // namespace

std::optional<processor_figures> parse_stat(std::string_view text)
{
  processor_figures figures;
  bool found = false;
  for (const auto line : lines_of(text)) {
    const auto words = words_of(line);
    if (words.size() == 2 && words[0] == "procs_running") {
      figures.running = number_in<std::uint64_t>(words[1]);
    } else if (words.size() == 2 && words[0] == "procs_blocked") {
      figures.blocked = number_in<std::uint64_t>(words[1]);
    }
    if (words.empty() || !words[0].starts_with("cpu")) {
      continue;
    }
    if (words[0] != "cpu") {
      ++figures.processors;
      continue;
    }
    const auto ticks = numbers_in<std::uint64_t>(words, 1);
    found = ticks.size() >= 4; // up to idle
    figures.times = times_of(ticks);
  }
  return found ? std::optional{figures} : std::nullopt;
}

std::optional<load_averages> parse_loadavg(std::string_view text)
{
  const auto numbers = numbers_in<double>(words_of(text), 0);
  if (numbers.size() < 3) {
    return {};
  }
  return load_averages{.one = numbers[0], .five = numbers[1], .fifteen = numbers[2]};
}

std::optional<memory_figures> parse_meminfo(std::string_view text)
{
  auto values = meminfo_values(text);
  if (values["MemTotal"] == 0 || !(values.contains("MemAvailable") || values.contains("MemFree"))) {
    return {};
  }
  memory_figures figures;
  figures.total = values["MemTotal"];
  figures.available = values.contains("MemAvailable")
                          ? values["MemAvailable"]
                          : values["MemFree"] + values["Buffers"] + values["Cached"];
  figures.available = std::min(figures.available, figures.total);
  figures.swap_total = values["SwapTotal"];
  figures.swap_free = std::min(values["SwapFree"], values["SwapTotal"]);
  return figures;
}

std::optional<double> parse_uptime(std::string_view text)
{
  const auto numbers = numbers_in<double>(words_of(text), 0);
  return numbers.empty() ? std::nullopt : std::optional{numbers[0]};
}

} // namespace riemann::cli

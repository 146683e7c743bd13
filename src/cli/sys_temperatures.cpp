#include "cli/sys_temperatures.hpp"

#include "cli/text.hpp"
#include "cli/words.hpp"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace riemann::cli {

namespace {

namespace fs = std::filesystem;

/// The first line of a file; empty if it cannot be read.
std::string line_of(const fs::path& file)
{
  std::ifstream in{file, std::ios::binary};
  std::string line;
  std::getline(in, line);
  return one_line(line);
}

/// In thousandths of a degree. A sensor that is broken tells what no machine can be.
std::optional<double> celsius_in(const fs::path& file)
{
  const auto number = number_in<std::int64_t>(line_of(file));
  if (!number || *number < -150'000 || *number > 1'000'000) {
    return {};
  }
  return static_cast<double>(*number) / 1'000;
}

std::vector<fs::path> sorted_entries(const fs::path& directory)
{
  std::vector<fs::path> entries;
  std::error_code error;
  auto entry = fs::directory_iterator{directory, error};
  for (; !error && entry != fs::directory_iterator{}; entry.increment(error)) {
    entries.push_back(entry->path());
  }
  std::ranges::sort(entries);
  return entries;
}

/// N of `tempN_input`; empty for other files.
std::string sensor_number(const std::string& file)
{
  constexpr std::string_view before = "temp";
  constexpr std::string_view behind = "_input";
  if (!file.starts_with(before) || !file.ends_with(behind) ||
      file.size() <= before.size() + behind.size()) {
    return {};
  }
  return file.substr(before.size(), file.size() - before.size() - behind.size());
}

void read_monitor(const fs::path& monitor, std::vector<temperature>& found)
{
  const std::string name = line_of(monitor / "name");
  for (const fs::path& file : sorted_entries(monitor)) {
    const std::string number = sensor_number(file.filename().string());
    if (number.empty()) {
      continue;
    }
    if (const auto celsius = celsius_in(file)) {
      const std::string label = line_of(monitor / ("temp" + number + "_label"));
      found.push_back({(name.empty() ? monitor.filename().string() : name) + ' ' +
                           (label.empty() ? number : label),
                       *celsius});
    }
  }
}

void read_zone(const fs::path& zone, std::vector<temperature>& found)
{
  if (!zone.filename().string().starts_with("thermal_zone")) {
    return;
  }
  if (const auto celsius = celsius_in(zone / "temp")) {
    const std::string type = line_of(zone / "type");
    found.push_back({type.empty() ? zone.filename().string() : type, *celsius});
  }
}

} // namespace

std::vector<temperature> read_temperatures(const fs::path& sys)
{
  std::vector<temperature> found;
  for (const fs::path& monitor : sorted_entries(sys / "class" / "hwmon")) {
    read_monitor(monitor, found);
  }
  if (found.empty()) {
    for (const fs::path& zone : sorted_entries(sys / "class" / "thermal")) {
      read_zone(zone, found);
    }
  }
  std::map<std::string, int> seen;
  for (temperature& one : found) {
    if (const int times = ++seen[one.name]; times > 1) {
      one.name += ' ' + std::to_string(times);
    }
  }
  std::ranges::sort(found, {}, &temperature::name);
  return found;
}

} // namespace riemann::cli

#include "cli/proc_devices.hpp"

#include "cli/words.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace riemann::cli {

namespace {

bool is_octal(char c)
{
  return c >= '0' && c <= '7';
}

/// Blanks, tabs, line ends and backslashes in names are written `\040` and so on.
std::string unescape(std::string_view text)
{
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto digits = text.substr(i).substr(0, 4);
    if (digits.size() == 4 && digits[0] == '\\' &&
        std::ranges::all_of(digits.substr(1), is_octal)) {
      int value = 0;
      for (const char digit : digits.substr(1)) {
        value = value * 8 + (digit - '0');
      }
      result += static_cast<char>(value);
      i += 3;
    } else {
      result += text[i];
    }
  }
  return result;
}

bool fills_up_here(std::string_view type, std::string_view source, std::string_view mount_point)
{
  constexpr std::array<std::string_view, 5> always_full{"squashfs", "iso9660", "udf", "erofs",
                                                        "cramfs"};
  constexpr std::array<std::string_view, 2> without_device{"zfs", "bcachefs"};
  if (type == "overlay") {
    return mount_point == "/"; // else a container's, on a filesystem that counts already
  }
  if (std::ranges::find(always_full, type) != always_full.end()) {
    return false;
  }
  return source.starts_with("/dev/") ||
         std::ranges::find(without_device, type) != without_device.end();
}

/// ID PARENT MAJOR:MINOR ROOT MOUNT-POINT OPTIONS [TAG...] - TYPE SOURCE OPTIONS
std::optional<mounted_filesystem> parse_mount(std::string_view line)
{
  const auto words = words_of(line);
  const auto dash = std::ranges::find(words, "-");
  if (dash - words.begin() < 6 || words.end() - dash < 3 ||
      !fills_up_here(dash[1], dash[2], words[4])) {
    return {};
  }
  return mounted_filesystem{.device = std::string{words[2]}, .mount_point = unescape(words[4])};
}

bool mounts_at(std::string_view line, std::string_view mount_point)
{
  const auto words = words_of(line);
  return words.size() > 4 && unescape(words[4]) == mount_point;
}

constexpr std::uint64_t sector_size = 512; // in /proc/diskstats, whatever the disk's

/// MAJOR MINOR NAME READS MERGED SECTORS MS WRITES MERGED SECTORS MS IN-FLIGHT MS ...
std::optional<disk_counters> parse_disk(std::string_view line)
{
  const auto words = words_of(line);
  const auto numbers = numbers_in<std::uint64_t>(words, 3);
  if (numbers.size() < 10) {
    return {};
  }
  return disk_counters{.name = std::string{words[2]},
                       .reads = numbers[0],
                       .read_bytes = numbers[2] * sector_size,
                       .writes = numbers[4],
                       .written_bytes = numbers[6] * sector_size,
                       .busy_ms = numbers[9]};
}

traffic_counters traffic_of(const std::vector<std::uint64_t>& numbers, std::size_t first)
{
  return {.bytes = numbers[first],
          .packets = numbers[first + 1],
          .errors = numbers[first + 2],
          .drops = numbers[first + 3]};
}

/// NAME: eight numbers received, eight sent; there may be no blank after the colon.
std::optional<interface_counters> parse_interface(std::string_view line)
{
  const auto colon = line.rfind(':');
  if (colon == std::string_view::npos) {
    return {};
  }
  const auto name = words_of(line.substr(0, colon));
  const auto numbers = numbers_in<std::uint64_t>(words_of(line.substr(colon + 1)), 0);
  if (name.size() != 1 || numbers.size() < 12) {
    return {};
  }
  return interface_counters{.name = std::string{name[0]},
                            .received = traffic_of(numbers, 0),
                            .sent = traffic_of(numbers, 8)};
}

template <class T>
std::vector<T> parse_lines(std::string_view text, std::optional<T> (*parse)(std::string_view line))
{
  std::vector<T> parsed;
  for (const auto line : lines_of(text)) {
    if (auto one = parse(line)) {
      parsed.push_back(std::move(*one));
    }
  }
  return parsed;
}

} // namespace

std::vector<mounted_filesystem>
parse_mountinfo(std::string_view text,
                const std::function<bool(const std::string& path)>& is_directory)
{
  const auto lines = lines_of(text);
  std::vector<mounted_filesystem> result;
  for (auto line = lines.begin(); line != lines.end(); ++line) {
    const auto mount = parse_mount(*line);
    const auto hides = [&](std::string_view later) { return mounts_at(later, mount->mount_point); };
    if (!mount || std::any_of(line + 1, lines.end(), hides)) {
      continue;
    }
    const auto same = std::ranges::find(result, mount->device, &mounted_filesystem::device);
    const bool is_known = same != result.end();
    if (is_known && same->mount_point.size() <= mount->mount_point.size()) {
      continue;
    }
    if (!is_directory(mount->mount_point)) {
      continue;
    }
    if (is_known) {
      *same = *mount;
    } else {
      result.push_back(*mount);
    }
  }
  return result;
}

std::vector<disk_counters> parse_diskstats(std::string_view text)
{
  return parse_lines(text, &parse_disk);
}

std::vector<interface_counters> parse_net_dev(std::string_view text)
{
  return parse_lines(text, &parse_interface);
}

} // namespace riemann::cli

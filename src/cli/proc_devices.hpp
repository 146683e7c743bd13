#ifndef RIEMANN_CLI_PROC_DEVICES_HPP
#define RIEMANN_CLI_PROC_DEVICES_HPP

#include "cli/figures.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace riemann::cli {

// Each reads the text of one file under /proc and leaves out lines that it does
// not understand.

/**
 * /proc/self/mountinfo: the filesystems that can fill up and lie on this machine,
 * each once, by the shortest of its mount points that are directories: in a container
 * files are mounted, too. A server that hangs would hang
 * who asks how full its filesystem is, so network filesystems are left out; images
 * that are always full (squashfs and the like) are too.
 */
std::vector<mounted_filesystem>
parse_mountinfo(std::string_view text,
                const std::function<bool(const std::string& path)>& is_directory);
/// /proc/diskstats: disks, partitions and what else there is
std::vector<disk_counters> parse_diskstats(std::string_view text);
/// /proc/net/dev
std::vector<interface_counters> parse_net_dev(std::string_view text);

} // namespace riemann::cli

#endif

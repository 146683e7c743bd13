#include "cli/proc_devices.hpp"
#include "cli/proc_machine.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <random>
#include <string>

using namespace riemann::cli;

namespace {

bool is_any_directory(const std::string& /*path*/)
{
  return true;
}

} // namespace

BOOST_AUTO_TEST_SUITE(cli_proc)

BOOST_AUTO_TEST_CASE(parse_stat_when_usual_then_times_and_processors)
{
  const auto figures =
      parse_stat("cpu  1 2 3 4 5 6 7 8 9 10\ncpu0 1 1 1 1\ncpu1 0 1 2 3\nintr 5 6\n");
  BOOST_REQUIRE(figures);
  BOOST_TEST((figures->times == cpu_times{1, 2, 3, 4, 5, 6, 7, 8}));
  BOOST_TEST(figures->processors == 2U);
  BOOST_TEST(!figures->running.has_value());
  const auto new_ones = parse_stat("cpu 1 2 3 4\nprocs_running 3\nprocs_blocked 1\n");
  BOOST_REQUIRE(new_ones);
  BOOST_TEST((new_ones->running == 3U && new_ones->blocked == 1U));
}

BOOST_AUTO_TEST_CASE(parse_stat_when_fields_are_missing_then_zero_or_nothing)
{
  const auto old = parse_stat("cpu 1 2 3 4\n");
  BOOST_REQUIRE(old);
  BOOST_TEST((old->times == cpu_times{1, 2, 3, 4, 0, 0, 0, 0}));
  BOOST_TEST(!parse_stat(""));
  BOOST_TEST(!parse_stat("cpu"));
  BOOST_TEST(!parse_stat("cpu 1 2 3"));
  BOOST_TEST(!parse_stat("cpu a b c d"));
  BOOST_TEST(!parse_stat("cpu0 1 2 3 4"));
  BOOST_TEST(!parse_stat("cpu -1 2 3 4"));
  BOOST_TEST(!parse_stat("cpu 99999999999999999999999 2 3 4"));
}

BOOST_AUTO_TEST_CASE(parse_loadavg_when_three_numbers_then_averages)
{
  BOOST_TEST((parse_loadavg("0.30 0.22 0.10 1/120 4242\n") == load_averages{0.30, 0.22, 0.10}));
  BOOST_TEST(!parse_loadavg(""));
  BOOST_TEST(!parse_loadavg("0.3 0.2"));
  BOOST_TEST(!parse_loadavg("0.3 x 0.2"));
}

BOOST_AUTO_TEST_CASE(parse_meminfo_when_usual_then_bytes)
{
  const auto figures =
      parse_meminfo("MemTotal:  100 kB\nMemFree: 1 kB\nMemAvailable:   40 kB\n"
                    "Buffers: 2 kB\nCached: 3 kB\nSwapTotal: 10 kB\nSwapFree: 4 kB\n");
  BOOST_TEST((figures == memory_figures{100 * 1024, 40 * 1024, 10 * 1024, 4 * 1024}));
}

BOOST_AUTO_TEST_CASE(parse_meminfo_when_strange_then_makes_do_or_nothing)
{
  const auto old = parse_meminfo("MemTotal: 100 kB\nMemFree: 1 kB\nBuffers: 2 kB\nCached: 3 kB\n");
  BOOST_TEST((old == memory_figures{100 * 1024, 6 * 1024, 0, 0}));
  const auto more_free_than_there_is = parse_meminfo("MemTotal: 1\nMemAvailable: 2\nSwapFree: 9\n");
  BOOST_TEST((more_free_than_there_is == memory_figures{1024, 1024, 0, 0}));
  BOOST_TEST(!parse_meminfo(""));
  BOOST_TEST(!parse_meminfo("MemTotal: 100 kB\n"));
  BOOST_TEST(!parse_meminfo("MemTotal: 0 kB\nMemFree: 0 kB\n"));
  BOOST_TEST(!parse_meminfo("MemTotal:\nMemTotal: x\nnonsense"));
}

BOOST_AUTO_TEST_CASE(parse_uptime_when_number_then_seconds)
{
  BOOST_TEST(parse_uptime("1860.52 3500.1\n").value() == 1860.52);
  BOOST_TEST(!parse_uptime(""));
  BOOST_TEST(!parse_uptime("long"));
}

BOOST_AUTO_TEST_CASE(parse_mountinfo_when_mixed_then_local_filesystems_once)
{
  const auto found =
      parse_mountinfo("22 27 0:21 / /proc rw - proc proc rw\n"
                      "27 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n"
                      "30 27 254:0 /sub /srv/bind rw shared:1 master:2 - ext4 /dev/vda rw\n"
                      "31 27 8:1 / /mnt/a\\040b\\134c rw,noatime shared:3 - xfs /dev/sda1 rw\n"
                      "32 27 7:1 / /snap/x/1 ro - squashfs /dev/loop1 ro\n"
                      "33 27 0:40 / /net rw - nfs4 server:/export rw\n"
                      "34 27 0:41 / /pool rw - zfs tank rw\n"
                      "35 27 0:42 / /var/lib/containers/1 rw - overlay overlay rw\n",
                      is_any_directory);
  const std::vector<mounted_filesystem> expected{
      {"254:0", "/"}, {"8:1", "/mnt/a b\\c"}, {"0:41", "/pool"}};
  BOOST_TEST((found == expected));
}

BOOST_AUTO_TEST_CASE(parse_mountinfo_when_mounted_over_then_the_later)
{
  const auto found = parse_mountinfo("1 0 8:1 / /mnt rw - ext4 /dev/sda1 rw\n"
                                     "2 1 8:2 / /mnt rw - ext4 /dev/sda2 rw\n"
                                     "3 1 0:5 / / rw - overlay overlay rw\n",
                                     is_any_directory);
  const std::vector<mounted_filesystem> expected{{"8:2", "/mnt"}, {"0:5", "/"}};
  BOOST_TEST((found == expected));
}

BOOST_AUTO_TEST_CASE(parse_mountinfo_when_files_are_mounted_then_the_shortest_directory)
{
  const auto found =
      parse_mountinfo("1 0 8:1 / /run/long rw - ext4 /dev/sda1 rw\n"
                      "2 0 8:1 /h /etc/hosts rw - ext4 /dev/sda1 rw\n"
                      "3 0 8:1 /l /run/log rw - ext4 /dev/sda1 rw\n"
                      "4 0 8:2 /f /file rw - ext4 /dev/sda2 rw\n"
                      "5 0 8:3 /f /f rw - ext4 /dev/sda3 rw\n"
                      "6 0 8:3 / /run/other rw - ext4 /dev/sda3 rw\n",
                      [](const std::string& path) { return path.starts_with("/run"); });
  const std::vector<mounted_filesystem> expected{{"8:1", "/run/log"}, {"8:3", "/run/other"}};
  BOOST_TEST((found == expected));
}

BOOST_AUTO_TEST_CASE(parse_mountinfo_when_nonsense_then_nothing)
{
  for (const char* text : {"", "\n\n", "-", "a b c d e f -", "a b c d e f - ext4",
                           "1 2 3 - ext4 /dev/a", "1 2 8:1 / /a\\04 rw ext4 /dev/a rw"}) {
    BOOST_TEST(parse_mountinfo(text, is_any_directory).empty());
  }
}

BOOST_AUTO_TEST_CASE(parse_diskstats_when_lines_then_counters_in_bytes)
{
  const auto disks =
      parse_diskstats(" 254 0 vda 80278 29669 10 37633 23905 16983 20 4552 0 15904 42581 1 2\n"
                      "   8 0 sda 1 2 3\nnonsense\n");
  const std::vector<disk_counters> expected{{"vda", 80278, 5120, 23905, 10240, 15904}};
  BOOST_TEST((disks == expected));
}

BOOST_AUTO_TEST_CASE(parse_net_dev_when_lines_then_counters)
{
  const auto interfaces =
      parse_net_dev("Inter-|   Receive                 |  Transmit\n"
                    " face |bytes    packets errs drop|bytes packets\n"
                    "    lo:    3267      29    0    0    0     0          0         0     3267    "
                    "  29    0    0    0     0       0          0\n"
                    "eth0:41444872 1104 1 2 0 0 0 0 48899 591 3 4 0 0 0 0\n"
                    "br:0: 1 2 3 4 0 0 0 0 5 6 7 8 0 0 0 0\n"
                    "eth1: 1 2 3\n");
  const std::vector<interface_counters> expected{
      {"lo", {3267, 29, 0, 0}, {3267, 29, 0, 0}},
      {"eth0", {41444872, 1104, 1, 2}, {48899, 591, 3, 4}},
      {"br:0", {1, 2, 3, 4}, {5, 6, 7, 8}}};
  BOOST_TEST((interfaces == expected));
}

BOOST_AUTO_TEST_CASE(parsers_when_given_noise_then_do_not_crash)
{
  std::mt19937 random{20260101}; // NOLINT(cert-msc51-cpp): the same noise each time
  constexpr std::string_view alphabet = "cpu MemTotal:/-\\0123456789. \t\n\r\0\xFF"
                                        "ext4/dev/";
  std::uniform_int_distribution<std::size_t> letter{0, alphabet.size() - 1};
  for (int round = 0; round < 2'000; ++round) {
    std::string text;
    for (int i = 0; i < 200; ++i) {
      text += alphabet[letter(random)];
    }
    parse_stat(text);
    parse_loadavg(text);
    parse_meminfo(text);
    parse_uptime(text);
    BOOST_TEST(parse_mountinfo(text, is_any_directory).size() <= 200U);
    BOOST_TEST(parse_diskstats(text).size() <= 200U);
    BOOST_TEST(parse_net_dev(text).size() <= 200U);
  }
}

BOOST_AUTO_TEST_SUITE_END()

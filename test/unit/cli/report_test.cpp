#include "cli/report.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <set>
#include <unistd.h>

using namespace riemann::cli;
using namespace std::chrono_literals;

namespace {

report_settings settings()
{
  report_settings how;
  how.time = riemann::timestamp::from_micros(1'700'000'000'000'001);
  return how;
}

sample sample_at(std::chrono::seconds time)
{
  sample s;
  s.taken = std::chrono::steady_clock::time_point{time};
  return s;
}

const riemann::event* find(const std::vector<riemann::event>& events, const std::string& service)
{
  const auto found = std::ranges::find(events, service, [](const auto& e) { return *e.service; });
  return found == events.end() ? nullptr : &*found;
}

double metric_of(const std::vector<riemann::event>& events, const std::string& service)
{
  const auto* found = find(events, service);
  BOOST_REQUIRE_MESSAGE(found != nullptr, service << " is missing");
  return found->metric->as_double();
}

std::string state_of(const std::vector<riemann::event>& events, const std::string& service)
{
  const auto* found = find(events, service);
  BOOST_REQUIRE_MESSAGE(found != nullptr, service << " is missing");
  return *found->state;
}

} // namespace

BOOST_AUTO_TEST_SUITE(cli_report)

BOOST_AUTO_TEST_CASE(report_when_nothing_could_be_read_then_no_events)
{
  BOOST_TEST(report(sample_at(0s), sample_at(1s), settings()).empty());
}

BOOST_AUTO_TEST_CASE(report_when_processor_worked_then_fractions_of_the_time_between)
{
  auto before = sample_at(0s);
  auto now = sample_at(1s);
  before.processors = {{.user = 100, .idle = 1000, .iowait = 50}, 2};
  now.processors = {{.user = 130,
                     .nice = 10,
                     .system = 10,
                     .idle = 1020,
                     .iowait = 60,
                     .irq = 4,
                     .softirq = 6,
                     .steal = 10},
                    2};
  const auto events = report(before, now, settings());
  BOOST_TEST(metric_of(events, "cpu") == 0.7);
  BOOST_TEST(metric_of(events, "cpu user") == 0.3);
  BOOST_TEST(metric_of(events, "cpu nice") == 0.1);
  BOOST_TEST(metric_of(events, "cpu system") == 0.1);
  BOOST_TEST(metric_of(events, "cpu irq") == 0.04);
  BOOST_TEST(metric_of(events, "cpu softirq") == 0.06);
  BOOST_TEST(metric_of(events, "cpu iowait") == 0.1);
  BOOST_TEST(metric_of(events, "cpu steal") == 0.1);
  BOOST_TEST(metric_of(events, "cpu idle") == 0.2);
  BOOST_TEST(state_of(events, "cpu") == "ok");
  BOOST_TEST(state_of(events, "cpu user") == "ok");
}

BOOST_AUTO_TEST_CASE(report_when_processor_counters_stand_or_run_backwards_then_sane)
{
  auto before = sample_at(0s);
  auto now = sample_at(1s);
  before.processors = {{.user = 100, .idle = 100, .iowait = 50}, 1};
  now.processors = before.processors;
  BOOST_TEST(find(report(before, now, settings()), "cpu") == nullptr);
  now.processors = {{.user = 110, .idle = 110, .iowait = 40}, 1};
  BOOST_TEST(metric_of(report(before, now, settings()), "cpu") == 0.5);
}

BOOST_AUTO_TEST_CASE(report_when_thresholds_are_reached_then_states)
{
  const auto load_state = [](double one) {
    auto now = sample_at(1s);
    now.processors = {{}, 2};
    now.load = {one, 1, 1};
    return state_of(report(sample_at(0s), now, settings()), "load");
  };
  BOOST_TEST(load_state(5.9) == "ok");
  BOOST_TEST(load_state(6) == "warning");
  BOOST_TEST(load_state(16) == "critical");
  const auto disk_state = [](std::uint64_t used) {
    auto now = sample_at(1s);
    now.filesystems = {{"/", used, 100 - used}};
    return state_of(report(sample_at(0s), now, settings()), "disk /");
  };
  BOOST_TEST(disk_state(89) == "ok");
  BOOST_TEST(disk_state(90) == "warning");
  BOOST_TEST(disk_state(95) == "critical");
}

BOOST_AUTO_TEST_CASE(report_when_memory_then_fraction_used_and_swap_if_there_is_any)
{
  auto now = sample_at(1s);
  now.memory = memory_figures{100, 10, 0, 0};
  auto events = report(sample_at(0s), now, settings());
  BOOST_TEST(metric_of(events, "memory") == 0.9);
  BOOST_TEST(state_of(events, "memory") == "warning");
  BOOST_TEST(find(events, "swap") == nullptr);
  now.memory->swap_total = 100;
  now.memory->swap_free = 75;
  events = report(sample_at(0s), now, settings());
  BOOST_TEST(metric_of(events, "swap") == 0.25);
  BOOST_TEST(metric_of(events, "memory available") == 10.0);
}

BOOST_AUTO_TEST_CASE(report_when_counters_grew_then_rates_a_second)
{
  auto before = sample_at(10s);
  auto now = sample_at(12s);
  before.disks = {{"vda", 10, 1000, 20, 2000, 100}};
  now.disks = {{"vda", 12, 1512, 20, 3024, 1100}, {"new", 1, 1, 1, 1, 1}};
  before.interfaces = {{"eth0", {100, 10, 0, 0}, {200, 20, 5, 0}}};
  now.interfaces = {{"eth0", {300, 12, 0, 1}, {200, 20, 7, 0}}};
  const auto events = report(before, now, settings());
  BOOST_TEST(metric_of(events, "io vda reads") == 1.0);
  BOOST_TEST(metric_of(events, "io vda read bytes") == 256.0);
  BOOST_TEST(metric_of(events, "io vda writes") == 0.0);
  BOOST_TEST(metric_of(events, "io vda written bytes") == 512.0);
  BOOST_TEST(metric_of(events, "io vda busy") == 0.5);
  BOOST_TEST(metric_of(events, "network eth0 rx bytes") == 100.0);
  BOOST_TEST(metric_of(events, "network eth0 rx packets") == 1.0);
  BOOST_TEST(metric_of(events, "network eth0 rx drops") == 0.5);
  BOOST_TEST(metric_of(events, "network eth0 tx errors") == 1.0);
  BOOST_TEST(find(events, "io new reads") == nullptr);
}

BOOST_AUTO_TEST_CASE(report_when_a_counter_ran_backwards_then_no_rate)
{
  auto before = sample_at(0s);
  auto now = sample_at(1s);
  before.interfaces = {{"eth0", {300, 1, 0, 0}, {1, 1, 0, 0}}};
  now.interfaces = {{"eth0", {100, 2, 0, 0}, {2, 2, 0, 0}}};
  const auto events = report(before, now, settings());
  BOOST_TEST(find(events, "network eth0 rx bytes") == nullptr);
  BOOST_TEST(metric_of(events, "network eth0 tx bytes") == 1.0);
}

BOOST_AUTO_TEST_CASE(report_when_any_event_then_time_and_description)
{
  auto now = sample_at(1s);
  now.uptime = 86'400;
  now.processes = 12;
  const auto events = report(sample_at(0s), now, settings());
  BOOST_TEST(events.size() == 2U);
  for (const auto& e : events) {
    BOOST_TEST((e.time == settings().time));
    BOOST_TEST(!e.description->empty());
  }
  BOOST_TEST(find(events, "processes")->metric->is_integer());
}

BOOST_AUTO_TEST_CASE(report_when_own_thresholds_then_those)
{
  auto how = settings();
  how.limits.add({"disk /", {.warning = 0.1}});
  how.limits.add({"processes", {.critical = 12}});
  auto now = sample_at(1s);
  now.processes = 12;
  now.filesystems = {{"/", 20, 80, 5, 10}, {"/home", 20, 80}};
  now.temperatures = {{"cpu 1", 90}};
  const auto events = report(sample_at(0s), now, how);
  BOOST_TEST(state_of(events, "disk /") == "warning");
  BOOST_TEST(state_of(events, "disk /home") == "ok");
  BOOST_TEST(metric_of(events, "disk / inodes") == 0.5);
  BOOST_TEST(find(events, "disk /home inodes") == nullptr);
  BOOST_TEST(state_of(events, "processes") == "critical");
  BOOST_TEST(metric_of(events, "temperature cpu 1") == 90.0);
  BOOST_TEST(state_of(events, "temperature cpu 1") == "warning");
}

BOOST_AUTO_TEST_CASE(sampler_when_files_are_missing_then_nothing_is_known)
{
  const sample now = sampler{"/nonexistent/proc", "/nonexistent/sys"}.take();
  BOOST_TEST(!now.processors.has_value());
  BOOST_TEST(!now.memory.has_value());
  BOOST_TEST(!now.processes.has_value());
  BOOST_TEST(now.filesystems.empty());
  BOOST_TEST(now.disks.empty());
  BOOST_TEST(now.interfaces.empty());
}

BOOST_AUTO_TEST_CASE(sampler_when_directory_given_then_reads_it)
{
  namespace fs = std::filesystem;
  const fs::path root =
      fs::temp_directory_path() / ("riemann-cli-proc-" + std::to_string(::getpid()));
  for (const char* directory :
       {"proc/self", "proc/net", "proc/1", "proc/22", "proc/3x", "sys/block/vda"}) {
    fs::create_directories(root / directory);
  }
  const auto write = [&](const char* name, const std::string& text) {
    std::ofstream{root / "proc" / name} << text;
  };
  write("stat", "cpu 1 2 3 4\ncpu0 1 2 3 4\n");
  write("self/mountinfo", "1 0 8:1 / " + root.string() + " rw - ext4 /dev/sda1 rw\n" +
                              "2 0 8:2 / /nonexistent/mount rw - ext4 /dev/sda2 rw\n");
  write("diskstats", "1 0 vda 1 0 1 1 1 1 1 1 1 1\n1 1 vda1 1 0 1 1 1 1 1 1 1 1\n"
                     "2 0 loop0 1 0 1 1 1 1 1 1 1 1\n3 0 vdb 0 0 0 0 0 0 0 0 0 0\n");
  write("net/dev", "lo: 1 1 1 1 0 0 0 0 1 1 1 1 0\neth0: 1 1 1 1 0 0 0 0 1 1 1 1 0\n"
                   "eth1: 0 0 0 0 0 0 0 0 0 0 0 0 0\n");
  const sample now = sampler{root / "proc", root / "sys"}.take();
  std::error_code ignored;
  fs::remove_all(root, ignored);
  BOOST_TEST(now.processors.has_value());
  BOOST_TEST((now.processes == 2U));
  BOOST_TEST(!now.load.has_value());
  BOOST_REQUIRE(now.filesystems.size() == 1U);
  BOOST_TEST(now.filesystems[0].mount_point == root.string());
  BOOST_REQUIRE(now.disks.size() == 1U);
  BOOST_TEST(now.disks[0].name == "vda");
  BOOST_REQUIRE(now.interfaces.size() == 1U);
  BOOST_TEST(now.interfaces[0].name == "eth0");
}

/// As in a container, where single files of a disk are mounted.
BOOST_AUTO_TEST_CASE(sampler_when_a_file_is_mounted_then_a_directory_tells_of_its_disk)
{
  namespace fs = std::filesystem;
  const fs::path root =
      fs::temp_directory_path() / ("riemann-cli-mounts-" + std::to_string(::getpid()));
  fs::create_directories(root / "self");
  std::ofstream{root / "f"} << "mounted on";
  const std::string disk = " rw - ext4 /dev/sda1 rw\n";
  std::ofstream{root / "self/mountinfo"}
      << "1 0 8:1 /a " + (root / "self").string() + disk + "2 0 8:1 /b " + (root / "f").string() +
             disk + "3 0 8:2 / " + (root / "f").string() + "2 rw - ext4 /dev/sda2 rw\n";
  const sample now = sampler{root, root}.take();
  const std::string directory = (root / "self").string();
  std::error_code ignored;
  fs::remove_all(root, ignored);
  BOOST_REQUIRE(now.filesystems.size() == 1U);
  BOOST_TEST(now.filesystems[0].mount_point == directory);
}

BOOST_AUTO_TEST_CASE(report_when_of_this_machine_then_the_usual_services)
{
  const sampler here;
  const sample before = here.take();
  sample now = here.take();
  now.taken = before.taken + 1s;
  std::set<std::string> services;
  for (const auto& e : report(before, now, settings())) {
    BOOST_TEST(services.insert(*e.service).second, *e.service << " is there twice");
    BOOST_TEST(std::isfinite(e.metric->as_double()));
  }
  for (const char* service : {"load", "load 1", "memory", "uptime", "processes"}) {
    BOOST_TEST(services.contains(service), service << " is missing");
  }
}

BOOST_AUTO_TEST_SUITE_END()

#include "cli/sys_temperatures.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>
#include <vector>

using namespace riemann::cli;

namespace {

namespace fs = std::filesystem;

/// A directory like /sys, for one test.
struct with_sys {
  with_sys() { fs::create_directories(root); }
  ~with_sys()
  {
    std::error_code ignored;
    fs::remove_all(root, ignored);
  }
  void write(const std::string& name, const std::string& text) const
  {
    fs::create_directories((root / name).parent_path());
    std::ofstream{root / name} << text;
  }

  fs::path root = fs::temp_directory_path() / ("riemann-cli-sys-" + std::to_string(::getpid()));
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(cli_sys_temperatures, with_sys)

BOOST_AUTO_TEST_CASE(temperatures_when_monitors_then_names_and_labels_and_no_zones)
{
  write("class/hwmon/hwmon0/name", "coretemp\n");
  write("class/hwmon/hwmon0/temp1_input", "45500\n");
  write("class/hwmon/hwmon0/temp1_label", "Package id 0\n");
  write("class/hwmon/hwmon0/temp1_crit", "100000\n");
  write("class/hwmon/hwmon0/temp2_input", "-1000\n");
  write("class/hwmon/hwmon1/name", "coretemp\n");
  write("class/hwmon/hwmon1/temp2_input", "50000\n");
  write("class/hwmon/hwmon2/temp1_input", "1000\n");
  write("class/thermal/thermal_zone0/type", "acpitz\n");
  write("class/thermal/thermal_zone0/temp", "20000\n");
  const std::vector<temperature> expected{
      {"coretemp 2", -1}, {"coretemp 2 2", 50}, {"coretemp Package id 0", 45.5}, {"hwmon2 1", 1}};
  BOOST_TEST((read_temperatures(root) == expected));
}

BOOST_AUTO_TEST_CASE(temperatures_when_no_monitor_then_zones)
{
  write("class/hwmon/hwmon0/name", "nothing\n");
  write("class/thermal/thermal_zone0/type", "acpitz\n");
  write("class/thermal/thermal_zone0/temp", "20000\n");
  write("class/thermal/thermal_zone1/temp", "21000\n");
  write("class/thermal/cooling_device0/temp", "22000\n");
  const std::vector<temperature> expected{{"acpitz", 20}, {"thermal_zone1", 21}};
  BOOST_TEST((read_temperatures(root) == expected));
}

BOOST_AUTO_TEST_CASE(temperatures_when_unreadable_or_impossible_then_left_out)
{
  write("class/hwmon/hwmon0/name", "broken\n");
  for (const char* text : {"", "x", "1000001", "-150001", "99999999999999999999", "4 5"}) {
    write("class/hwmon/hwmon0/temp1_input", text);
    BOOST_TEST(read_temperatures(root).empty(), "'" << text << "' was taken");
  }
  write("class/hwmon/hwmon0/temp_input", "5000");
  BOOST_TEST(read_temperatures(root).empty());
  BOOST_TEST(read_temperatures(root / "nonexistent").empty());
}

BOOST_AUTO_TEST_SUITE_END()

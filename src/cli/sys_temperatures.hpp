#ifndef RIEMANN_CLI_SYS_TEMPERATURES_HPP
#define RIEMANN_CLI_SYS_TEMPERATURES_HPP

#include "cli/figures.hpp"

#include <filesystem>
#include <vector>

namespace riemann::cli {

/**
 * What the sensors under /sys say: those of the hardware monitors (`class/hwmon`), by the
 * monitor's name and the sensor's label or number; where there are none the thermal zones
 * (`class/thermal`), by their type. Sorted by name, each name once; a second of the same is
 * called `NAME 2`. Sensors that cannot be read are left out.
 */
std::vector<temperature> read_temperatures(const std::filesystem::path& sys);

} // namespace riemann::cli

#endif

#ifndef RIEMANN_TEST_GOLDEN_GOLDEN_FILE_HPP
#define RIEMANN_TEST_GOLDEN_GOLDEN_FILE_HPP

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace riemann::golden {

/// The lines of a recording in `golden/` under the directory that the build
/// names; a missing file fails the test.
inline std::vector<boost::json::object> read_lines(const std::string& name)
{
  const char* const directory = std::getenv("RIEMANN_TEST_DATA");
  BOOST_REQUIRE_MESSAGE(directory != nullptr, "RIEMANN_TEST_DATA names no directory");
  const auto path = std::string{directory} + "/golden/" + name;
  std::ifstream file{path};
  BOOST_REQUIRE_MESSAGE(file.is_open(), path + " is missing");
  std::vector<boost::json::object> lines;
  for (std::string line; std::getline(file, line);) {
    lines.push_back(boost::json::parse(line).as_object());
  }
  BOOST_REQUIRE_MESSAGE(!lines.empty(), path + " is empty");
  return lines;
}

inline std::vector<std::byte> from_hex(std::string_view digits)
{
  std::vector<std::byte> read;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    read.push_back(
        static_cast<std::byte>(std::stoi(std::string{digits.substr(i, 2)}, nullptr, 16)));
  }
  return read;
}

} // namespace riemann::golden

#endif

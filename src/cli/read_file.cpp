#include "cli/read_file.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>

namespace riemann::cli {

std::optional<std::string> read_file(const std::string& name)
{
  std::error_code ignored;
  std::ifstream file{name, std::ios::binary};
  if (!file || std::filesystem::is_directory(name, ignored)) {
    return {};
  }
  return std::string{std::istreambuf_iterator<char>{file}, {}};
}

} // namespace riemann::cli

#ifndef RIEMANN_CLI_READ_FILE_HPP
#define RIEMANN_CLI_READ_FILE_HPP

#include <optional>
#include <string>

namespace riemann::cli {

/// A small file as a whole; nothing if it cannot be read.
std::optional<std::string> read_file(const std::string& name);

} // namespace riemann::cli

#endif

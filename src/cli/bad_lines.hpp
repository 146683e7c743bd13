#ifndef RIEMANN_CLI_BAD_LINES_HPP
#define RIEMANN_CLI_BAD_LINES_HPP

#include "cli/line_ranges.hpp"
#include "cli/record_splitter.hpp"
#include "cli/reject_file.hpp"
#include "cli/throttle.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace riemann::cli {

/// Tells of lines that could not be read, of a flood of them only some and the others'
/// numbers, and keeps all.
class bad_lines {
public:
  /// Where they are kept; empty: nowhere.
  explicit bad_lines(const std::string& file) : file_{file} {}

  void add(const record& bad, std::string_view header, std::string_view problem);
  /// Nothing comes any more.
  void finish();
  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }

private:
  reject_file file_;
  throttle throttle_{};
  line_ranges untold_{};
  std::uint64_t count_ = 0;
};

} // namespace riemann::cli

#endif

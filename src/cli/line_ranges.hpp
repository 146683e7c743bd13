#ifndef RIEMANN_CLI_LINE_RANGES_HPP
#define RIEMANN_CLI_LINE_RANGES_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace riemann::cli {

/// Numbers that rise, told as `15, 17-40, ..., 99`: the first few ranges and the last are
/// kept, however many come.
class line_ranges {
public:
  static constexpr std::size_t most = 20;

  void add(std::uint64_t line);
  void clear();
  [[nodiscard]] std::string text() const;

private:
  struct range {
    std::uint64_t first;
    std::uint64_t last;
  };

  std::vector<range> ranges_{};
  bool has_gap_ = false; ///< before the last
};

} // namespace riemann::cli

#endif

#ifndef RIEMANN_CLI_THROTTLE_HPP
#define RIEMANN_CLI_THROTTLE_HPP

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>

namespace riemann::cli {

/// Lets the first few say their sentence, and then one a second.
class throttle {
public:
  static constexpr std::uint64_t first = 10;

  using time_point = std::chrono::steady_clock::time_point;

  /// Whether this one may be said.
  bool admits(time_point now)
  {
    if (admitted_ >= first && now - last_ < std::chrono::seconds{1}) {
      ++unsaid_;
      return false;
    }
    ++admitted_;
    last_ = now;
    return true;
  }

  /// What to add to the sentence that may be said; empty if none was left out before.
  /// `which` those were, if that can be told.
  std::string unsaid(const std::string& which = {})
  {
    const std::uint64_t count = std::exchange(unsaid_, 0);
    return count == 0 ? std::string{}
                      : " (" + std::to_string(count) + " more before it" +
                            (which.empty() ? "" : ": " + which) + ")";
  }
  [[nodiscard]] std::uint64_t unsaid_count() const noexcept { return unsaid_; }

private:
  std::uint64_t admitted_ = 0;
  std::uint64_t unsaid_ = 0;
  time_point last_{};
};

} // namespace riemann::cli

#endif

#ifndef RIEMANN_CLI_EVENT_PRINTER_HPP
#define RIEMANN_CLI_EVENT_PRINTER_HPP

#include <riemann/event.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace riemann::cli {

/// Prints events to standard output, each on a line of its own as JSON; many at once, for
/// there may be millions.
class event_printer {
public:
  /// Throws as `print` does.
  void add(const event& e);
  /// Prints what waits to be.
  void flush();
  /// Those printed.
  [[nodiscard]] std::uint64_t count() const noexcept { return printed_; }

private:
  static constexpr std::size_t much = std::size_t{64} << 10;

  std::string text_{};
  std::uint64_t waiting_ = 0;
  std::uint64_t printed_ = 0;
};

} // namespace riemann::cli

#endif

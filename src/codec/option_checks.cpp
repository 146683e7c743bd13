#include "codec/option_checks.hpp"

#include <riemann/options.hpp>

#include <stdexcept>

namespace riemann::codec {

void refuse_option(std::string_view option, const std::string& given, const std::string& allowed)
{
  throw std::invalid_argument{"riemann: " + std::string{option} + " is " + given +
                              ", but must be " + allowed};
}

void check_size(std::string_view option, std::size_t given, std::size_t max)
{
  if (given < 1 || given > max) {
    refuse_option(option, std::to_string(given), "1 to " + std::to_string(max));
  }
}

void check_duration(std::string_view option, std::chrono::milliseconds given)
{
  if (given < std::chrono::milliseconds{1} || given > session_options::max_duration) {
    refuse_option(option, std::to_string(given.count()) + " ms",
                  "1 ms to " + std::to_string(session_options::max_duration.count()) + " ms");
  }
}

void check_host(std::string_view option, const std::string& given)
{
  constexpr const char* allowed = "a name, or an address without brackets";
  if (given.find('\0') != std::string::npos) {
    // Not to be shown: it would cut the message short.
    refuse_option(option, "text with a NUL in it", allowed);
  }
  if (given.empty() || given.find_first_of("[]") != std::string::npos) {
    refuse_option(option, '"' + given + '"', allowed);
  }
}

void check_server(const std::string& host, std::uint16_t port)
{
  check_host("host", host);
  if (port == 0) {
    refuse_option("port", "0", "1 to 65535");
  }
}

} // namespace riemann::codec

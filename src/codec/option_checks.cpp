#include "codec/option_checks.hpp"

#include <stdexcept>

namespace riemann::inline v0::codec {

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

void check_overload(overload_policy policy, std::size_t max_waiting, std::size_t max_waiting_bytes)
{
  if (policy < overload_policy::reject || policy > overload_policy::drop_newest) {
    refuse_option("when_full", std::to_string(static_cast<int>(policy)),
                  "one of overload_policy's");
  }
  check_size("max_waiting", max_waiting);
  check_size("max_waiting_bytes", max_waiting_bytes);
}

void check_backoff(std::chrono::milliseconds min, std::chrono::milliseconds max)
{
  check_duration("min_backoff", min);
  check_duration("max_backoff", max);
  if (max < min) {
    refuse_option("max_backoff", std::to_string(max.count()) + " ms",
                  "at least min_backoff, " + std::to_string(min.count()) + " ms");
  }
}

void check_fallbacks(const std::vector<server_address>& servers)
{
  for (std::size_t i = 0; i != servers.size(); ++i) {
    const std::string name = "fallbacks[" + std::to_string(i) + "].";
    check_host(name + "host", servers[i].host);
    if (servers[i].port == 0) {
      refuse_option(name + "port", "0", "1 to 65535");
    }
  }
}

void check_server(const std::string& host, std::uint16_t port)
{
  check_host("host", host);
  if (port == 0) {
    refuse_option("port", "0", "1 to 65535");
  }
}

} // namespace riemann::inline v0::codec

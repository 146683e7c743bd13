#ifndef RIEMANN_CODEC_OPTION_CHECKS_HPP
#define RIEMANN_CODEC_OPTION_CHECKS_HPP

#include <riemann/options.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace riemann::inline v0::codec {

// What options may be. Each throws `std::invalid_argument`, naming the option.

[[noreturn]] void refuse_option(std::string_view option, const std::string& given,
                                const std::string& allowed);

/// At least 1.
void check_size(std::string_view option, std::size_t given,
                std::size_t max = std::numeric_limits<std::size_t>::max());

/// 1 ms to `session_options::max_duration`.
void check_duration(std::string_view option, std::chrono::milliseconds given);

/// A name or address, as it stands in a resolver's query.
void check_host(std::string_view option, const std::string& given);

/// `max_waiting` and its like, of a policy that is one.
void check_overload(overload_policy policy, std::size_t max_waiting, std::size_t max_waiting_bytes);

void check_backoff(std::chrono::milliseconds min, std::chrono::milliseconds max);

void check_fallbacks(const std::vector<server_address>& servers);

void check_server(const std::string& host, std::uint16_t port);

} // namespace riemann::inline v0::codec

#endif

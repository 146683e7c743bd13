#ifndef RIEMANN_CLI_VALUES_HPP
#define RIEMANN_CLI_VALUES_HPP

#include <riemann/event.hpp>
#include <riemann/metric.hpp>
#include <riemann/timestamp.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace riemann::cli {

/// What the user gave, and where: the option's or environment variable's name.
struct given {
  std::string source;
  std::string text;
};

/// More often than that, reading this machine's figures is a load on it.
inline constexpr std::chrono::milliseconds least_interval{50};

// Each reads one value, and throws a `failure` (usage) that names source and text.

/// What a metric is to be sent as.
enum class metric_kind {
  /// An integer becomes a 64-bit integer, everything else a double.
  as_written,
  int64,
  float64,
  float32,
};

/// NaN, Infinity and -Infinity are spelled as in Riemann's queries.
metric parse_metric(const given& value, metric_kind kind = metric_kind::as_written);
bool is_named_number(std::string_view text);
/// Seconds since the Unix epoch: whole ones stay whole, a fraction is floored to
/// the microsecond.
timestamp parse_time(const given& value);
/// Microseconds since the Unix epoch, whole ones.
timestamp parse_time_micros(const given& value);
/// Seconds, not below zero.
ttl_duration parse_ttl(const given& value);
/// What an event can have, too: negative ones, `Infinity`, `-Infinity` and `NaN`.
ttl_duration parse_any_ttl(const given& value);
/// Seconds above zero, at most `session_options::max_duration`; rounded up to the
/// millisecond.
std::chrono::milliseconds parse_duration(const given& value);
/// The same, at least `least_interval`.
std::chrono::milliseconds parse_interval(const given& value);
std::uint64_t parse_count(const given& value);
/// A whole number from `least` to `most`.
std::uint64_t parse_number(const given& value, std::uint64_t least, std::uint64_t most);
/// From `lowest` (0 or 1) to 65535.
std::uint16_t parse_port(const given& value, std::uint16_t lowest);
/// A name or an address; an IPv6 address may stand in brackets, and is returned
/// without.
std::string parse_host(const given& value);
/// An IP address, as `parse_host` returns it.
std::string parse_address(const given& value);
/// Text to be sent: UTF-8, as all texts of the protocol are.
std::string parse_text(const given& value);
/// The same, and not empty.
std::string parse_name(const given& value);
std::string parse_file_name(const given& value);
/// KEY=VALUE; the key is not empty, the value may be. It is text to be sent, too.
attribute parse_attribute(const given& value);

} // namespace riemann::cli

#endif

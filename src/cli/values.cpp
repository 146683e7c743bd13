#include "cli/values.hpp"

#include "cli/event_field.hpp"
#include "cli/failure.hpp"
#include "cli/text.hpp"

#include <riemann/options.hpp>

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>
#include <system_error>

namespace riemann::cli {

namespace {

[[noreturn]] void complain(const given& value, std::string_view what)
{
  constexpr std::size_t most = 100;
  throw failure{exit_code::usage,
                value.source + " '" + shortened(value.text, most) + "' " + std::string{what}};
}

bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

bool all_digits(std::string_view text)
{
  return !text.empty() && std::ranges::all_of(text, is_digit);
}

std::string_view without_sign(std::string_view text)
{
  return text.starts_with('-') || text.starts_with('+') ? text.substr(1) : text;
}

/// `from_chars` takes no plus.
std::string_view without_plus(std::string_view text)
{
  return text.starts_with('+') ? text.substr(1) : text;
}

/// How reading a number ended: `invalid_argument`, `result_out_of_range` or none.
template <class T>
struct reading {
  T value{};
  std::errc error{};
};

template <class T>
reading<T> read(std::string_view text)
{
  reading<T> result;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, result.value);
  result.error = stop == end ? error : std::errc::invalid_argument;
  return result;
}

/// A number in decimal; neither the words for NaN and infinity nor two signs.
template <class T>
reading<T> read_decimal(std::string_view text)
{
  const std::string_view digits = without_sign(text);
  if (digits.empty() || !(is_digit(digits.front()) || digits.front() == '.')) {
    return {{}, std::errc::invalid_argument};
  }
  return read<T>(without_plus(text));
}

std::optional<double> named_number(std::string_view text)
{
  if (text == "NaN") {
    return std::numeric_limits<double>::quiet_NaN();
  }
  if (text == "Infinity") {
    return std::numeric_limits<double>::infinity();
  }
  if (text == "-Infinity") {
    return -std::numeric_limits<double>::infinity();
  }
  return {};
}

metric parse_integer(const given& value)
{
  const auto number = read<std::int64_t>(without_plus(value.text));
  if (number.error == std::errc::result_out_of_range) {
    complain(value,
             "is beyond a 64-bit integer; write " + value.text + ".0 to send it as a double");
  }
  return number.value;
}

metric parse_as_written(const given& value)
{
  if (all_digits(without_sign(value.text))) {
    return parse_integer(value);
  }
  if (const auto named = named_number(value.text)) {
    return *named;
  }
  const auto number = read_decimal<double>(value.text);
  if (number.error == std::errc::result_out_of_range) {
    complain(value, "is beyond a double; give a number between 1e-307 and 1e308, or 0");
  }
  if (number.error != std::errc{}) {
    complain(value, "is not a number; give an integer such as 42 or a decimal such as 0.5");
  }
  return number.value;
}

/// An integer that is beyond 64 bits is a double all the same.
double parse_float64(const given& value)
{
  given decimal = value;
  if (all_digits(without_sign(value.text))) {
    decimal.text += ".0";
  }
  return parse_as_written(decimal).as_double();
}

metric parse_float32(const given& value)
{
  const double number = parse_float64(value);
  const auto narrowed = static_cast<float>(number);
  const bool lost =
      std::isfinite(number) && (!std::isfinite(narrowed) || (narrowed == 0.0F && number != 0.0));
  if (lost) {
    complain(value, "is beyond a float; send it as a double");
  }
  return narrowed;
}

/// `2.0` is one too.
metric parse_int64(const given& value)
{
  const metric written = parse_as_written(value);
  constexpr double limit = 9223372036854775808.0; // 2^63
  const double number = written.as_double();
  if (written.is_integer()) {
    return written;
  }
  if (!(number >= -limit && number < limit) || std::trunc(number) != number) {
    complain(value, "is not a 64-bit integer; send it as a double");
  }
  return static_cast<std::int64_t>(number);
}

/// Rounded up to the millisecond; `bounds` is what to give in place of what is out of them.
std::chrono::milliseconds read_seconds(const given& value, std::chrono::milliseconds least,
                                       std::string_view bounds)
{
  constexpr double most = std::chrono::duration<double>{session_options::max_duration}.count();
  const auto seconds = read_decimal<double>(value.text);
  if (seconds.error == std::errc::invalid_argument) {
    complain(value, "is not a number of seconds; give one above 0, such as 5 or 0.5");
  }
  const bool fits = seconds.error == std::errc{} && seconds.value > 0 && seconds.value <= most;
  const std::chrono::duration<double> exact{fits ? seconds.value : 0};
  const auto rounded = std::chrono::ceil<std::chrono::milliseconds>(exact);
  if (rounded < least) {
    complain(value, "is out of range; give " + std::string{bounds});
  }
  return rounded;
}

/// The microseconds in the digits after the point, floored towards zero.
std::int64_t micros_of(std::string_view fraction)
{
  std::string digits{fraction.substr(0, 6)};
  digits.resize(6, '0');
  return read<std::int64_t>(digits).value;
}

} // namespace

metric parse_metric(const given& value, metric_kind kind)
{
  switch (kind) {
  case metric_kind::int64:
    return parse_int64(value);
  case metric_kind::float64:
    return parse_float64(value);
  case metric_kind::float32:
    return parse_float32(value);
  case metric_kind::as_written:
    break;
  }
  return parse_as_written(value);
}

bool is_named_number(std::string_view text)
{
  return named_number(text).has_value();
}

timestamp parse_time_micros(const given& value)
{
  const auto micros = read<std::int64_t>(without_plus(value.text));
  if (!all_digits(without_sign(value.text)) || micros.error != std::errc{}) {
    complain(value, "is not a time; give whole microseconds since 1970, such as 1700000000250000");
  }
  return timestamp::from_micros(micros.value);
}

timestamp parse_time(const given& value)
{
  // In decimal all the way: a double has no room for today's microseconds.
  constexpr std::int64_t limit = std::numeric_limits<std::int64_t>::max() / 1'000'000 - 1;
  const std::string_view text = without_sign(value.text);
  const std::string_view whole = text.substr(0, text.find('.'));
  const bool has_fraction = whole.size() < text.size();
  const std::string_view fraction = has_fraction ? text.substr(whole.size() + 1) : "";
  const bool negative = value.text.starts_with('-');
  if (!all_digits(whole) || (has_fraction && !all_digits(fraction))) {
    complain(value, "is not a time; give seconds since 1970 such as 1700000000 or 1700000000.25");
  }
  const auto number = read<std::int64_t>(whole);
  if (number.error != std::errc{} || number.value > limit) {
    complain(value, "is beyond any time that fits in microseconds; give seconds since 1970");
  }
  const std::int64_t seconds = negative ? -number.value : number.value;
  if (!has_fraction) {
    return timestamp::from_seconds(seconds);
  }
  std::int64_t micros = micros_of(fraction);
  if (negative) {
    const bool finer = fraction.find_first_not_of('0', 6) != std::string_view::npos;
    micros = -micros - (finer ? 1 : 0);
  }
  return timestamp::from_micros(seconds * 1'000'000 + micros);
}

ttl_duration parse_ttl(const given& value)
{
  const auto seconds = read_decimal<float>(value.text);
  if (seconds.error != std::errc{} || std::signbit(seconds.value)) {
    complain(value, "is not a time to live; give seconds, such as 60 or 0.5");
  }
  return ttl_duration{seconds.value};
}

ttl_duration parse_any_ttl(const given& value)
{
  if (const auto named = named_number(value.text)) {
    return ttl_duration{static_cast<float>(*named)};
  }
  const auto seconds = read_decimal<float>(value.text);
  if (seconds.error != std::errc{}) {
    complain(value, "is not a time to live; give seconds, such as 60 or 0.5");
  }
  return ttl_duration{seconds.value};
}

std::chrono::milliseconds parse_duration(const given& value)
{
  return read_seconds(value, std::chrono::milliseconds{1},
                      "seconds above 0 and up to a hundred years");
}

std::chrono::milliseconds parse_interval(const given& value)
{
  return read_seconds(value, least_interval, "0.05 seconds or more, up to a hundred years");
}

std::uint64_t parse_count(const given& value)
{
  const auto number = read<std::uint64_t>(value.text);
  if (number.error != std::errc{}) {
    complain(value, "is not a count; give a whole number, 0 for no end");
  }
  return number.value;
}

std::uint64_t parse_number(const given& value, std::uint64_t least, std::uint64_t most)
{
  const auto number = read<std::uint64_t>(value.text);
  if (number.error != std::errc{} || number.value < least || number.value > most) {
    complain(value, "is not in range; give a whole number from " + std::to_string(least) + " to " +
                        std::to_string(most));
  }
  return number.value;
}

std::uint16_t parse_port(const given& value, std::uint16_t lowest)
{
  const auto number = read<std::uint16_t>(value.text);
  if (number.error != std::errc{} || number.value < lowest) {
    complain(value, "is not a port; give a number from " + std::to_string(lowest) + " to 65535");
  }
  return number.value;
}

std::string parse_host(const given& value)
{
  const std::string& text = value.text;
  if (text.empty()) {
    complain(value, "names no host; give a name or an address");
  }
  const auto colons = std::ranges::count(text, ':');
  const bool bracketed = text.starts_with('[') && text.ends_with(']');
  if (colons == 1 || (text.starts_with('[') && text.find("]:") != std::string::npos)) {
    complain(value, "has a port in it; give the port with --port");
  }
  std::string host = bracketed ? text.substr(1, text.size() - 2) : text;
  boost::system::error_code error;
  boost::asio::ip::make_address_v6(host, error);
  if ((colons > 0 || bracketed) && error) {
    complain(value, "is not an IPv6 address; give one such as ::1, or a name");
  }
  if (one_line(host) != host || host.find_first_of(" []/") != std::string::npos) {
    complain(value, "is not a host's name; give a name or an address");
  }
  return host;
}

std::string parse_address(const given& value)
{
  boost::system::error_code error;
  std::string address = parse_host(value);
  boost::asio::ip::make_address(address, error);
  if (error) {
    complain(value, "is not an IP address; give one of this machine's, such as 127.0.0.1 or ::");
  }
  return address;
}

std::string parse_text(const given& value)
{
  if (!is_valid_utf8(value.text)) {
    complain(value, "is not UTF-8, as texts in the protocol are; convert it");
  }
  return value.text;
}

std::string parse_name(const given& value)
{
  if (value.text.empty()) {
    complain(value, "is empty; give a text, or leave it out");
  }
  return parse_text(value);
}

std::string parse_file_name(const given& value)
{
  if (value.text.empty()) {
    complain(value, "names no file; give a file's name");
  }
  return value.text;
}

attribute parse_attribute(const given& value)
{
  const std::string text = parse_text(value);
  const auto equals = text.find('=');
  if (equals == 0 || equals == std::string::npos) {
    complain(value, "is not KEY=VALUE; give an attribute such as env=prod");
  }
  attribute result{.key = text.substr(0, equals), .value = text.substr(equals + 1)};
  if (is_taken_by_a_field(result.key)) {
    complain(value, "cannot be sent: " + describe_taken_key(result.key));
  }
  return result;
}

} // namespace riemann::cli

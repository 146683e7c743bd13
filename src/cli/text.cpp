#include "cli/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <system_error>

namespace riemann::cli {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// What the first byte of a sequence says of the rest.
struct lead {
  /// Bytes that follow; 0: the byte is no lead of several.
  std::size_t following = 0;
  /// What the second byte may be.
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
};

lead lead_of(unsigned char byte)
{
  if (byte >= 0xC2 && byte <= 0xDF) {
    return {1};
  }
  if (byte == 0xE0) {
    return {2, 0xA0, 0xBF};
  }
  if (byte == 0xED) {
    return {2, 0x80, 0x9F};
  }
  if (byte >= 0xE1 && byte <= 0xEF) {
    return {2};
  }
  if (byte == 0xF0) {
    return {3, 0x90, 0xBF};
  }
  if (byte >= 0xF1 && byte <= 0xF3) {
    return {3};
  }
  if (byte == 0xF4) {
    return {3, 0x80, 0x8F};
  }
  return {};
}

/// How many of the first bytes belong together, and whether they are a character.
struct part {
  std::size_t length;
  bool valid;
};

part first_part(std::string_view text)
{
  const auto byte_at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte_at(0) < 0x80) {
    return {1, true};
  }
  const lead first = lead_of(byte_at(0));
  std::size_t length = 1;
  while (length <= first.following && length < text.size()) {
    const unsigned char low = length == 1 ? first.low : 0x80;
    const unsigned char high = length == 1 ? first.high : 0xBF;
    if (byte_at(length) < low || byte_at(length) > high) {
      break;
    }
    ++length;
  }
  return {length, first.following > 0 && length == first.following + 1};
}

} // namespace

std::string valid_utf8(std::string_view text)
{
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const part next = first_part(text);
    result += next.valid ? text.substr(0, next.length) : replacement;
    text.remove_prefix(next.length);
  }
  return result;
}

bool is_valid_utf8(std::string_view text)
{
  while (!text.empty()) {
    const part next = first_part(text);
    if (!next.valid) {
      return false;
    }
    text.remove_prefix(next.length);
  }
  return true;
}

bool is_command(std::string_view character)
{
  const auto byte_at = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
  switch (character.size()) {
  case 1:
    return byte_at(0) < ' ' || byte_at(0) == 0x7F;
  case 2: // U+0080 to U+009F
    return byte_at(0) == 0xC2 && byte_at(1) < 0xA0;
  case 3: // U+2028 to U+202E, U+2066 to U+2069
    return byte_at(0) == 0xE2 &&
           ((byte_at(1) == 0x80 && byte_at(2) >= 0xA8 && byte_at(2) <= 0xAE) ||
            (byte_at(1) == 0x81 && byte_at(2) >= 0xA6 && byte_at(2) <= 0xA9));
  default:
    return false;
  }
}

std::string one_line(std::string_view text)
{
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const part next = first_part(text);
    const std::string_view character = text.substr(0, next.length);
    result += !next.valid ? replacement : is_command(character) ? " " : character;
    text.remove_prefix(next.length);
  }
  return result;
}

std::string shortened(std::string_view text, std::size_t most)
{
  constexpr std::string_view gap = " [...] ";
  if (text.size() <= most) {
    return std::string{text};
  }
  const std::size_t kept = (std::max(most, gap.size()) - gap.size()) / 2;
  std::string result{text.substr(0, kept)};
  return result.append(gap).append(text.substr(text.size() - kept));
}

std::string host_and_port(std::string_view host, std::uint16_t port)
{
  std::string result;
  if (host.find(':') == std::string_view::npos) {
    result = host;
  } else {
    result.append("[").append(host).append("]");
  }
  return result + ":" + std::to_string(port);
}

std::string fixed(double number, int digits)
{
  // The longest double has 309 digits before the point.
  std::array<char, 384> buffer; // written by to_chars
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                                          std::chars_format::fixed, digits);
  return error == std::errc{} ? std::string{buffer.data(), end} : std::string{};
}

} // namespace riemann::cli

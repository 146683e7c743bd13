#include "testkit/utf8.hpp"

#include <algorithm>
#include <cstddef>

namespace riemann::inline v0::testkit::detail {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// A piece at the front of a text.
struct piece {
  std::size_t length = 1;
  bool valid = false;
};

/// What a lead byte asks of the bytes behind it.
struct lead {
  std::size_t continuations = 0;
  /// The range of the first of them: it keeps out overlong forms and surrogates.
  std::uint8_t low = 0x80;
  std::uint8_t high = 0xBF;
  bool valid = true;
};

lead classify(std::uint8_t byte) noexcept
{
  if (byte < 0x80) {
    return {};
  }
  if (byte >= 0xC2 && byte <= 0xDF) {
    return {.continuations = 1};
  }
  if (byte >= 0xE0 && byte <= 0xEF) {
    return {.continuations = 2,
            .low = static_cast<std::uint8_t>(byte == 0xE0 ? 0xA0 : 0x80),
            .high = static_cast<std::uint8_t>(byte == 0xED ? 0x9F : 0xBF)};
  }
  if (byte >= 0xF0 && byte <= 0xF4) {
    return {.continuations = 3,
            .low = static_cast<std::uint8_t>(byte == 0xF0 ? 0x90 : 0x80),
            .high = static_cast<std::uint8_t>(byte == 0xF4 ? 0x8F : 0xBF)};
  }
  return {.valid = false};
}

piece first_piece(std::string_view text) noexcept
{
  const auto byte = [text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const lead l = classify(byte(0));
  piece p{.length = 1, .valid = l.valid && l.continuations == 0};
  while (p.length <= l.continuations && p.length < text.size()) {
    const auto low = p.length == 1 ? l.low : 0x80;
    const auto high = p.length == 1 ? l.high : 0xBF;
    if (byte(p.length) < low || byte(p.length) > high) {
      return p;
    }
    p.valid = p.length == l.continuations;
    ++p.length;
  }
  return p;
}

bool is_ascii(std::string_view text) noexcept
{
  return std::ranges::none_of(text, [](char c) { return (static_cast<unsigned>(c) & 0x80U) != 0; });
}

} // namespace

bool is_valid_utf8(std::string_view text) noexcept
{
  if (is_ascii(text)) {
    return true;
  }
  while (!text.empty()) {
    const piece p = first_piece(text);
    if (!p.valid) {
      return false;
    }
    text.remove_prefix(p.length);
  }
  return true;
}

std::string_view first_character(std::string_view text) noexcept
{
  return text.empty() ? text : text.substr(0, first_piece(text).length);
}

std::string to_valid_utf8(std::string_view text)
{
  if (is_valid_utf8(text)) {
    return std::string{text};
  }
  std::string result;
  while (!text.empty()) {
    const piece p = first_piece(text);
    result += p.valid ? text.substr(0, p.length) : replacement;
    text.remove_prefix(p.length);
  }
  return result;
}

void append_utf8(std::uint32_t code_point, std::string& out)
{
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | code_point >> 6);
    put(0x80 | (code_point & 0x3F));
  } else if (code_point >= 0xD800 && code_point < 0xE000) {
    out += replacement;
  } else if (code_point < 0x10000) {
    put(0xE0 | code_point >> 12);
    put(0x80 | (code_point >> 6 & 0x3F));
    put(0x80 | (code_point & 0x3F));
  } else {
    put(0xF0 | code_point >> 18);
    put(0x80 | (code_point >> 12 & 0x3F));
    put(0x80 | (code_point >> 6 & 0x3F));
    put(0x80 | (code_point & 0x3F));
  }
}

} // namespace riemann::inline v0::testkit::detail

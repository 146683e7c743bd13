#ifndef RIEMANN_UNIT_CORE_FRAMES_HPP
#define RIEMANN_UNIT_CORE_FRAMES_HPP

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// What a server sends, as bytes.
namespace riemann::test {

using bytes = std::vector<std::byte>;

inline bytes to_bytes(std::string_view text)
{
  bytes b;
  for (const char c : text) {
    b.push_back(static_cast<std::byte>(c));
  }
  return b;
}

inline bytes header(std::size_t length)
{
  bytes b;
  for (int shift = 24; shift >= 0; shift -= 8) {
    b.push_back(static_cast<std::byte>(length >> shift));
  }
  return b;
}

inline bytes operator+(bytes a, const bytes& b)
{
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

inline bytes frame(std::string_view body)
{
  return header(body.size()) + to_bytes(body);
}

inline bytes ack()
{
  return frame("\x10\x01");
}

/// `ok = false` with a text of less than 128 bytes.
inline bytes rejection(const std::string& text)
{
  using namespace std::string_literals;
  return frame("\x10\x00\x1a"s + static_cast<char>(text.size()) + text);
}

/// One event of this service, of less than 120 bytes.
inline bytes found(const std::string& service)
{
  const auto size = static_cast<char>(service.size());
  return frame(std::string{"\x10\x01\x32"} + static_cast<char>(size + 2) + "\x1a" + size + service);
}

inline bytes malformed()
{
  return frame("\xff\xff");
}

} // namespace riemann::test

#endif

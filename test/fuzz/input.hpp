#ifndef RIEMANN_FUZZ_INPUT_HPP
#define RIEMANN_FUZZ_INPUT_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What libFuzzer calls; each target defines it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace riemann::fuzz {

/// A fuzzer's bytes, taken off the front: so a change somewhere leaves what comes
/// before it as it was. Used up, it gives zeros.
class input {
public:
  input(const std::uint8_t* data, std::size_t size) noexcept : left_{data, size} {}

  [[nodiscard]] bool empty() const noexcept { return left_.empty(); }

  std::uint8_t byte() noexcept
  {
    if (left_.empty()) {
      return 0;
    }
    const std::uint8_t first = left_.front();
    left_ = left_.subspan(1);
    return first;
  }
  /// 0 to `n` - 1, of at most 256.
  std::size_t below(std::size_t n) noexcept { return byte() % n; }
  bool flag() noexcept { return (byte() & 1U) != 0; }
  template <class T>
  T one_of(std::initializer_list<T> values) noexcept
  {
    return *(values.begin() + below(values.size()));
  }
  /// As it lies there, the least byte first.
  template <class T>
  T number() noexcept
  {
    T value{};
    const std::size_t n = std::min(sizeof(T), left_.size());
    if (n != 0) {
      std::memcpy(&value, left_.data(), n);
    }
    left_ = left_.subspan(n);
    return value;
  }
  /// Behind a byte that says how long it is.
  std::string text() { return take(byte()); }
  /// Behind two such bytes.
  std::string block() { return take(number<std::uint16_t>()); }
  std::string rest() { return take(left_.size()); }

private:
  std::string take(std::size_t n)
  {
    const auto taken = left_.first(std::min(n, left_.size()));
    left_ = left_.subspan(taken.size());
    return {taken.begin(), taken.end()};
  }

  std::span<const std::uint8_t> left_;
};

/// Into how many bytes a stream is cut, again and again the same sizes.
class cuts {
public:
  /// None: all at once.
  cuts() = default;
  explicit cuts(input& in) : codes_{in.text()} {}

  /// How many come next.
  std::size_t next() noexcept
  {
    if (codes_.empty()) {
      return std::string::npos;
    }
    const auto code = static_cast<std::uint8_t>(codes_[at_++ % codes_.size()]);
    flagged_ = code >= 0xC0;
    return code < 0x80 ? code + 1U : (code & 0x3FU) * 1'024U + 1U;
  }
  /// Something else was said with the last of them.
  [[nodiscard]] bool flagged() const noexcept { return flagged_; }

private:
  std::string codes_{};
  std::size_t at_ = 0;
  bool flagged_ = false;
};

inline std::vector<std::byte> to_bytes(std::string_view text)
{
  const auto* const data = reinterpret_cast<const std::byte*>(text.data());
  return {data, data + text.size()};
}

inline std::string to_text(std::span<const std::byte> bytes)
{
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Four bytes of a length, the greatest first.
inline std::string header(std::size_t length)
{
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) {
    text += static_cast<char>(length >> shift & 0xFFU);
  }
  return text;
}

inline std::string framed(std::string_view body)
{
  return header(body.size()).append(body);
}

/// The length in the four bytes at the front.
inline std::size_t announced(std::string_view bytes)
{
  std::size_t length = 0;
  for (const char c : bytes.substr(0, 4)) {
    length = length << 8U | static_cast<std::uint8_t>(c);
  }
  return length;
}

} // namespace riemann::fuzz

#endif

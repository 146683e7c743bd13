#ifndef RIEMANN_TESTKIT_ANSWER_WRITER_HPP
#define RIEMANN_TESTKIT_ANSWER_WRITER_HPP

#include <cstddef>
#include <string_view>
#include <vector>

namespace riemann::inline v0::testkit::detail {

/// Appends one answer's frame to a buffer.
class answer_writer {
public:
  explicit answer_writer(std::vector<std::byte>& out) noexcept : out_{out}, start_{out.size()} {}

  /// `ok` alone, so many times.
  void acknowledge(std::size_t count = 1);
  void reject(std::string_view text);

  /// `ok`, with the events that are appended to the buffer before `end()`.
  void begin();
  void end() noexcept;
  /// Instead of `end()`: takes everything back.
  void discard() { out_.resize(start_); }

private:
  std::vector<std::byte>& out_;
  std::size_t start_;
};

} // namespace riemann::inline v0::testkit::detail

#endif

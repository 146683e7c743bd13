#ifndef RIEMANN_TESTKIT_READ_BUFFER_HPP
#define RIEMANN_TESTKIT_READ_BUFFER_HPP

#include <cstddef>
#include <memory>
#include <span>

namespace riemann::inline v0::testkit::detail {

struct read_buffer_options {
  /// In bytes; it never shrinks below.
  std::size_t initial_capacity = std::size_t{64} << 10;
  /// A larger buffer is halved once this many reads in a row used an eighth of it.
  unsigned rounds_before_shrinking = 64;
};

/// Bytes received and not yet used up. It grows with what has arrived, never
/// with what a peer says will, and shrinks when large messages stop coming.
class read_buffer {
public:
  explicit read_buffer(read_buffer_options options = {});

  /// Room for more; never empty.
  std::span<std::byte> prepare();
  /// The first `n` bytes of that room were filled.
  void commit(std::size_t n) noexcept { end_ += n; }

  [[nodiscard]] std::span<const std::byte> data() const noexcept
  {
    return {bytes_.get() + begin_, end_ - begin_};
  }
  void consume(std::size_t n) noexcept { begin_ += n; }

  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

private:
  void move_to(std::size_t capacity);

  read_buffer_options options_;
  std::size_t capacity_;
  std::unique_ptr<std::byte[]> bytes_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  unsigned idle_rounds_ = 0;
};

} // namespace riemann::inline v0::testkit::detail

#endif

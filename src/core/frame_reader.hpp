#ifndef RIEMANN_CORE_FRAME_READER_HPP
#define RIEMANN_CORE_FRAME_READER_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace riemann::inline v0::core {

/**
 * Cuts a stream of bytes into frames: 4 bytes of big-endian length, and as many
 * of body. The buffer grows only as bytes really arrive (a length is a promise
 * of the peer's, no more) and falls back when a large frame is done.
 */
class frame_reader {
public:
  /// Bytes of the buffer at rest.
  static constexpr std::size_t resting_capacity = std::size_t{8} << 10;
  /// Up to here the buffer doubles when reads fill it, for throughput alone.
  static constexpr std::size_t bulk_capacity = std::size_t{64} << 10;

  /// `limit`: longest body accepted, in bytes.
  explicit frame_reader(std::size_t limit) : limit_{limit} {}

  /// Where the next bytes are to be read to; never empty. Invalidates frames.
  /// `resting`: none are expected soon, so that a large buffer is given back.
  std::span<std::byte> prepare(bool resting = false);
  /// Says that `n` bytes were read to there.
  void commit(std::size_t n) noexcept;

  /// The next whole frame's body, valid until `prepare()`; nothing (no data, as
  /// against an empty body) when more bytes are needed or the next frame is over
  /// the limit.
  std::span<const std::byte> next() noexcept
  {
    if (end_ - begin_ < header_size) {
      return {};
    }
    const std::size_t length = announced();
    if (length > limit_ || end_ - begin_ - header_size < length) {
      return {};
    }
    const std::span<const std::byte> body{buffer_.get() + begin_ + header_size, length};
    begin_ += header_size + length;
    return body;
  }
  /// The frame in front announces a body over the limit.
  [[nodiscard]] bool over_limit() const noexcept
  {
    return end_ - begin_ >= header_size && announced() > limit_;
  }

  /// Forgets what is left, for a new connection.
  void reset() noexcept;

  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

private:
  static constexpr std::size_t header_size = 4;

  /// The length in front, whose bytes are there.
  [[nodiscard]] std::size_t announced() const noexcept
  {
    const std::byte* const at = buffer_.get() + begin_;
    const auto byte = [at](int i) { return std::to_integer<std::uint32_t>(at[i]); };
    return byte(0) << 24 | byte(1) << 16 | byte(2) << 8 | byte(3);
  }
  [[nodiscard]] std::size_t wanted_capacity(bool resting) noexcept;
  void reallocate(std::size_t capacity);

  std::size_t limit_;
  std::unique_ptr<std::byte[]> buffer_{};
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t last_read_ = 0;
  unsigned small_reads_ = 0; ///< in a row
  bool filled_ = false;      ///< the last read took all the room there was
};

} // namespace riemann::inline v0::core

#endif

#ifndef RIEMANN_CORE_FRAME_READER_HPP
#define RIEMANN_CORE_FRAME_READER_HPP

#include <cstddef>
#include <memory>
#include <optional>
#include <span>

namespace riemann::core {

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
  std::span<std::byte> prepare();
  /// Says that `n` bytes were read to there.
  void commit(std::size_t n) noexcept;

  /// The next whole frame's body, valid until `prepare()`; nothing when more
  /// bytes are needed or the next frame is over the limit.
  std::optional<std::span<const std::byte>> next() noexcept;
  /// The frame in front announces a body over the limit.
  [[nodiscard]] bool over_limit() const noexcept;

  /// Forgets what is left, for a new connection.
  void reset() noexcept;

  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

private:
  [[nodiscard]] std::optional<std::size_t> announced() const noexcept;
  [[nodiscard]] std::size_t wanted_capacity() noexcept;
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

} // namespace riemann::core

#endif

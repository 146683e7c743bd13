#ifndef RIEMANN_TESTKIT_ANSWER_STREAM_HPP
#define RIEMANN_TESTKIT_ANSWER_STREAM_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace riemann::inline v0::testkit::detail {

/**
 * The bytes a connection has to send, in two buffers: what is being written stays
 * where it is while more is added. Faults mark places in it.
 */
class answer_stream {
public:
  /// What is to be done at a place before the bytes behind it go out.
  enum class mark { boundary, pause, hold, finish, reset };
  /// What is to be done now.
  enum class step { nothing, write, pause, finish, reset };

  /// Where answers are added.
  [[nodiscard]] std::vector<std::byte>& tail() noexcept { return tail_; }
  /// Marks the place `offset` bytes into `tail()`.
  void mark_boundary(std::size_t offset) { add(offset, {.what = mark::boundary}); }
  void mark_pause(std::size_t offset, std::chrono::milliseconds time)
  {
    add(offset, {.what = mark::pause, .time = time});
  }
  /// Until `release()` is told of this message.
  void mark_hold(std::size_t offset, std::uint64_t message)
  {
    add(offset, {.what = mark::hold, .message = message});
  }
  void mark_finish(std::size_t offset) { add(offset, {.what = mark::finish}); }
  void mark_reset(std::size_t offset) { add(offset, {.what = mark::reset}); }

  void release(std::uint64_t message) noexcept { released_ = message; }

  [[nodiscard]] std::size_t unsent() const noexcept { return tail_.size() + head_.size() - sent_; }

  step next();
  /// For `step::write`: valid until `sent`, whatever is added meanwhile.
  [[nodiscard]] std::span<const std::byte> front() const noexcept;
  void sent(std::size_t n) noexcept { sent_ += n; }
  /// For `step::pause`: how long; the next call of `next()` goes on behind it.
  std::chrono::milliseconds take_pause();

private:
  struct place {
    mark what;
    std::chrono::milliseconds time{};
    std::uint64_t message = 0;
    std::uint64_t at = 0; ///< in all the bytes there ever were
  };

  void add(std::size_t offset, place p);
  [[nodiscard]] std::uint64_t position() const noexcept { return head_start_ + sent_; }

  std::vector<std::byte> head_{};
  std::vector<std::byte> tail_{};
  std::size_t sent_ = 0; ///< of head_
  std::uint64_t head_start_ = 0;
  std::deque<place> marks_{};
  std::uint64_t released_ = 0;
};

} // namespace riemann::inline v0::testkit::detail

#endif

#ifndef RIEMANN_CORE_BATCH_HPP
#define RIEMANN_CORE_BATCH_HPP

#include "core/batch_waiter.hpp"
#include "core/request.hpp"

#include <riemann/message.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace riemann::inline v0::core {

/**
 * Encoded events that make one message, and those who wait for some of them.
 *
 * Where an event begins is read from the bytes: nothing is kept for one that nobody
 * waits for. Events are named by their index; it stays when those before them make
 * way at the front, and moves up when one is taken out of the middle.
 */
class batch {
public:
  /// `number`: grows from batch to batch. Those in it have it (its lower half) and an
  /// index for their `position`. Two halves of one share its number, and each
  /// has its part of the indices.
  explicit batch(std::uint64_t number) noexcept : number_{number} {}
  batch(const batch&) = delete;
  batch& operator=(const batch&) = delete;

  /// Begins it anew, with the memory it has, if nobody else has it.
  void reuse(std::uint64_t number) noexcept;
  /// Gives back the memory that its bytes do not fill.
  void trim();

  /// Adds an event of that size, which `write` writes to where it is told to, as
  /// `message::body()` has it, and says where it ends; `waiter`: none if nobody waits.
  /// `limit`: bytes that it will not grow beyond, unless this event alone does.
  template <class Write>
  void append(std::size_t size, batch_waiter* waiter, std::size_t limit, Write write)
  {
    if (!has_room(size)) {
      grow(size, limit);
    }
    append_here(waiter, write);
  }

  /// Whether so many bytes more are at hand.
  [[nodiscard]] bool has_room(std::size_t size) const noexcept { return size <= capacity_ - end_; }
  /// The same of an event that has room for certain; its size.
  template <class Write>
  std::size_t append_here(batch_waiter* waiter, Write write)
  {
    last_ = end_;
    end_ = static_cast<std::size_t>(write(frame_.get() + end_) - frame_.get());
    if (waiter != nullptr) {
      waiter->position = position_of(first_ + events_);
      waiters_.push_back(*waiter);
    }
    ++events_;
    return end_ - last_;
  }

  /// Takes out an event, and brings whoever waited for it; none: nobody did. There must
  /// be one.
  batch_waiter* drop_first() noexcept;
  batch_waiter* drop_last() noexcept;
  void take_out(batch_waiter& waiter) noexcept;

  /// Moves events to `behind`, a fresh batch: half of the bytes, as near as can be, and
  /// one event at least is left. There must be two.
  void split(batch& behind);

  /// It is nobody's any more: goes on without its waiter.
  void give_up(batch_waiter& waiter);
  /// The same of all that wait, of a batch that is not sent anew whatever comes: which
  /// events they are is not kept, and that needs no memory.
  [[nodiscard]] batch_waiters give_up_all() noexcept;
  /// Takes out the events given up; the rest may be sent anew.
  void drop_given_up();

  [[nodiscard]] bool holds(std::uint64_t position) const noexcept
  {
    return position >= position_of(first_) && position - position_of(first_) < events_;
  }

  /// With the batch's own bytes, which is not to grow as long as the message lives.
  [[nodiscard]] message to_message() const
  {
    return head_ == prefix ? message{frame_, end_, events_} : message{bytes(), events_};
  }
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return from(head_); }
  [[nodiscard]] std::size_t size() const noexcept { return end_ - head_; }
  /// Bytes of memory that it has for its events.
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
  [[nodiscard]] std::uint32_t events() const noexcept { return events_; }
  /// Events in it that were given up, with their waiters.
  [[nodiscard]] std::uint32_t given_up() const noexcept
  {
    return static_cast<std::uint32_t>(given_up_.size()) + given_up_for_good_;
  }
  /// Events with nobody waiting.
  [[nodiscard]] std::uint64_t posted() const noexcept
  {
    return events_ - given_up() - waiters_.size();
  }
  [[nodiscard]] batch_waiters& waiters() noexcept { return waiters_; }
  [[nodiscard]] std::uint64_t number() const noexcept { return number_; }
  /// The service of its first event, for a sentence.
  [[nodiscard]] std::string first_service() const;

  /// When its first event was taken in; `never`: not yet.
  time_point since = never;
  /// Nothing is added to it any more.
  bool closed = false;
  /// What becomes of it is nobody's business any more.
  bool forgotten = false;

private:
  static constexpr std::size_t unknown = static_cast<std::size_t>(-1);
  static constexpr std::size_t prefix = 4; ///< of the frame: its length

  [[nodiscard]] std::size_t event_size(std::size_t at) const noexcept;
  [[nodiscard]] std::size_t where(std::uint32_t index) const noexcept;
  void erase(std::uint32_t index) noexcept;
  [[nodiscard]] std::span<const std::byte> from(std::size_t at) const noexcept
  {
    return frame_ ? std::span<const std::byte>{frame_.get() + at, end_ - at}
                  : std::span<const std::byte>{};
  }
  void grow(std::size_t more, std::size_t limit);
  void move_to(std::size_t room);
  void make_own();
  [[nodiscard]] std::uint64_t position_of(std::uint32_t index) const noexcept
  {
    return number_ << 32 | index;
  }

  std::uint64_t number_;
  std::uint32_t first_ = 0; ///< index of the first event
  std::uint32_t events_ = 0;
  detail::shared_bytes frame_{}; ///< with its message, once handed over
  std::size_t capacity_ = prefix;
  std::size_t end_ = prefix;
  std::size_t head_ = prefix;             ///< of the first event
  std::size_t last_ = unknown;            ///< of the last one
  batch_waiters waiters_{};               ///< in the order of their events
  std::vector<std::uint32_t> given_up_{}; ///< indices, in no order
  std::uint32_t given_up_for_good_ = 0;   ///< besides
};

} // namespace riemann::inline v0::core

#endif

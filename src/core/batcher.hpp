#ifndef RIEMANN_CORE_BATCHER_HPP
#define RIEMANN_CORE_BATCHER_HPP

#include "core/batch.hpp"
#include "core/batch_waiter.hpp"

#include <riemann/batch_options.hpp>
#include <riemann/detail/event_source.hpp>
#include <riemann/error.hpp>
#include <riemann/outcome.hpp>
#include <riemann/response.hpp>

#include <boost/intrusive/list.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <list>
#include <span>
#include <utility>
#include <vector>

namespace riemann::inline v0::core {

/// Somebody waits until all that is live has ended. Linked, so that its end needs no memory.
struct batch_flush {
  using link_type = boost::intrusive::list_member_hook<
      boost::intrusive::link_mode<boost::intrusive::auto_unlink>>;

  std::uint64_t until = 0; ///< the last batch waited for
  /// What the first event to fail ended with.
  boost::system::error_code error{};
  link_type link{};
};
using batch_flushes = boost::intrusive::list<
    batch_flush,
    boost::intrusive::member_hook<batch_flush, batch_flush::link_type, &batch_flush::link>,
    boost::intrusive::constant_time_size<false>>;

/**
 * Gathers events into batches and says when each goes; no handler, no clock, no
 * transport. Its owner holds one lock around every call, hands over what `next()`
 * brings, and tells `on_end()` how it fared. What has ended is collected until it is
 * taken. Ends need no memory: only what is begun may throw `std::bad_alloc`.
 *
 * A batch goes when none is outstanding, or is full, or has lingered, or is flushed;
 * and always in its turn, `max_outstanding` at once.
 */
class batcher {
public:
  struct admission {
    bool taken;
    bool must_look; ///< `next()` may have something new to say
  };

  explicit batcher(const batch_options& options);

  /// Takes an event, as `message::body()` has it; `waiter`: none if nobody waits. One
  /// that is refused has ended.
  [[nodiscard]] admission add(std::span<const std::byte> event, batch_waiter* waiter);
  /// One that is yet to be encoded. Nearly always there is a batch with room for it; this
  /// is done for every event.
  [[nodiscard]] admission add(const detail::event_source& event, batch_waiter* waiter)
  {
    const std::size_t bound = event.bound();
    if (state_ == state::open && !gathered_.empty() && has_room(bound)) [[likely]] {
      if (batch& last = gathered_.back(); fits(last, bound) && last.has_room(bound)) [[likely]] {
        const auto write = [&](std::byte* out) { return event.write_unmeasured(out); };
        return taken(last, last.append_here(waiter, write), false);
      }
    }
    return add_measured(event, waiter);
  }

  /// The next batch to be handed over now; none: nothing more for now.
  [[nodiscard]] batch* next(time_point now) noexcept;
  /// `sent`: where success is no acknowledgement.
  void on_end(batch& b, boost::system::error_code error, response answer, bool sent) noexcept;
  /// When `next()` may have something new to say, if nothing happens before.
  [[nodiscard]] time_point next_deadline() const noexcept;

  /// Takes the event out if it is queued; else nobody waits for it any more, unless
  /// `only_queued`.
  void cancel(batch_waiter& waiter, bool only_queued);
  /// `f` stays where it is until it is taken as done.
  void flush(batch_flush& f);
  /// Nobody waits for it any more.
  void forget(batch_flush& f) noexcept { f.link.unlink(); }
  /// Refuses events from now on; what has not ended by then does so.
  void close(time_point deadline) noexcept;
  /// Nobody is there any more: what is queued ends, what was handed over has nobody who
  /// waits.
  void shut() noexcept;
  /// For the end of the context: every waiter, as it is.
  batch_waiters release_all() noexcept;

  /// Something has ended that was not taken yet, or was lost and not seen.
  [[nodiscard]] bool has_news() const noexcept
  {
    return !ended_.empty() || !flushed_.empty() || losses_are_new_;
  }
  [[nodiscard]] batch_waiters take_ended() noexcept
  {
    batch_waiters taken;
    taken.swap(ended_);
    return taken;
  }
  [[nodiscard]] batch_flushes take_flushed() noexcept
  {
    batch_flushes taken;
    taken.swap(flushed_);
    return taken;
  }
  /// Some are to be taken.
  [[nodiscard]] bool has_losses() const noexcept
  {
    return !losses_.empty() || mixed_loss_.events != 0;
  }
  /// The same; they are no news any more.
  [[nodiscard]] bool see_losses() noexcept
  {
    losses_are_new_ = false;
    return has_losses();
  }
  /// The oldest of them: there must be one.
  [[nodiscard]] batch_loss take_loss() noexcept;

  [[nodiscard]] bool idle() const noexcept { return gathered_.empty() && outstanding_.empty(); }
  [[nodiscard]] const batch_statistics& books() const noexcept { return books_; }
  /// Bytes of the queued events.
  [[nodiscard]] std::size_t queued_bytes() const noexcept { return queued_bytes_; }

private:
  enum class state { open, closing, closed, shut };
  using batches = std::list<batch>;
  using bucket = std::uint64_t tally::*;

  [[nodiscard]] bool has_room(std::size_t size) const noexcept
  {
    return gathered_.empty() || (books_.events.queued < options_.max_queued_events &&
                                 queued_bytes_ + size <= options_.max_queued_bytes);
  }
  [[nodiscard]] boost::system::error_code make_room(std::size_t size);
  void drop(bool oldest) noexcept;
  template <class Write>
  [[nodiscard]] admission take(std::size_t size, batch_waiter* waiter, Write write);
  [[nodiscard]] admission add_measured(const detail::event_source& event, batch_waiter* waiter);
  /// Books an event that was added.
  [[nodiscard]] admission taken(batch& into, std::size_t size, bool begins) noexcept
  {
    queued_bytes_ += size;
    ++books_.events.submitted;
    ++books_.events.queued;
    if (into.events() == options_.max_events) {
      into.closed = true;
      return {true, true};
    }
    return {true, begins};
  }
  void refuse(batch_waiter* waiter, boost::system::error_code error) noexcept;
  [[nodiscard]] bool fits(const batch& b, std::size_t size) const noexcept
  {
    return !b.closed && b.size() + size <= max_bytes_;
  }
  batch& begin_batch();
  void close_last();

  void take_in(time_point now) noexcept;
  void end_overdue(time_point now) noexcept;
  [[nodiscard]] bool may_go(const batch& b, time_point now) const noexcept;
  batch& hand_over() noexcept;
  void put_back(batches::iterator at);
  void put_in_order(batches& halves) noexcept;
  void end_queued(batch_waiter* waiter, const batch& of, boost::system::error_code error) noexcept;
  void end_gathered(errc error, const response& reason) noexcept;
  void give_up_all(errc error, const response& reason) noexcept;
  void end(batch& b, bucket from, boost::system::error_code error, const response& answer,
           bool sent) noexcept;
  void end(batch_waiter& waiter, boost::system::error_code error, response answer) noexcept;
  void count(std::uint64_t events, bucket from, boost::system::error_code error,
             bool sent) noexcept;
  void lose(std::uint64_t events, boost::system::error_code error, const response& reason) noexcept;
  [[nodiscard]] batch_loss& loss_of(boost::system::error_code error) noexcept;
  void note_failure(std::uint64_t number, boost::system::error_code error) noexcept;
  void release(batches& from, batches::iterator at) noexcept;
  void settle() noexcept;

  const batch_options options_; ///< without the function
  const bool tells_losses_;
  state state_ = state::open;
  time_point close_due_ = never;
  std::size_t max_bytes_; ///< of a batch, as far as is known

  batches gathered_{};    ///< in the order of their numbers
  batches outstanding_{}; ///< handed over
  batches free_{};        ///< for their memory
  std::uint64_t last_number_ = 0;
  std::size_t queued_bytes_ = 0;

  batch_statistics books_{};
  batch_flushes flushes_{};
  batch_flushes flushed_{};
  batch_waiters ended_{};
  std::vector<batch_loss> losses_{}; ///< one an error
  /// Of those for which there was no memory; the error is the first one's.
  batch_loss mixed_loss_{};
  bool losses_are_new_ = false;
};

} // namespace riemann::inline v0::core

#endif

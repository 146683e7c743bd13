#ifndef RIEMANN_CORE_PIPELINE_HPP
#define RIEMANN_CORE_PIPELINE_HPP

#include "core/request_queue.hpp"

#include <riemann/error.hpp>
#include <riemann/options.hpp>

#include <boost/circular_buffer.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace riemann::inline v0::core {

/**
 * Requests on their way through one connection: queued, staged into a write,
 * written and in flight, ended. Answers carry no id, so order is all that joins
 * them to requests:
 *
 * - Query isolation: nothing is staged behind an unanswered query, so that an
 *   answer the server omits has nobody behind it whom a later one could be
 *   mistaken for.
 * - Tombstones: a written request that is given up ends at once, and its place
 *   in the window stays, to swallow the answer.
 *
 * Pure: bytes and `now` come in as arguments, ended requests go out by
 * `take_ended()`.
 */
class pipeline : public request_queue {
public:
  /// Answers are owed, and read.
  static constexpr bool answered = true;
  using options_type = session_options;

  pipeline(const session_options& options, ledger& books) : request_queue{options, books} {}

  /// Why a message cannot go this way at all; success if it can.
  [[nodiscard]] static boost::system::error_code refusal(const message&) noexcept { return {}; }

  /// Ends one live request: `queued_code` if it was not written, else
  /// `written_code`, leaving a tombstone.
  void give_up(request& r, errc queued_code, errc written_code);

  /// Copies frames from the queue into the next write as far as the window, the
  /// barrier and `max_write_size` allow. Only when nothing is pending.
  void stage();
  /// An empty message, whose answer is nobody's. Only when nothing is pending or owed.
  void stage_ping();
  [[nodiscard]] bool has_pending() const noexcept { return !pending().empty(); }
  /// What is to be written next; valid and unchanged until `wrote()` or
  /// `reset_stream()`.
  [[nodiscard]] std::span<const std::byte> pending() const noexcept;
  /// `n` of its bytes were taken, and then there was an error or none. True: the
  /// connection is of no more use.
  [[nodiscard]] bool wrote(std::size_t n, boost::system::error_code error, time_point now);

  /// Gives the first one waiting its answer. An error: the peer broke the
  /// protocol, and nothing was taken.
  [[nodiscard]] boost::system::error_code answer(std::span<const std::byte> body, time_point now);

  /// Ends what is staged and in flight, but for what is put back; `writing`: a write is
  /// outstanding, so how much of it was taken cannot be known. True: all was put back.
  bool fail_window(const verdict& why, bool writing);
  /// Lets go of what was to be written, for a new connection. Not before the last
  /// write on the old one has returned: the kernel may be reading it.
  void reset_stream() noexcept;
  /// Gives back the memory that a busy time has left.
  void rest();
  /// Ends what has outlived a deadline of its own, or `max_queue_age`.
  void expire(time_point now);
  /// The soonest of those and of the first answer's; `never` if there is none.
  [[nodiscard]] time_point next_deadline() const noexcept;
  [[nodiscard]] bool answer_overdue(time_point now) const noexcept;

  /// A message is wholly written and not answered.
  [[nodiscard]] bool awaits_answer() const noexcept { return written_count_ != 0; }
  /// No answer is owed, tombstones' included, and nothing is staged.
  [[nodiscard]] bool window_empty() const noexcept { return window_.empty(); }

  /// Hands back every request, live ones unended: their context is going away.
  request_list release_all() noexcept;

private:
  struct entry {
    request* owner;           ///< none: a tombstone, or a ping
    std::uint64_t end_offset; ///< in the connection's stream of bytes
    std::size_t size;
    time_point written_at;
    bool has_query;
    bool ping = false;
  };

  [[nodiscard]] bool may_stage(const request& r) const noexcept;
  void make_place();
  [[nodiscard]] bool put_back(request& r, bool untouched, errc lost_by) noexcept;
  void stage_one(request& r) noexcept;
  [[nodiscard]] request* take_front(time_point now) noexcept;
  void pop_window() noexcept;
  void clear_window() noexcept;
  [[nodiscard]] time_point answer_due() const noexcept;

  boost::circular_buffer<entry> window_{};
  std::size_t window_bytes_ = 0;
  std::size_t written_count_ = 0;    ///< entries in front that are wholly written
  std::uint64_t first_position_ = 0; ///< of the entry in front
  bool barrier_ = false;             ///< a query is unanswered

  std::vector<std::byte> buffer_{};
  message large_{};     ///< a long message is written from itself
  bool direct_ = false; ///< ...and is what is pending
  std::size_t pending_offset_ = 0;
  std::uint64_t staged_offset_ = 0;  ///< end of what was staged, in the stream
  std::uint64_t written_offset_ = 0; ///< end of what was written
};

} // namespace riemann::inline v0::core

#endif

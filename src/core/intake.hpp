#ifndef RIEMANN_CORE_INTAKE_HPP
#define RIEMANN_CORE_INTAKE_HPP

#include "core/request.hpp"

#include <riemann/options.hpp>
#include <riemann/statistics.hpp>

#include <cstddef>
#include <cstdint>

namespace riemann::core {

/**
 * Where requests are handed over, before the session takes them: the bounds of
 * the queue are kept here, and the books are read here. Its owner holds one lock
 * around every call, so that a snapshot is one moment's.
 */
class intake {
public:
  explicit intake(const session_options& options)
      : max_queued_{options.max_queued}, max_queued_bytes_{options.max_queued_bytes}
  {}

  /// Takes the request, or refuses it because a bound is reached: it is then
  /// ended, as not sent.
  [[nodiscard]] bool admit(request& r)
  {
    const std::uint64_t queued = books_.messages.queued + taken_messages_ + waiting_.size();
    const std::uint64_t bytes = queued_bytes_ + taken_bytes_ + waiting_bytes_;
    if (queued >= max_queued_ || (queued != 0 && bytes + r.size > max_queued_bytes_)) {
      ++refused_messages_;
      refused_events_ += r.events;
      return false;
    }
    waiting_.push_back(r);
    waiting_bytes_ += r.size;
    waiting_events_ += r.events;
    return true;
  }

  /// There is a connection and no request is outstanding, as far as is known here.
  [[nodiscard]] bool quiet() const noexcept
  {
    const tally& known = books_.messages;
    return open_ && waiting_.empty() &&
           taken_messages_ + known.queued + known.staged + known.in_flight == 0;
  }

  /// Moves what has been handed over to the caller, who submits it to the
  /// session and then calls `publish()`; until then it counts as queued here.
  [[nodiscard]] request_list take() noexcept
  {
    request_list taken;
    taken.swap(waiting_);
    taken_messages_ += taken.size();
    taken_events_ += waiting_events_;
    taken_bytes_ += waiting_bytes_;
    waiting_bytes_ = 0;
    waiting_events_ = 0;
    return taken;
  }

  /// Tells the session's books, after it has taken in all that was taken, and
  /// whether it has a connection.
  void publish(const statistics& books, std::size_t queued_bytes, bool open = false) noexcept
  {
    books_ = books;
    open_ = open;
    queued_bytes_ = queued_bytes;
    taken_messages_ = 0;
    taken_events_ = 0;
    taken_bytes_ = 0;
  }

  /// The books with what is on its way to the session counted as queued.
  [[nodiscard]] statistics snapshot() const noexcept
  {
    statistics all = books_;
    all.messages.submitted += refused_messages_ + waiting_.size() + taken_messages_;
    all.messages.not_sent += refused_messages_;
    all.messages.queued += waiting_.size() + taken_messages_;
    all.events.submitted += refused_events_ + waiting_events_ + taken_events_;
    all.events.not_sent += refused_events_;
    all.events.queued += waiting_events_ + taken_events_;
    return all;
  }

private:
  std::uint64_t max_queued_;
  std::uint64_t max_queued_bytes_;

  request_list waiting_{};
  std::uint64_t waiting_bytes_ = 0;
  std::uint64_t waiting_events_ = 0;

  // Taken, and not in the published books yet.
  std::uint64_t taken_messages_ = 0;
  std::uint64_t taken_events_ = 0;
  std::uint64_t taken_bytes_ = 0;

  statistics books_{};
  bool open_ = false; ///< the connection
  std::uint64_t queued_bytes_ = 0;
  std::uint64_t refused_messages_ = 0;
  std::uint64_t refused_events_ = 0;
};

} // namespace riemann::core

#endif

#ifndef RIEMANN_CORE_INTAKE_HPP
#define RIEMANN_CORE_INTAKE_HPP

#include "core/request.hpp"

#include <riemann/error.hpp>
#include <riemann/options.hpp>
#include <riemann/statistics.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>

namespace riemann::inline v0::core {

/**
 * Where requests are handed over, before the session takes them: the bounds of
 * the queue are kept here, and the books are read here. Its owner holds one lock
 * around every call, so that a snapshot is one moment's.
 */
class intake {
public:
  explicit intake(const session_options& options)
      : policy_{options.when_full},
        max_held_{sum(options.max_queued, waits() ? options.max_waiting : 0)},
        max_held_bytes_{sum(options.max_queued_bytes, waits() ? options.max_waiting_bytes : 0)}
  {}

  /// Takes the request, or not, because a bound is reached: the caller may make room
  /// and come again, or `refuse()`s it.
  [[nodiscard]] bool admit(request& r)
  {
    const tally& known = books_.messages;
    const std::uint64_t held = known.queued + known.waiting + taken_messages_ + fresh_.size();
    const std::uint64_t bytes = held_bytes_ + taken_bytes_ + fresh_bytes_;
    if (held >= max_held_ || (held != 0 && bytes + r.size > max_held_bytes_)) {
      return false;
    }
    fresh_.push_back(r);
    fresh_bytes_ += r.size;
    fresh_events_ += r.events;
    return true;
  }

  /// It is ended: as `errc::overloaded`, or because the session would refuse it, for which
  /// nothing is to make way.
  void refuse(const request& r, errc why = errc::overloaded) noexcept { count(r, why); }
  /// One that was refused, as if it had never been handed over.
  void take_back_refusal(const request& r, errc why) noexcept
  {
    --ended_messages_;
    ended_events_ -= r.events;
    causes_.add(why, std::numeric_limits<std::uint64_t>::max()); // one less: it wraps round
  }

  /// Others are to make way for what is handed over, if they can.
  [[nodiscard]] bool drops() const noexcept
  {
    return policy_ == overload_policy::drop_oldest || policy_ == overload_policy::drop_newest;
  }
  /// What has come last makes way first.
  [[nodiscard]] bool drops_newest() const noexcept
  {
    return policy_ == overload_policy::drop_newest;
  }

  /// Handed over and not taken yet.
  [[nodiscard]] std::size_t fresh() const noexcept { return fresh_.size(); }

  /// Makes one make way of those that were not taken yet: it is ended, as
  /// `errc::dropped`. None: all were taken.
  [[nodiscard]] request* drop_one() noexcept
  {
    if (fresh_.empty()) {
      return nullptr;
    }
    request& r = drops_newest() ? fresh_.back() : fresh_.front();
    fresh_.erase(fresh_.iterator_to(r));
    fresh_bytes_ -= r.size;
    fresh_events_ -= r.events;
    r.error = errc::dropped;
    count(r, errc::dropped);
    return &r;
  }

  /// Gives the one at that position back, which was not taken yet, as if it had never been
  /// handed over: how many of those stand before it. Nothing: there is none, it was taken.
  [[nodiscard]] std::optional<std::size_t> give_back(std::uint64_t position) noexcept
  {
    std::size_t before = 0;
    for (request& r : fresh_) {
      if (r.position == position) {
        fresh_.erase(fresh_.iterator_to(r));
        fresh_bytes_ -= r.size;
        fresh_events_ -= r.events;
        return before;
      }
      ++before;
    }
    return {};
  }

  /// There is a connection and no request is outstanding, as far as is known here.
  [[nodiscard]] bool quiet() const noexcept
  {
    const tally& known = books_.messages;
    return open_ && fresh_.empty() &&
           taken_messages_ + known.queued + known.staged + known.in_flight == 0;
  }

  /// Moves what has been handed over to the caller, who submits it to the
  /// session and then calls `publish()`; until then it counts as queued here.
  [[nodiscard]] request_list take() noexcept
  {
    request_list taken;
    taken.swap(fresh_);
    taken_messages_ += taken.size();
    taken_events_ += fresh_events_;
    taken_bytes_ += fresh_bytes_;
    fresh_bytes_ = 0;
    fresh_events_ = 0;
    return taken;
  }

  /// Tells the session's books, after it has taken in all that was taken, and
  /// whether it has a connection.
  void publish(const statistics& books, std::size_t held_bytes, bool open = false) noexcept
  {
    books_ = books;
    open_ = open;
    held_bytes_ = held_bytes;
    taken_messages_ = 0;
    taken_events_ = 0;
    taken_bytes_ = 0;
  }

  /// The books with what is on its way to the session counted as queued or, where it
  /// may have to wait for room, as waiting.
  [[nodiscard]] statistics snapshot() const noexcept
  {
    statistics all = books_;
    const auto live = waits() ? &tally::waiting : &tally::queued;
    all.messages.submitted += ended_messages_ + fresh_.size() + taken_messages_;
    all.messages.not_sent += ended_messages_;
    all.messages.*live += fresh_.size() + taken_messages_;
    all.events.submitted += ended_events_ + fresh_events_ + taken_events_;
    all.events.not_sent += ended_events_;
    all.events.*live += fresh_events_ + taken_events_;
    for (const errc why : causes_here) {
      all.causes.add(why, causes_[why]);
    }
    return all;
  }

private:
  /// Of what ends here.
  static constexpr std::array causes_here{
      errc::overloaded, errc::dropped,           errc::disconnected, errc::cancelled,
      errc::expired,    errc::message_too_large, errc::not_supported};

  static std::uint64_t sum(std::uint64_t a, std::uint64_t b) noexcept
  {
    return a + std::min(b, std::numeric_limits<std::uint64_t>::max() - a);
  }
  [[nodiscard]] bool waits() const noexcept { return policy_ == overload_policy::wait; }

  void count(const request& r, errc why) noexcept
  {
    ++ended_messages_;
    ended_events_ += r.events;
    causes_.add(why);
  }

  overload_policy policy_;
  std::uint64_t max_held_;
  std::uint64_t max_held_bytes_;

  request_list fresh_{};
  std::uint64_t fresh_bytes_ = 0;
  std::uint64_t fresh_events_ = 0;

  // Taken, and not in the published books yet.
  std::uint64_t taken_messages_ = 0;
  std::uint64_t taken_events_ = 0;
  std::uint64_t taken_bytes_ = 0;

  statistics books_{};
  bool open_ = false;            ///< the connection
  std::uint64_t held_bytes_ = 0; ///< by the session's queue
  // Ended here.
  std::uint64_t ended_messages_ = 0;
  std::uint64_t ended_events_ = 0;
  cause_counts causes_{};
};

} // namespace riemann::inline v0::core

#endif

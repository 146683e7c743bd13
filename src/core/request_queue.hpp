#ifndef RIEMANN_CORE_REQUEST_QUEUE_HPP
#define RIEMANN_CORE_REQUEST_QUEUE_HPP

#include "core/ledger.hpp"
#include "core/request.hpp"

#include <riemann/error.hpp>
#include <riemann/options.hpp>

#include <chrono>
#include <cstddef>

namespace riemann::inline v0::core {

/// Why everything that is written, or was about to be, ends.
struct verdict {
  errc written;      ///< for what the connection was given, in part or whole
  errc unwritten;    ///< for what it was not
  response reason{}; ///< in words, for both
  /// What was not written, or may be written again, is put back for the next connection.
  bool goes_on = false;
};

[[nodiscard]] inline time_point later(time_point t, time_point::duration d) noexcept
{
  return t > never - d ? never : t + d;
}

/// Requests that wait to be written, and those that have ended: what a pipeline
/// of either kind is built on.
class request_queue {
public:
  /// Takes a fresh request on; its size has been checked. Where it is to wait for room,
  /// it waits.
  void enqueue(request& r, time_point now);
  void fail_queue(errc code, const response& reason);
  /// Makes one of the queued make way, by the policy. False: none is queued.
  bool drop_one();
  /// Why nothing is written for the time being, for those that end meanwhile.
  void explain(response why) noexcept { why_not_ = std::move(why); }
  [[nodiscard]] const response& explanation() const noexcept { return why_not_; }

  /// Nothing waits either.
  [[nodiscard]] bool queue_empty() const noexcept { return queue_.empty(); }
  [[nodiscard]] std::size_t queued_bytes() const noexcept { return queued_bytes_; }
  /// Of those that are queued or wait for room.
  [[nodiscard]] std::size_t held_bytes() const noexcept { return queued_bytes_ + waiting_bytes_; }

  /// Hands back the requests that have ended since the last call.
  request_list take_ended() noexcept;

protected:
  request_queue(const session_options& options, ledger& books) : options_{options}, ledger_{books}
  {}
  ~request_queue() = default;
  request_queue(const request_queue&) = delete;
  request_queue& operator=(const request_queue&) = delete;

  /// Out of the queue, or of those that wait for room in it.
  void unqueue(request& r) noexcept;
  /// Staged or written ones, back to the front of the queue and in their order.
  void requeue(request_list& again) noexcept;
  /// Ends a queued or waiting one; `written_code`: if it was written before and is to
  /// be again.
  void end_queued(request& r, errc code, errc written_code, response reason)
  {
    unqueue(r);
    const bool written = r.error.failed();
    end(r, written ? written_code : code, std::move(reason));
  }
  void end(request& r, boost::system::error_code code, response answer)
  {
    r.error = code;
    r.answer = std::move(answer);
    end(r, outcome_of(code));
  }
  void end(request& r, outcome result, boost::system::error_code code, response answer)
  {
    r.error = code;
    r.answer = std::move(answer);
    end(r, result);
  }
  /// As it is: a fresh request has no error and the plain answer.
  void end(request& r, outcome result)
  {
    if (r.deadline_link.is_linked()) {
      deadlines_.erase(deadlines_.iterator_to(r));
    }
    ledger_.ended(r, result);
    ended_.push_back(r);
  }

  /// A live request that has outlived its own deadline or, queued, `max_queue_age`.
  [[nodiscard]] request* overdue(time_point now) noexcept;
  /// When there will be one; `never` if none.
  [[nodiscard]] time_point overdue_at() const noexcept;

  /// The ended and the queued ones; deadlines are forgotten.
  request_list release_queue() noexcept;

  const session_options& options_;
  ledger& ledger_;
  request_list queue_{};
  response why_not_{};

private:
  [[nodiscard]] time_point age_due() const noexcept;
  [[nodiscard]] bool has_room(const request& r) const noexcept;
  void refill() noexcept;

  std::size_t queued_bytes_ = 0;
  request_list waiting_{}; ///< for room in the queue; only while that is full
  std::size_t waiting_bytes_ = 0;
  deadline_set deadlines_{};
  request_list ended_{};
};

} // namespace riemann::inline v0::core

#endif

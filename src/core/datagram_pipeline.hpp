#ifndef RIEMANN_CORE_DATAGRAM_PIPELINE_HPP
#define RIEMANN_CORE_DATAGRAM_PIPELINE_HPP

#include "core/request_queue.hpp"

#include <cstddef>
#include <span>

namespace riemann::core {

/**
 * Requests on their way as datagrams, one message each: queued, handed to the
 * kernel, ended. There are no answers, so that is all that can be known: the
 * outcome is *sent*.
 *
 * A refusal (ICMP: nobody listens there, or no way leads there) is told at the next
 * send, of which the kernel then takes nothing. So it is counted, and the same
 * message tried again.
 */
class datagram_pipeline : public request_queue {
public:
  /// No answers are owed, and none read.
  static constexpr bool answered = false;

  datagram_pipeline(const session_options& options, ledger& books) : request_queue{options, books}
  {}

  /// A query has no way back.
  [[nodiscard]] static boost::system::error_code refusal(const message& m) noexcept;

  /// Ends one live request: `queued_code` if it is not in a write, else
  /// `written_code`.
  void give_up(request& r, errc queued_code, errc written_code);

  /// Takes the next message from the queue. Only when nothing is pending.
  void stage();
  [[nodiscard]] bool has_pending() const noexcept { return loaded_; }
  /// The datagram; valid and unchanged until `wrote()` or `reset_stream()`.
  [[nodiscard]] std::span<const std::byte> pending() const noexcept { return datagram_.body(); }
  /// The kernel took the datagram or, with an error, did not. True: the socket is
  /// of no more use.
  [[nodiscard]] bool wrote(std::size_t n, boost::system::error_code error, time_point now);

  /// Ends what is staged; `writing`: it may be taken yet.
  void fail_window(const verdict& why, bool writing);
  /// Lets go of what was to be written. Not before the last write has returned.
  void reset_stream() noexcept;
  /// Ends what has outlived a deadline of its own, or `max_queue_age`.
  void expire(time_point now);
  [[nodiscard]] time_point next_deadline() const noexcept { return overdue_at(); }
  [[nodiscard]] bool answer_overdue(time_point) const noexcept { return false; }
  [[nodiscard]] bool window_empty() const noexcept { return !loaded_; }

  /// Hands back every request, live ones unended: their context is going away.
  request_list release_all() noexcept;

private:
  void finish(outcome result, boost::system::error_code code);

  message datagram_{};
  bool loaded_ = false;
  request* owner_ = nullptr; ///< of what is loaded; none: it was given up
  unsigned refusals_ = 0;    ///< met by what is loaded
};

} // namespace riemann::core

#endif

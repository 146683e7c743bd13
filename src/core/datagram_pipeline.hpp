#ifndef RIEMANN_CORE_DATAGRAM_PIPELINE_HPP
#define RIEMANN_CORE_DATAGRAM_PIPELINE_HPP

#include "core/datagram_options.hpp"
#include "core/request_queue.hpp"

#include <cstddef>
#include <span>
#include <vector>

namespace riemann::inline v0::core {

/**
 * Requests on their way as datagrams: queued, handed to the kernel, ended. There are
 * no answers, so that is all that can be known: the outcome is *sent*.
 *
 * A datagram holds one message, or several, as far as they fit and in their order:
 * messages end to end are one, to who reads it.
 *
 * A refusal (ICMP: nobody listens there, or no way leads there) is told at the next
 * send, of which the kernel then takes nothing. So it is counted, and the same
 * datagram tried again.
 */
class datagram_pipeline : public request_queue {
public:
  /// No answers are owed, and none read.
  static constexpr bool answered = false;
  using options_type = datagram_options;

  datagram_pipeline(const datagram_options& options, ledger& books);

  /// A query has no way back.
  [[nodiscard]] static boost::system::error_code refusal(const message& m) noexcept;

  /// Ends one live request: `queued_code` if it is not in a write, else
  /// `written_code`.
  void give_up(request& r, errc queued_code, errc written_code);

  /// Takes the next datagram's messages from the queue, unless they are to wait for
  /// more; `hurried`: they are not. Only when nothing is pending.
  void stage(time_point now, bool hurried);
  /// When what is queued has waited long enough for more; `never` if nothing is.
  [[nodiscard]] time_point linger_due() const noexcept;
  [[nodiscard]] bool has_pending() const noexcept { return loaded_; }
  /// The datagram; valid and unchanged until `wrote()` or `reset_stream()`.
  [[nodiscard]] std::span<const std::byte> pending() const noexcept
  {
    return coalesced_ ? std::span<const std::byte>{bytes_} : alone_.body();
  }
  /// The kernel took the datagram or, with an error, did not. True: the socket is
  /// of no more use.
  [[nodiscard]] bool wrote(std::size_t n, boost::system::error_code error, time_point now);

  /// Ends what is staged; `writing`: it may be taken yet. True: nothing was.
  bool fail_window(const verdict& why, bool writing);
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
  /// Of the messages, without the lengths that a stream's frames have.
  [[nodiscard]] std::size_t queued_payload() const noexcept;
  [[nodiscard]] bool fits(std::size_t size) const noexcept;
  request& take_front();
  void split(time_point now);
  void finish(outcome result, boost::system::error_code code, const response& answer = {});
  void unload() noexcept;

  const datagram_options& how_;
  std::size_t limit_; ///< of what is put together, as this path takes it

  bool loaded_ = false;
  bool coalesced_ = false;         ///< what is loaded, so that it is in `bytes_`
  message alone_{};                ///< else
  std::vector<std::byte> bytes_{}; ///< never more than it was made with
  request_list staged_{};          ///< whose messages are loaded, but for those given up
  unsigned refusals_ = 0;          ///< met by what is loaded
  bool called_large_ = false;      ///< by the last refusal
};

} // namespace riemann::inline v0::core

#endif

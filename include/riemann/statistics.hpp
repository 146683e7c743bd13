#ifndef RIEMANN_STATISTICS_HPP
#define RIEMANN_STATISTICS_HPP

#include <riemann/detail/export.hpp>
#include <riemann/duration_histogram.hpp>
#include <riemann/error.hpp>

#include <boost/system/error_code.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace riemann::inline v0 {

/// Where things handed over are, or how they ended; one for messages, one for
/// the events in them.
struct RIEMANN_EXPORT tally {
  /// All that was ever handed over.
  std::uint64_t submitted = 0;
  // Ended.
  /// Answered `ok`.
  std::uint64_t acked = 0;
  /// UDP: handed to the kernel.
  std::uint64_t sent = 0;
  /// Answered with an error.
  std::uint64_t rejected = 0;
  /// No byte of them was given to the connection.
  std::uint64_t not_sent = 0;
  /// Written, in part or whole, and not answered.
  std::uint64_t unknown = 0;
  // Live.
  std::uint64_t waiting = 0;   ///< for room in the queue
  std::uint64_t queued = 0;    ///< for the connection or the window
  std::uint64_t staged = 0;    ///< in a write that is not through
  std::uint64_t in_flight = 0; ///< written, answer owed

  /// The accounting identity; true in every snapshot.
  [[nodiscard]] constexpr bool balanced() const noexcept { return submitted == ended() + live(); }
  /// How many have ended, with whatever outcome.
  [[nodiscard]] constexpr std::uint64_t ended() const noexcept
  {
    return acked + sent + rejected + not_sent + unknown;
  }
  /// How many have not ended.
  [[nodiscard]] constexpr std::uint64_t live() const noexcept
  {
    return waiting + queued + staged + in_flight;
  }

  /// Count by count.
  friend constexpr bool operator==(const tally&, const tally&) = default;
};

/// How many messages ended with each error. Those of the errors of one outcome add up
/// to what the tally has of it.
class RIEMANN_EXPORT cause_counts {
public:
  /// Counts `n` more with this error.
  void add(errc e, std::uint64_t n = 1) noexcept { counts_[index(e)] += n; }
  /// How many ended with this error.
  [[nodiscard]] std::uint64_t operator[](errc e) const noexcept { return counts_[index(e)]; }

  /// Error by error.
  friend bool operator==(const cause_counts&, const cause_counts&) = default;

private:
  /// None has the number 0.
  static std::size_t index(errc e) noexcept
  {
    const auto i = static_cast<std::size_t>(e);
    return i < errc_limit ? i : 0;
  }

  std::array<std::uint64_t, errc_limit> counts_{};
};

/// A transport's books at one moment.
struct RIEMANN_EXPORT statistics {
  /// Each message counts once.
  tally messages{};
  /// The events in those messages.
  tally events{};
  /// Of the messages.
  cause_counts causes{};
  /// Messages put back to be written again although they had been written
  /// (`max_resends`); each still ends, and is counted above, once.
  std::uint64_t resends = 0;
  /// Empty messages that asked whether the server is there; not counted above.
  std::uint64_t pings = 0;
  /// Answers still owed to requests that were abandoned; they count against the
  /// window and are thrown away when they come.
  std::uint64_t tombstones = 0;
  /// Connections that were opened, in all.
  std::uint64_t connections_opened = 0;
  /// Of single servers.
  std::uint64_t connects_failed = 0;
  /// Connections that ended other than by `async_disconnect`, `cancel` or destruction, or
  /// because the preferred server is there again.
  std::uint64_t connections_lost = 0;
  /// UDP: handed to the kernel; fewer than the messages sent where these are put
  /// together.
  std::uint64_t datagrams_sent = 0;
  /// UDP: how often the peer's host said that nobody took an earlier datagram (an
  /// ICMP message). Those count as sent all the same.
  std::uint64_t datagrams_refused = 0;
  /// Given to the kernel; over TLS before encryption.
  std::uint64_t bytes_written = 0;
  /// Taken from the kernel; over TLS after decryption.
  std::uint64_t bytes_read = 0;
  /// From a message's last byte given to the kernel to its answer read.
  duration_histogram round_trips{};
  /// Why the last connection was lost or could not be opened; success if never.
  boost::system::error_code last_failure{};
  /// When that was. Of several transports the last counts.
  std::chrono::steady_clock::time_point last_failure_at{};
};

} // namespace riemann::inline v0

#endif

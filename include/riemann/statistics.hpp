#ifndef RIEMANN_STATISTICS_HPP
#define RIEMANN_STATISTICS_HPP

#include <boost/system/error_code.hpp>

#include <cstdint>

namespace riemann {

/// Where things handed over are, or how they ended; one for messages, one for
/// the events in them.
struct tally {
  std::uint64_t submitted = 0;
  // Ended.
  std::uint64_t acked = 0;
  std::uint64_t sent = 0;
  std::uint64_t rejected = 0;
  std::uint64_t not_sent = 0;
  std::uint64_t unknown = 0;
  // Live.
  std::uint64_t waiting = 0;   ///< for room in the queue
  std::uint64_t queued = 0;    ///< for the connection or the window
  std::uint64_t staged = 0;    ///< in a write that is not through
  std::uint64_t in_flight = 0; ///< written, answer owed

  /// The accounting identity; true in every snapshot.
  [[nodiscard]] constexpr bool balanced() const noexcept { return submitted == ended() + live(); }
  [[nodiscard]] constexpr std::uint64_t ended() const noexcept
  {
    return acked + sent + rejected + not_sent + unknown;
  }
  [[nodiscard]] constexpr std::uint64_t live() const noexcept
  {
    return waiting + queued + staged + in_flight;
  }

  friend constexpr bool operator==(const tally&, const tally&) = default;
};

/// A transport's books at one moment.
struct statistics {
  tally messages{};
  tally events{};
  /// Answers still owed to requests that were abandoned; they count against the
  /// window and are thrown away when they come.
  std::uint64_t tombstones = 0;
  std::uint64_t connections_opened = 0;
  std::uint64_t connects_failed = 0;
  /// Connections that ended other than by `async_disconnect` or `cancel`.
  std::uint64_t connections_lost = 0;
  /// UDP: handed to the kernel; fewer than the messages sent where these are put
  /// together.
  std::uint64_t datagrams_sent = 0;
  /// UDP: how often the peer's host said that nobody took an earlier datagram (an
  /// ICMP message). Those count as sent all the same.
  std::uint64_t datagrams_refused = 0;
  std::uint64_t bytes_written = 0;
  std::uint64_t bytes_read = 0;
  /// Why the last connection was lost or could not be opened; success if never.
  boost::system::error_code last_failure{};
};

} // namespace riemann

#endif

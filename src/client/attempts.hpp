#ifndef RIEMANN_CLIENT_ATTEMPTS_HPP
#define RIEMANN_CLIENT_ATTEMPTS_HPP

#include <riemann/statistics.hpp>

#include <algorithm>
#include <cstdint>

namespace riemann::inline v0::clients {

// Books of transports that serve another: their tallies count attempts at messages
// which the other's books have once.

/// All but the tallies.
inline void add_connections(statistics& to, const statistics& of) noexcept
{
  to.tombstones += of.tombstones;
  to.resends += of.resends;
  to.pings += of.pings;
  to.round_trips += of.round_trips;
  to.connections_opened += of.connections_opened;
  to.connects_failed += of.connects_failed;
  to.connections_lost += of.connections_lost;
  to.datagrams_sent += of.datagrams_sent;
  to.datagrams_refused += of.datagrams_refused;
  to.bytes_written += of.bytes_written;
  to.bytes_read += of.bytes_read;
  if (of.last_failure && of.last_failure_at >= to.last_failure_at) {
    to.last_failure = of.last_failure;
    to.last_failure_at = of.last_failure_at;
  }
}

/// Where the attempts are.
inline void add_live(tally& to, const tally& of) noexcept
{
  to.waiting += of.waiting;
  to.queued += of.queued;
  to.staged += of.staged;
  to.in_flight += of.in_flight;
}

/// Says of what is live, which is all `queued` there, where it is: what no attempt has
/// is on its way to the next, or to its handler.
inline void place_live(tally& books, const tally& attempts) noexcept
{
  const auto take = [&](std::uint64_t wanted) {
    const std::uint64_t taken = std::min(books.queued, wanted);
    books.queued -= taken;
    return taken;
  };
  books.in_flight = take(attempts.in_flight);
  books.staged = take(attempts.staged);
  books.waiting = take(attempts.waiting);
}

} // namespace riemann::inline v0::clients

#endif

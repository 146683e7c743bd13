#ifndef RIEMANN_BATCH_OPTIONS_HPP
#define RIEMANN_BATCH_OPTIONS_HPP

#include <riemann/detail/export.hpp>
#include <riemann/options.hpp>
#include <riemann/statistics.hpp>

#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace riemann::inline v0 {

/// Posted events that were lost, with nobody waiting for them.
struct RIEMANN_EXPORT batch_loss {
  /// How many.
  std::uint64_t events = 0;
  /// `outcome_of(error)` tells whether they may have arrived.
  boost::system::error_code error{};
  /// The same in words, for a log; of several batches the last one's.
  std::string reason{};
};

/// How a `batch_client` gathers events. Every number and duration is above zero.
struct RIEMANN_EXPORT batch_options {
  /// Events in a batch at most.
  std::size_t max_events = 1'000;
  /// Bytes of a batch at most, unless one event alone is longer; up to
  /// `message::max_size`. Where the transport takes less, that is found out.
  std::size_t max_bytes = std::size_t{64} << 10;
  /// How long an event may wait for others while answers are outstanding; with none
  /// outstanding nothing waits. From the moment the executor took it in.
  std::chrono::microseconds linger = std::chrono::milliseconds{10};
  /// Batches handed to the transport that have not ended, at most.
  std::size_t max_outstanding = 8;
  /// Older events are not handed to the transport any more: `errc::expired`. Those of a
  /// batch are as old as its first one was, whatever became of that. Above `linger`, at
  /// most `session_options::max_duration`.
  std::chrono::milliseconds max_age = std::chrono::minutes{1};

  /// Events that are gathered or wait for their turn; what becomes of more, `when_full`
  /// says. At least `max_events`. Those put back because their batch was too long
  /// for the transport may stand above the bound.
  std::size_t max_queued_events = 1'000'000;
  /// The same in bytes; at least `max_bytes`. One event may always be queued.
  std::size_t max_queued_bytes = std::size_t{64} << 20;
  /// Not `wait`: a post never blocks.
  overload_policy when_full = overload_policy::reject;

  /// Told of every loss of posted events but those that `post` itself refused. Called on
  /// the transport's executor by a post, one call after the other; what it throws comes
  /// out of the executor's `run()`. Losses that come faster are added up by error. It may
  /// be called after the batch client is gone, until what that had handed over has ended.
  std::function<void(const batch_loss&)> on_loss{};

  /// Throws `std::invalid_argument`, naming the option and what it may be.
  void validate() const;
};

/// A batch client's books at one moment.
struct RIEMANN_EXPORT batch_statistics {
  /// Queued: gathered, or waiting for their turn. In flight: handed to the transport.
  tally events{};
  /// Of the events that were neither acked nor sent, awaited and posted alike. (Errors
  /// that are not this library's are not told apart: only the tally has them.)
  cause_counts causes{};
  /// Posted events that were taken and then lost: what `on_loss` is told, in all.
  std::uint64_t lost = 0;
  /// Handed to the transport, each time anew.
  std::uint64_t batches = 0;
  /// Batches that were too long for the transport, and went again in two halves.
  std::uint64_t splits = 0;
};

} // namespace riemann::inline v0

#endif

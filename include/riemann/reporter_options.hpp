#ifndef RIEMANN_REPORTER_OPTIONS_HPP
#define RIEMANN_REPORTER_OPTIONS_HPP

#include <riemann/detail/export.hpp>
#include <riemann/event.hpp>
#include <riemann/response.hpp>

#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

namespace riemann::inline v0 {

/// How a report ended.
struct RIEMANN_EXPORT report_result {
  /// Success: acked, or over UDP sent. Where it went in several messages, the first error.
  boost::system::error_code error{};
  /// The answer, with the server's words, that belongs to it.
  response answer{};
  /// What was reported, until the call has returned.
  std::span<const event> events{};
};

/// How a `reporter` reports, and what its events have in common.
struct RIEMANN_EXPORT reporter_options {
  /// Between reports; 1 ms to `session_options::max_duration`. Events have twice this as
  /// their ttl: they outlast a report that is late by nearly an interval. Where one is lost,
  /// the next comes as the last one's events expire.
  std::chrono::milliseconds interval = std::chrono::seconds{10};
  /// From `start()` to the first report, at least 0. Nothing: the interval.
  std::optional<std::chrono::milliseconds> first_delay{};
  /// How long each message of a report may take, at least 1 ms. Nothing: nine
  /// tenths of the interval, so that one which is not answered does not keep the next from
  /// its time.
  std::optional<std::chrono::milliseconds> deadline{};
  /// `async_stop` reports once more, so that what was recorded since is not lost.
  bool last_report = true;

  /// In front of each service, with a blank; empty: nothing.
  std::string prefix{};
  /// Not empty. Nothing: no host, and the server leaves it so.
  std::optional<std::string> host{};
  /// Of every event; none is empty.
  tag_list tags{};
  /// Keys are not empty, and none of those that Riemann drops (see `attribute`).
  attribute_list attributes{};

  /// Told how each report ended, on the transport's executor, one call after the other;
  /// what it throws comes out of the executor's `run()`, and the next report goes on.
  std::function<void(const report_result&)> on_report{};

  /// Throws `std::invalid_argument`, naming the option and what it may be.
  void validate() const;
};

/// A reporter's books at one moment.
struct RIEMANN_EXPORT reporter_statistics {
  /// Begun: all that follow, and perhaps one under way. A round with nothing to say is
  /// none.
  std::uint64_t reports = 0;
  std::uint64_t delivered = 0; ///< acked, or over UDP sent
  std::uint64_t failed = 0;    ///< in part or whole
  /// Times for a report that passed while one was under way; they are not caught up with.
  std::uint64_t missed = 0;
  /// Halvings of what was too long for one message.
  std::uint64_t splits = 0;
  /// Calls of callbacks and sources that threw; what they had to say was left out.
  std::uint64_t callbacks_failed = 0;

  /// All of them.
  friend bool operator==(const reporter_statistics&, const reporter_statistics&) = default;
};

} // namespace riemann::inline v0

#endif

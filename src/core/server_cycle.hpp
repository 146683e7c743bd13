#ifndef RIEMANN_CORE_SERVER_CYCLE_HPP
#define RIEMANN_CORE_SERVER_CYCLE_HPP

#include "core/backoff.hpp"
#include "core/request.hpp"

#include <riemann/options.hpp>

#include <cstddef>
#include <cstdint>

namespace riemann::inline v0::core {

/// Where a session is to connect.
struct destinations {
  std::size_t count = 1;  ///< servers, the preferred one first
  std::uint64_t seed = 1; ///< of the backoff's jitter
};

/**
 * Which server is tried next, and when: each in its order, and after a round of all of
 * them a pause, which grows until one is well.
 */
class server_cycle {
public:
  server_cycle(const session_options& options, destinations where)
      : max_tries_{options.max_connect_tries},
        servers_{where.count},
        backoff_{options.min_backoff, options.max_backoff, where.seed}
  {}

  [[nodiscard]] std::size_t current() const noexcept { return current_; }
  [[nodiscard]] bool on_preferred() const noexcept { return current_ == 0; }
  /// Not before then.
  [[nodiscard]] time_point retry_at() const noexcept { return retry_at_; }
  /// Rounds in a row.
  [[nodiscard]] std::size_t failures() const noexcept { return failures_; }
  /// As many as there may be.
  [[nodiscard]] bool exhausted() const noexcept
  {
    return max_tries_ != 0 && failures_ >= max_tries_;
  }

  /// The server could not be reached, or will not have us. True: it was the last of the
  /// round.
  bool failed(time_point now)
  {
    const bool round_is_over = next(now);
    failures_ += round_is_over ? 1 : 0;
    return round_is_over;
  }

  /// The connection to it was lost; `well`: after it had answered.
  void lost(bool well, time_point now)
  {
    if (well) {
      current_ = 0;
      retry_at_ = now + backoff_.next();
    } else {
      next(now);
    }
  }

  /// It is well: the next failure is the first.
  void well() noexcept
  {
    failures_ = 0;
    backoff_.reset();
  }

  /// Nobody wants a connection any more: the next round begins with the preferred one.
  void set_back() noexcept { current_ = 0; }

  /// The preferred one comes next, and at once.
  void start_over() noexcept
  {
    well();
    current_ = 0;
    retry_at_ = time_point::min();
  }

private:
  bool next(time_point now)
  {
    current_ = (current_ + 1) % servers_;
    const bool round_is_over = current_ == 0;
    retry_at_ = round_is_over ? now + backoff_.next() : now;
    return round_is_over;
  }

  std::size_t max_tries_;
  std::size_t servers_;
  backoff backoff_;
  std::size_t current_ = 0;
  std::size_t failures_ = 0;
  time_point retry_at_ = time_point::min();
};

} // namespace riemann::inline v0::core

#endif

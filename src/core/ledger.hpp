#ifndef RIEMANN_CORE_LEDGER_HPP
#define RIEMANN_CORE_LEDGER_HPP

#include "core/request.hpp"

#include <riemann/error.hpp>
#include <riemann/outcome.hpp>
#include <riemann/statistics.hpp>

namespace riemann::inline v0::core {

/**
 * The books: every change of a request's phase goes through here, so that both
 * identities (messages, events) hold between any two calls.
 */
class ledger {
public:
  void submitted(request& r) noexcept
  {
    ++books_.messages.submitted;
    books_.events.submitted += r.events;
    enter(r, phase::queued);
  }

  void move(request& r, phase to) noexcept
  {
    leave(r);
    enter(r, to);
  }

  void ended(request& r, outcome o) noexcept
  {
    leave(r);
    r.where = phase::ended;
    if (o != outcome::acked && o != outcome::sent) {
      count_cause(r.error);
    }
    const auto count = [&](std::uint64_t tally::*bucket) {
      ++(books_.messages.*bucket);
      books_.events.*bucket += r.events;
    };
    switch (o) {
    case outcome::acked:
      return count(&tally::acked);
    case outcome::sent:
      return count(&tally::sent);
    case outcome::rejected:
      return count(&tally::rejected);
    case outcome::not_sent:
      return count(&tally::not_sent);
    case outcome::unknown:
      return count(&tally::unknown);
    }
  }

  /// A connection was lost, or could not be opened.
  void failed(const boost::system::error_code& why, time_point now) noexcept
  {
    books_.last_failure = why;
    books_.last_failure_at = now;
  }

  /// What is not about one request: connections, bytes, tombstones.
  [[nodiscard]] statistics& books() noexcept { return books_; }
  [[nodiscard]] const statistics& books() const noexcept { return books_; }

private:
  void count_cause(const boost::system::error_code& error) noexcept
  {
    if (error.category() == error_category()) {
      books_.causes.add(static_cast<errc>(error.value()));
    }
  }

  static std::uint64_t tally::*bucket_of(phase p) noexcept
  {
    switch (p) {
    case phase::waiting:
      return &tally::waiting;
    case phase::queued:
      return &tally::queued;
    case phase::staged:
      return &tally::staged;
    case phase::in_flight:
      return &tally::in_flight;
    case phase::fresh:
    case phase::ended:
      break;
    }
    return nullptr;
  }

  void enter(request& r, phase p) noexcept
  {
    r.where = p;
    if (const auto bucket = bucket_of(p)) {
      ++(books_.messages.*bucket);
      books_.events.*bucket += r.events;
    }
  }

  void leave(request& r) noexcept
  {
    if (const auto bucket = bucket_of(r.where)) {
      --(books_.messages.*bucket);
      books_.events.*bucket -= r.events;
    }
  }

  statistics books_{};
};

} // namespace riemann::inline v0::core

#endif

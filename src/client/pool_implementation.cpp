#include "client/pool_implementation.hpp"

#include <riemann/error.hpp>

#include <tuple>

namespace riemann::clients {

using boost::system::error_code;

namespace {

/// The connection's own fault, and nothing was sent: another may do better.
bool never_got_there(error_code error)
{
  return error == errc::connect_failed || error == errc::connect_timeout ||
         error == errc::handshake_failed || error == errc::handshake_timeout ||
         error == errc::not_written;
}

/// What says nothing of the connection.
bool is_the_messages_own(error_code error)
{
  return error == outcome::not_sent || error == errc::abandoned ||
         error == errc::deadline_exceeded || error == errc::drain_timeout;
}

} // namespace

pool_implementation::pool_implementation(const boost::asio::any_io_executor& executor,
                                         std::chrono::milliseconds retry_interval,
                                         const transports& inside)
    : router{executor}, retry_interval_{retry_interval}
{
  for (const auto& transport : inside) {
    members_.push_back({.transport = transport});
  }
}

router::route pool_implementation::first_route(const routed_send& what, clock::time_point now)
{
  return choose(what, now);
}

bool pool_implementation::goes_on(const routed_send& what, place, error_code error) const
{
  return never_got_there(error) && what.attempts < members_.size();
}

router::route pool_implementation::next_route(const routed_send& what, error_code)
{
  return choose(what, clock::now());
}

/// Those that have not failed before those that have, and then the least busy.
router::route pool_implementation::choose(const routed_send& what, clock::time_point now)
{
  const auto rank = [&](place p) {
    const member& m = members_[p];
    return std::tuple{what.was_tried_at(p), m.failed && now < m.passed_over_until, m.outstanding};
  };
  place best = 0;
  for (place p = 1; p != members_.size(); ++p) {
    best = rank(p) < rank(best) ? p : best;
  }
  member& chosen = members_[best];
  ++chosen.outstanding;
  if (chosen.failed) {
    // This one tries it; the others go elsewhere meanwhile.
    chosen.passed_over_until = now + retry_interval_;
  }
  return {chosen.transport, best, what.attempts + 1 == members_.size()};
}

void pool_implementation::ended_at(place by, error_code error) noexcept
{
  member& m = members_[by];
  --m.outstanding;
  if (!error || error == errc::rejected) {
    m.failed = false;
  } else if (never_got_there(error) || !is_the_messages_own(error)) {
    m.failed = true;
    m.passed_over_until = clock::now() + retry_interval_;
  }
}

joint_wait::need pool_implementation::connect_needs() const noexcept
{
  return joint_wait::need::one;
}

void pool_implementation::visit(const visitor& each) const
{
  for (const member& m : members_) {
    each(*m.transport);
  }
}

} // namespace riemann::clients

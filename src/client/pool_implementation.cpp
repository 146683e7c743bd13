#include "client/pool_implementation.hpp"

#include <riemann/error.hpp>

#include <algorithm>
#include <tuple>
#include <utility>

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
  retry_failed(now);
  return choose(what);
}

bool pool_implementation::goes_on(const routed_send& what, place, error_code error) const
{
  const bool elsewhere = never_got_there(error) || (what.withdrawn && error == errc::cancelled);
  return elsewhere && what.attempts < members_.size();
}

router::route pool_implementation::next_route(const routed_send& what, error_code)
{
  return choose(what);
}

/// Those that have not failed before those that have, and then the least busy.
router::route pool_implementation::choose(const routed_send& what)
{
  const auto rank = [&](place p) {
    const member& m = members_[p];
    return std::tuple{what.was_tried_at(p), m.failed, m.outstanding};
  };
  place best = 0;
  for (place p = 1; p != members_.size(); ++p) {
    best = rank(p) < rank(best) ? p : best;
  }
  ++members_[best].outstanding;
  return {members_[best].transport, best, what.attempts + 1 == members_.size()};
}

/// By a connect, so that no message is risked.
void pool_implementation::retry_failed(clock::time_point now) noexcept
{
  for (place p = 0; p != members_.size(); ++p) {
    member& m = members_[p];
    if (!m.failed || now < m.retry_at || over()) {
      continue;
    }
    m.retry_at = now + retry_interval_;
    try {
      const auto on_end = [this, weak = weak_from_this(), p](error_code error) {
        if (const auto self = weak.lock()) {
          heard_of(p, !error);
        }
      };
      m.transport->connect({on_end, own_}, 0);
    } catch (...) { // NOLINT: no memory: another time
    }
  }
}

void pool_implementation::ended_at(place by, error_code error) noexcept
{
  member& m = members_[by];
  --m.outstanding;
  if (!error || error == errc::rejected) {
    set_failed(m, false);
  } else if (never_got_there(error) || !is_the_messages_own(error)) {
    set_failed(m, true);
  }
}

void pool_implementation::heard_of(place p, bool open)
{
  const std::scoped_lock lock{mutex_};
  set_failed(members_[p], !open);
}

void pool_implementation::set_failed(member& m, bool failed) noexcept
{
  if (failed) {
    m.retry_at = clock::now() + retry_interval_;
  }
  if (std::exchange(m.failed, failed) != failed) {
    withdraw();
  }
}

/// What waits where nothing goes on is to go where something does.
void pool_implementation::withdraw() noexcept
{
  if (std::ranges::all_of(members_, &member::failed)) {
    return;
  }
  for_each_named([this](routed_send& s) {
    const member& m = members_[s.at];
    if (!m.failed || s.withdrawn || s.attempts == members_.size()) {
      return;
    }
    try {
      m.transport->cancel_operation(s.id, true);
      s.withdrawn = true;
    } catch (...) { // NOLINT: no memory: it waits on
    }
  });
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

#include "client/pool_implementation.hpp"

#include <riemann/error.hpp>

#include <algorithm>
#include <tuple>
#include <utility>

namespace riemann::inline v0::clients {

using boost::system::error_code;

namespace {

/// The connection's own fault, and nothing was sent: another may do better.
bool never_got_there(error_code error)
{
  return error == errc::connect_failed || error == errc::connect_timeout ||
         error == errc::handshake_failed || error == errc::handshake_timeout ||
         error == errc::not_written;
}

/// Where it came to its place is wanted for others.
bool found_no_room(error_code error)
{
  return error == errc::overloaded || error == errc::dropped;
}

/// What says nothing of the connection.
bool is_the_messages_own(error_code error)
{
  return error == outcome::not_sent || error == errc::abandoned ||
         error == errc::deadline_exceeded || error == errc::drain_timeout;
}

/// Messages at a time that leave connections that have failed for others.
constexpr std::size_t most_moving = 64;

} // namespace

pool_implementation::pool_implementation(const boost::asio::any_io_executor& executor,
                                         std::chrono::milliseconds retry_interval,
                                         const transports& inside, const time_source& time)
    : router{executor, time}, retry_interval_{retry_interval}, moving_limit_{most_moving}
{
  for (const auto& transport : inside) {
    members_.push_back({.transport = transport});
  }
}

router::route pool_implementation::first_route(const routed_send& what, clock::time_point now)
{
  reopen_failed(now);
  return choose(what);
}

bool pool_implementation::goes_on(const routed_send& what, place, error_code error) const
{
  if (what.withdrawn.asked() && error == errc::cancelled) {
    return true;
  }
  // One that was moved may find no room where it came to, and had some where it was.
  const bool elsewhere = never_got_there(error) || (what.moved && found_no_room(error));
  return elsewhere && what.attempts < members_.size() * (what.put_back ? 2 : 1);
}

router::route pool_implementation::next_route(routed_send& what, error_code error)
{
  if (what.withdrawn.asked()) {
    --withdrawn_;
    what.put_back = false;
    moving_ += std::exchange(what.moving, true) ? 0 : 1;
  }
  const bool no_room = found_no_room(error);
  route way = choose(what, no_room);
  if (no_room && members_[way.by].failed) {
    put_back(what);
  }
  return way;
}

/// Nobody who goes on had room for it: it waits again where nothing does, and is the next
/// when somebody has; of the others no more are moved at a time than have found some.
void pool_implementation::put_back(routed_send& what) noexcept
{
  if (std::exchange(what.moving, false)) {
    --moving_;
  }
  // If that gives up, the others may have room by then.
  what.put_back = true;
  what.tried = 0;
  crowded_ = true;
  moving_limit_ = std::clamp<std::size_t>(moving_, 1, most_moving);
  looked_through_ = std::min(looked_through_, what.id - 1);
}

/// Those that have not failed before those that have, then those where it was not yet,
/// then those where it will not wait behind another for a connect, and then the least
/// busy. A copy stays here, for it may be moved at any time.
router::route pool_implementation::choose(const routed_send& what, bool untried_first)
{
  const auto rank = [&](place p) {
    const member& m = members_[p];
    const bool awaited = !m.open && m.outstanding != 0;
    const bool tried = what.was_tried_at(p);
    const bool full = untried_first && tried && m.outstanding != 0;
    return std::tuple{full, m.failed, tried, awaited, m.outstanding};
  };
  place best = 0;
  for (place p = 1; p != members_.size(); ++p) {
    best = rank(p) < rank(best) ? p : best;
  }
  ++members_[best].outstanding;
  return {.to = members_[best].transport,
          .by = best,
          .last = members_.size() == 1,
          .losses = members_[best].losses};
}

void pool_implementation::reopen_failed(clock::time_point now) noexcept
{
  for (place p = 0; failed_ != 0 && p != members_.size(); ++p) {
    if (members_[p].failed && now >= members_[p].retry_at) {
      reopen(p);
    }
  }
}

/// By a connect, so that no message is risked. (One whose tries have not ended is at it by
/// itself, and is not hurried.)
void pool_implementation::reopen(place p) noexcept
{
  member& m = members_[p];
  if (m.reopening || over()) {
    return;
  }
  try {
    const auto on_end = [this, weak = weak_from_this(), p](error_code error) {
      if (const auto self = weak.lock()) {
        reopened(p, error);
      }
    };
    m.transport->connect({on_end, own_}, 0);
    m.reopening = true;
  } catch (...) { // NOLINT(bugprone-empty-catch): no memory: another time
    m.retry_at = now() + retry_interval_;
  }
}

void pool_implementation::reopened(place p, error_code error)
{
  const std::scoped_lock lock{mutex_};
  members_[p].reopening = false;
  members_[p].retry_at = now() + retry_interval_;
  if (!error) {
    set_failed(p, false);
  }
}

void pool_implementation::ended_at(const routed_send& what, place by, error_code error) noexcept
{
  --members_[by].outstanding;
  if (!error || error == errc::rejected) {
    // An answer of a connection that has been lost since says nothing of the next.
    if (what.losses_before == members_[by].losses) {
      set_failed(by, false);
    }
  } else if (never_got_there(error) || !is_the_messages_own(error)) {
    set_failed(by, true);
  }
}

void pool_implementation::finished(routed_send& what) noexcept
{
  if (std::exchange(what.moving, false)) {
    --moving_;
    moving_limit_ = std::min(moving_limit_ + (what.error ? 0 : 1), most_moving);
  }
  if (what.withdrawn.asked()) {
    what.withdrawn.forget();
    --withdrawn_;
  }
  // That made none, but others who are busy will.
  if (!found_no_room(what.error) || !somebody_is_busy()) {
    crowded_ = false;
    move_on();
  }
}

/// Of those that go on.
bool pool_implementation::somebody_is_busy() const noexcept
{
  return std::ranges::any_of(members_,
                             [](const member& m) { return !m.failed && m.outstanding != 0; });
}

connection_observer pool_implementation::observer_of(place p)
{
  return [weak = weak_from_this(), this, p](const connection_change& change) {
    const bool open = change.state == connection_state::open;
    if (!open && change.state != connection_state::failed &&
        change.state != connection_state::lost) {
      return;
    }
    if (const auto self = weak.lock()) {
      heard_of(p, open);
    }
  };
}

void pool_implementation::heard_of(place p, bool open)
{
  const std::scoped_lock lock{mutex_};
  const bool had_failed = members_[p].failed;
  members_[p].losses += open ? 0 : 1;
  set_failed(p, !open);
  if (open) {
    return;
  }
  if (had_failed && withdrawn_ != 0) {
    // What was withdrawn in vain may be back.
    look_through_anew();
  }
  if (named_after(0) != nullptr) {
    // What waits where nothing goes on has nobody else who would have the others tried.
    reopen_failed(now());
  }
}

void pool_implementation::set_failed(place p, bool failed) noexcept
{
  members_[p].open = !failed;
  if (std::exchange(members_[p].failed, failed) == failed) {
    return;
  }
  failed_ += failed ? 1 : -1;
  moving_limit_ = most_moving;
  crowded_ = false;
  look_through_anew();
}

void pool_implementation::look_through_anew() noexcept
{
  looked_through_ = 0;
  forget_moves_in_vain();
  move_on();
}

/// A withdrawal from before the last loss does not count: it did nothing to what was written
/// by then, which the loss may have put back. (One that it did free is named in vain again.)
bool pool_implementation::is_stuck(const routed_send& what) const noexcept
{
  if (what.at == nowhere) {
    return false; // between its attempts: it finds its way by itself
  }
  const member& m = members_[what.at];
  return m.failed && !what.withdrawn.asked_since(m.losses);
}

/// What was moved to where nothing goes on, either, is not to keep others from being moved;
/// nor what clings to where it is, as it may for long if it is to be resent.
void pool_implementation::forget_moves_in_vain() noexcept
{
  for (routed_send* s = named_after(0); moving_ != 0 && s != nullptr; s = named_after(s->id)) {
    if (s->moving && is_stuck(*s)) {
      s->moving = false;
      --moving_;
    }
  }
}

/// What waits where nothing goes on is to go where something does: a few at a time, so
/// that they find room there. (Those that were named in vain before are none of them: there
/// are not many that are free by now.)
void pool_implementation::move_on() noexcept
{
  if (crowded_ || failed_ == 0 || failed_ == members_.size() || over()) {
    return;
  }
  while (routed_send* const next = named_after(looked_through_)) {
    if (is_stuck(*next)) {
      const bool asked_before = next->withdrawn.asked();
      const bool one_more = !next->moving && !asked_before;
      if (one_more && moving_ >= moving_limit_) {
        return;
      }
      const member& from = members_[next->at];
      try {
        withdraw(*next, *from.transport, from.losses);
      } catch (...) { // NOLINT(bugprone-empty-catch): no memory: it waits on
        return;
      }
      withdrawn_ += asked_before ? 0 : 1;
      moving_ += one_more ? 1 : 0;
      next->moved = true;
      next->moving = next->moving || one_more;
    }
    looked_through_ = next->id;
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

} // namespace riemann::inline v0::clients

#include "account.hpp"

#include "trace.hpp"

#include <algorithm>

namespace riemann::simulation {

namespace {

constexpr std::size_t index(outcome o) noexcept
{
  return static_cast<std::size_t>(o);
}

constexpr std::size_t index(top t) noexcept
{
  return static_cast<std::size_t>(t);
}

} // namespace

item& account::add(top to)
{
  item& i = items_.emplace_back();
  i.number = items_.size();
  i.to = to;
  i.submitted_at = time_.now();
  return i;
}

void account::begins(const item& i)
{
  ++submitted_[index(i.to)];
  submitted_events_[index(i.to)] += i.events;
  untold_ += i.posted ? 0 : 1;
  if (i.posted) {
    posts_refused_ += i.taken ? 0 : 1;
  }
}

void account::batch_closes(time_point due)
{
  batch_due_ = std::min(batch_due_, due);
}

void account::heals(bool open)
{
  healed_at_ = time_.now();
  for (item& i : items_) {
    const bool unwritten = std::ranges::all_of(i.attempts, [](const tracked* t) {
      return t->ended ? t->error == errc::message_too_large : !t->handed && t->resends == 0;
    });
    const bool live = !i.attempts.empty() && !i.attempts.back()->ended;
    const bool wanted = i.waits() && !i.given_up && i.number > cancelled_at_;
    i.must_succeed = open && wanted && live && unwritten;
  }
}

// --- what users are told

void account::told(item& i, boost::system::error_code error, const response& answer)
{
  note(time_, "told of ", i.number, ": ", error ? error.message() : "acked");
  require(!i.told, "a user is told twice");
  i.told = true;
  --untold_;
  i.error = error;
  const std::size_t o = index(outcome_of(error));
  ++told_[index(i.to)][o];
  told_events_[index(i.to)][o] += i.events;
  judge(i, answer);
}

void account::lost(const batch_loss& loss)
{
  note(time_, "lost ", loss.events, ": ", loss.error.message());
  require(loss.events != 0 && loss.error.failed() && !loss.reason.empty(), "a loss of nothing");
  posts_lost_[index(outcome_of(loss.error))] += loss.events;
}

// --- what goes out

void account::attempt_begins(const asked& a, std::size_t size)
{
  ++attempts_;
  const std::size_t events = a.names.size();
  bool fresh = true;
  std::uint64_t before = 0;
  for (const std::uint64_t name : a.names) {
    require(name != 0 && name <= items_.size(), "a message holds what nobody sent");
    const item& i = items_[name - 1];
    require(i.to == items_[a.names.front() - 1].to, "a batch holds what is none of its own");
    require(name > before || i.to == top::below, "a batch is out of order");
    before = name;
    for (const tracked* t : i.attempts) {
      require(t->ended, "an event goes twice at once");
      require(!t->touched && t->at_server.received == 0 &&
                  outcome_of(t->error) == outcome::not_sent,
              "an event goes again that may have been written");
      // A message that was moved is as it was.
      out_of_order_ = out_of_order_ || t->names != a.names;
    }
    fresh = fresh && i.attempts.empty();
  }
  if (items_[a.names.front() - 1].to == top::batch) {
    require(events <= how_.batch.max_events, "a batch has more than max_events");
    require(events == 1 || size <= how_.batch.max_bytes, "a batch has more than max_bytes");
    require(!fresh || out_of_order_ || a.names.front() > last_batched_,
            "batches are handed over out of order");
    last_batched_ = std::max(last_batched_, a.names.back());
  }
}

void account::attempt_began(const tracked& t)
{
  note(time_, t.name(), " and ", t.names.size() - 1, " others go as message ", t.number);
  for (const std::uint64_t name : t.names) {
    item& i = items_[name - 1];
    if (i.attempts.empty() || i.attempts.back() != &t) {
      i.attempts.push_back(&t);
    }
  }
}

} // namespace riemann::simulation

#include "account.hpp"

#include "trace.hpp"

#include <algorithm>
#include <functional>
#include <utility>

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

/// What was asked for is to have happened by then.
time_point account::soon() const
{
  using namespace std::chrono_literals;
  return time_.now() + 10ms + how_.lateness + 20 * how_.hop;
}

void account::gives_up(item& i, bool only_unwritten)
{
  i.given_up = true;
  if (!only_unwritten) {
    i.written_too = true;
    i.ends_by = std::min(i.ends_by, soon());
  }
}

void account::cancels_all()
{
  ++era_;
  cancelled_at_ = items_.size();
  for (item& i : items_) {
    if (i.to == top::below && i.waits()) {
      i.ends_by = std::min(i.ends_by, soon());
    }
  }
}

void account::closes(top t)
{
  closed_ = true;
  batch_closed_ = batch_closed_ || t == top::batch;
  for (item& i : items_) {
    if (i.to == t) {
      i.ends_by = std::min(i.ends_by, soon());
    }
  }
}

void account::disconnects(time_point due)
{
  ++era_;
  drain_due_ = std::min(drain_due_, due);
  if (std::exchange(disconnects_, true)) {
    return; // it may be so already
  }
  for (item& i : items_) {
    i.drains = i.drains || (i.to == top::below && i.waits() && !i.attempts.empty() &&
                            !i.attempts.back()->ended && i.recalled != i.attempts.size());
  }
}

void account::recalls(const tracked& t)
{
  for (const std::uint64_t name : t.names) {
    items_[name - 1].recalled = items_[name - 1].attempts.size();
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
    // What is handed over between a disconnect and a connect is refused when it is looked at.
    i.must_succeed = open && wanted && live && unwritten && !i.begun_down;
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

void account::attempt_begins(const asked& a, std::size_t size, std::size_t line)
{
  ++attempts_;
  // A connection that is thought to have failed is the last choice; and before that, one
  // that is being opened.
  const auto lines = static_cast<std::ptrdiff_t>(how_.lines.size());
  const bool all_open = std::all_of(open_.begin(), open_.begin() + lines, std::identity{});
  require(failed_ || !all_open ||
              outstanding_[line] ==
                  *std::min_element(outstanding_.begin(), outstanding_.begin() + lines),
          "a message goes to another than the least busy connection");
  ++outstanding_[line];
  bool fresh = true;
  std::uint64_t before = 0;
  for (const std::uint64_t name : a.names) {
    require(name != 0 && name <= items_.size(), "a message holds what nobody sent");
    item& i = items_[name - 1];
    require(i.to == items_[a.names.front() - 1].to, "a batch holds what is none of its own");
    require(name > before || i.to == top::below, "a batch is out of order");
    before = name;
    judge_attempt(i, a);
    i.era = era_;
    i.begun_down = down_;
    fresh = fresh && i.attempts.empty();
  }
  if (items_[a.names.front() - 1].to == top::batch) {
    const std::size_t events = a.names.size();
    require(events <= how_.batch.max_events, "a batch has more than max_events");
    require(events == 1 || size <= how_.batch.max_bytes, "a batch has more than max_bytes");
    require(!fresh || out_of_order_ || a.names.front() > last_batched_,
            "batches are handed over out of order");
    last_batched_ = std::max(last_batched_, a.names.back());
  }
}

/// It may go, perhaps once more.
void account::judge_attempt(const item& i, const asked& a)
{
  const bool moves = !i.attempts.empty() && i.attempts.back()->error != errc::message_too_large;
  // The batch of one that nobody waits for any more goes on.
  require(!i.told || (moves && i.to == top::batch && outcome_of(i.error) == outcome::unknown),
          "something goes out whose user was told of its end");
  for (const tracked* t : i.attempts) {
    require(t->ended, "an event goes twice at once");
    require(!t->touched && t->at_server.received == 0 && outcome_of(t->error) == outcome::not_sent,
            "an event goes again that may have been written");
    // A message that was moved is as it was.
    out_of_order_ = out_of_order_ || t->names != a.names;
  }
  if (moves) {
    require(i.era == era_, "a message is moved after all was cancelled or disconnected");
    require(!i.given_up || i.to == top::batch, "a message is moved that was given up");
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

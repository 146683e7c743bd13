#include "account.hpp"

#include <riemann/outcome.hpp>

#include <algorithm>
#include <numeric>

/// The books of a stack against what its users know.
namespace riemann::simulation {

namespace {

constexpr auto outcomes = {outcome::acked, outcome::sent, outcome::rejected, outcome::not_sent,
                           outcome::unknown};

constexpr std::size_t index(outcome o) noexcept
{
  return static_cast<std::size_t>(o);
}

outcome_counts ended(const tally& t)
{
  outcome_counts all{};
  all[index(outcome::acked)] = t.acked;
  all[index(outcome::sent)] = t.sent;
  all[index(outcome::rejected)] = t.rejected;
  all[index(outcome::not_sent)] = t.not_sent;
  all[index(outcome::unknown)] = t.unknown;
  return all;
}

outcome_counts causes(const cause_counts& of)
{
  static const auto outcome_at = [] {
    std::array<std::size_t, errc_limit> at{};
    for (std::size_t e = 1; e != errc_limit; ++e) {
      at[e] = index(outcome_of(static_cast<errc>(e)));
    }
    return at;
  }();
  outcome_counts all{};
  for (std::size_t e = 1; e != errc_limit; ++e) {
    all[outcome_at[e]] += of[static_cast<errc>(e)];
  }
  return all;
}

/// Of those that failed.
bool caused(const outcome_counts& ended, const outcome_counts& causes)
{
  constexpr std::array failures{outcome::rejected, outcome::not_sent, outcome::unknown};
  return std::ranges::all_of(failures,
                             [&](outcome o) { return ended[index(o)] == causes[index(o)]; });
}

bool as_many(const outcome_counts& a, const outcome_counts& b)
{
  return std::ranges::equal(a, b, std::ranges::greater_equal{});
}

std::uint64_t sum(const outcome_counts& of)
{
  return std::accumulate(of.begin(), of.end(), std::uint64_t{0});
}

} // namespace

void account::check(const batch_statistics* batch, const statistics& below, bool calm) const
{
  if (batch != nullptr) {
    check_batch(*batch, below, calm);
  }
  check_below(below, batch == nullptr ? 0 : batch->batches, calm);
  check_deadlines();
}

void account::check_batch(const batch_statistics& books, const statistics& below, bool calm) const
{
  const auto to = static_cast<std::size_t>(top::batch);
  const batch_options& o = how_.batch;
  const auto all = ended(books.events);
  require(books.events.balanced(), "the batch client's books do not balance");
  require(caused(all, causes(books.causes)), "the batch client's causes do not add up");
  require(books.events.submitted == submitted_[to], "the batch client counts other events");
  require(books.events.queued <= o.max_queued_events || books.splits != 0,
          "more events are gathered than max_queued_events");
  require(books.events.in_flight <= o.max_outstanding * o.max_events,
          "more events are handed over than may be");
  require(below.messages.live() <=
              o.max_outstanding +
                  static_cast<std::uint64_t>(std::ranges::count_if(
                      items_, [](const item& i) { return i.to == top::below && i.waits(); })),
          "more batches are outstanding than may be");
  require(!calm || !batch_closed_ ||
              std::ranges::none_of(items_,
                                   [](const item& i) { return i.to == top::batch && i.waits(); }),
          "somebody waits for an event, and the batch client is gone");
  // More than one batch is gathered: the first is closed.
  require(!calm || books.events.queued <= o.max_events ||
              below.messages.live() >= o.max_outstanding,
          "a batch that could go is not handed over");
  require(!calm || books.events.queued == 0 || below.messages.live() != 0 ||
              below.messages.submitted == 0,
          "events are gathered, and nothing is outstanding");
  require(as_many(all, told_[to]), "users are told of more than the batch client counts");
  require(sum(posts_lost_) <= books.lost, "more is told to be lost than is counted");
  if (calm && books.events.live() == 0 && all_told()) {
    require(sum(posts_lost_) == books.lost, "not all that was lost is told");
    check_posts(all);
  }
}

/// What posts have come to is what nobody who waited was told of.
void account::check_posts(const outcome_counts& all) const
{
  outcome_counts posts = posts_lost_;
  posts[index(outcome::not_sent)] += posts_refused_;
  std::uint64_t acked = 0;
  std::uint64_t acknowledged = 0;
  std::uint64_t rejected = 0;
  std::uint64_t untouched = 0;
  for (const item& i : items_) {
    if (i.posted && i.taken) {
      ++acked;
      const auto any = [&](auto&& what) { return std::ranges::any_of(i.attempts, what); };
      acknowledged += any([](const tracked* t) { return t->at_server.acknowledged != 0; });
      rejected += any([](const tracked* t) { return t->at_server.rejected != 0; });
      untouched += !any([](const tracked* t) { return t->touched; });
    }
  }
  posts[index(outcome::acked)] = acked - sum(posts_lost_);
  const auto& told = told_[static_cast<std::size_t>(top::batch)];
  for (const outcome o : outcomes) {
    require(all[index(o)] == told[index(o)] + posts[index(o)],
            "the batch client's books and its users do not agree");
  }
  require(posts[index(outcome::acked)] <= acknowledged, "a post is acked, and by no server");
  require(posts[index(outcome::rejected)] <= rejected, "a post is rejected, and by no server");
  require(posts_lost_[index(outcome::not_sent)] <= untouched,
          "a post is not sent, and was written");
}

void account::check_below(const statistics& books, std::uint64_t batches, bool calm) const
{
  const auto to = static_cast<std::size_t>(top::below);
  const auto all = ended(books.messages);
  require(books.messages.balanced() && books.events.balanced(), "the books do not balance");
  require(caused(all, causes(books.causes)), "the causes do not add up");
  require(books.messages.submitted == submitted_[to] + batches, "the books count other messages");
  require(as_many(all, told_[to]), "users are told of more than the books have");
  require(as_many(ended(books.events), told_events_[to]),
          "users are told of more events than the books have");
  if (!how_.batches) {
    require(books.events.submitted == submitted_events_[to], "the books count other events");
    if (calm && all_told()) {
      require(all == told_[to], "the books and the users do not agree");
      require(ended(books.events) == told_events_[to],
              "the books and the users do not agree on events");
    }
  }
  require(!calm || !all_told() || how_.batches || books.messages.live() == 0,
          "the books count what nobody waits for");
}

void account::check_attempts(std::uint64_t attempts) const
{
  require(attempts == attempts_, "the sessions count other attempts");
}

void account::check_deadlines() const
{
  using namespace std::chrono_literals;
  // Handlers that lag, and commands on their way.
  const auto slack = 10ms + how_.lateness + 20 * how_.hop;
  const auto passed = [&](time_point due) { return due != never && due + slack < time_.now(); };
  for (const item& i : items_) {
    if (i.waits()) {
      require(!passed(i.expires_at), "a message outlived its deadline");
      require(i.ends_by >= time_.now(), "what was given up, or cancelled, goes on");
      require(!gathers(i) || !passed(i.submitted_at + how_.batch.max_age),
              "a gathered event outlived max_age");
      require(i.to != top::batch || !passed(std::max(batch_due_, i.submitted_at)),
              "an event outlived the deadline of its batch client's close");
    }
    require(!i.must_succeed || i.told || time_.now() - healed_at_ < 60s,
            "what waits does not get through, with all faults gone");
  }
}

void account::check_end() const
{
  for (const item& i : items_) {
    std::uint64_t received = 0;
    std::uint64_t allowed = 1;
    for (const tracked* t : i.attempts) {
      received += t->at_server.received;
      allowed += t->resends;
    }
    require(received <= allowed, "a server received an event twice");
    require(!i.told || outcome_of(i.error) != outcome::not_sent || received == 0,
            "a user was told that it was not sent, and a server has it");
  }
}

} // namespace riemann::simulation

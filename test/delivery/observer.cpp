#include "observer.hpp"

#include <chrono>
#include <cstdio>

namespace delivery {

namespace {

/// Between two looks, at most.
constexpr int most_microseconds = 8'000;

} // namespace

observer::observer(const riemann::basic_transport& transport, const books& ours, std::uint64_t tick)
    : transport_{transport}, ours_{ours}, tick_{tick}
{
  wait();
  thread_ = std::thread{[this] { context_.run(); }};
}

void observer::stop()
{
  if (thread_.joinable()) {
    context_.stop();
    thread_.join();
    look();
  }
}

void observer::wait()
{
  std::uniform_int_distribution<int> pause{0, most_microseconds};
  timer_.expires_after(std::chrono::microseconds{pause(random_)});
  timer_.async_wait([this](const boost::system::error_code&) {
    look();
    wait();
  });
}

void observer::look()
{
  const auto before = ours_.ended();
  const auto theirs = transport_.statistics();
  const auto said = delivery::complaint(theirs, before, ours_.submitted());
  if (complaint_.empty()) {
    complaint_ = said;
  }
  ++snapshots_;
  memory_.sample();
  if (is_news(before, theirs.messages)) {
    tell(before, theirs.messages);
  }
}

bool observer::is_news(const counts& now, const riemann::tally& theirs) const
{
  if (now.of(riemann::outcome::acked) >= told_.of(riemann::outcome::acked) + tick_) {
    return true;
  }
  // What is owed to a server that is silent changes by little, and then no more.
  return now.errors != told_.errors || (now.outcomes == told_.outcomes && theirs != told_tally_);
}

void observer::tell(const counts& now, const riemann::tally& theirs)
{
  std::printf("{\"tick\": {\"submitted\": %llu, \"waiting\": %llu, \"queued\": %llu, "
              "\"in_flight\": %llu, %s}}\n",
              static_cast<unsigned long long>(theirs.submitted),
              static_cast<unsigned long long>(theirs.waiting),
              static_cast<unsigned long long>(theirs.queued),
              static_cast<unsigned long long>(theirs.in_flight), now.json().c_str());
  std::fflush(stdout);
  told_ = now;
  told_tally_ = theirs;
}

} // namespace delivery

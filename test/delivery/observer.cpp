#include "observer.hpp"

#include <chrono>
#include <cstdio>

namespace delivery {

namespace {

/// Between two looks, at most.
constexpr int most_microseconds = 8'000;

} // namespace

observer::observer(const subject& about, const books& ours, std::uint64_t tick)
    : subject_{about}, ours_{ours}, tick_{tick}
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
  const auto theirs = subject_.statistics();
  const auto said = delivery::complaint(theirs, before, ours_.submitted());
  if (complaint_.empty()) {
    complaint_ = said;
  }
  ++snapshots_;
  memory_.sample();
  if (is_news(before, theirs)) {
    tell(before, theirs);
  }
}

bool observer::is_news(const counts& now, const riemann::statistics& theirs) const
{
  if (now.of(riemann::outcome::acked) >= told_.of(riemann::outcome::acked) + tick_) {
    return true;
  }
  // What is owed to a server that is silent changes by little, and then no more.
  return now.errors != told_.errors ||
         theirs.connections_opened != told_theirs_.connections_opened ||
         theirs.connects_failed != told_theirs_.connects_failed ||
         (now.outcomes == told_.outcomes && theirs.messages != told_theirs_.messages);
}

void observer::tell(const counts& now, const riemann::statistics& theirs)
{
  std::printf("{\"tick\": {\"submitted\": %llu, \"waiting\": %llu, "
              "\"connections_opened\": %llu, \"connects_failed\": %llu, %s}}\n",
              static_cast<unsigned long long>(theirs.messages.submitted),
              static_cast<unsigned long long>(theirs.messages.waiting),
              static_cast<unsigned long long>(theirs.connections_opened),
              static_cast<unsigned long long>(theirs.connects_failed), now.json().c_str());
  std::fflush(stdout);
  told_ = now;
  told_theirs_ = theirs;
}

} // namespace delivery

#include "submitter.hpp"

namespace delivery {

submitter::submitter(const subject& to, books& ours, const arguments& a)
    : to_{to}, ours_{ours}, most_{a.outstanding}, words_(a.padding, 'x'), thread_{[this] { run(); }}
{}

void submitter::stop()
{
  {
    const std::lock_guard lock{mutex_};
    stopped_ = true;
    changed_.notify_one();
  }
  thread_.join();
}

void submitter::wait()
{
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [this] { return outstanding_ == 0; });
}

void submitter::run()
{
  while (wait_for_room()) {
    submit();
  }
}

void submitter::submit()
{
  const auto number = ours_.submit();
  riemann::event_literal numbered{.service = "load", .metric = number};
  if (!words_.empty()) {
    numbered.description = words_;
  }
  to_.send(numbered, [this, number](boost::system::error_code error) {
    ours_.end(number, error);
    give_room();
  });
}

bool submitter::wait_for_room()
{
  std::unique_lock lock{mutex_};
  changed_.wait(lock, [this] { return outstanding_ < most_ || stopped_; });
  outstanding_ += stopped_ ? 0 : 1;
  return !stopped_;
}

void submitter::give_room()
{
  const std::lock_guard lock{mutex_};
  // By the half of it: a thread is not woken for each message.
  if (--outstanding_ == most_ / 2 || outstanding_ == 0) {
    changed_.notify_one();
  }
}

} // namespace delivery

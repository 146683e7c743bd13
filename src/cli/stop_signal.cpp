#include "cli/stop_signal.hpp"

#include <boost/asio/connect_pipe.hpp>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <unistd.h>

namespace riemann::cli {

namespace {

constexpr std::array numbers{SIGINT, SIGTERM, SIGHUP};

/// What the handler writes to.
std::atomic<int> pipe_end{-1};
static_assert(std::atomic<int>::is_always_lock_free);

extern "C" void on_stop_signal(int number);

void set_back() noexcept
{
  for (const int number : numbers) {
    struct sigaction found = {};
    if (::sigaction(number, nullptr, &found) == 0 && found.sa_handler == &on_stop_signal) {
      found.sa_handler = SIG_DFL;
      ::sigaction(number, &found, nullptr);
    }
  }
}

/// Not by Asio's `signal_set`: its handlers run when the loop does, which may be long.
extern "C" void on_stop_signal(int number)
{
  const int error_before = errno;
  set_back();
  const char told = static_cast<char>(number);
  static_cast<void>(!::write(pipe_end, &told, 1));
  errno = error_before;
}

} // namespace

stop_signal::stop_signal(boost::asio::io_context& context) : news_{context}, handlers_end_{context}
{
  boost::asio::connect_pipe(news_, handlers_end_);
  pipe_end = handlers_end_.native_handle();
  for (const int number : numbers) {
    struct sigaction found = {};
    ::sigaction(number, nullptr, &found);
    if (number == SIGHUP && found.sa_handler == SIG_IGN) {
      continue;
    }
    struct sigaction ours = {};
    ours.sa_handler = &on_stop_signal;
    ::sigfillset(&ours.sa_mask);
    ::sigaction(number, &ours, nullptr);
  }
}

stop_signal::~stop_signal()
{
  set_back();
  pipe_end = -1;
}

exit_code stop_signal::code() const noexcept
{
  switch (number_.front()) {
  case SIGINT:
    return exit_code::interrupted;
  case SIGHUP:
    return exit_code::hung_up;
  default:
    return exit_code::terminated;
  }
}

} // namespace riemann::cli

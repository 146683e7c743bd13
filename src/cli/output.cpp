#include "cli/output.hpp"

#include "cli/failure.hpp"
#include "cli/text.hpp"

#include <boost/system/error_code.hpp>

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <string>
#include <unistd.h>
#include <utility>

namespace riemann::cli {

namespace {

bool status_is_shown = false; // one thread writes

/// Returns 0, or the error's number.
int write_all(int descriptor, std::string_view text)
{
  while (!text.empty()) {
    const auto written = ::write(descriptor, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      pollfd writable{.fd = descriptor, .events = POLLOUT, .revents = 0};
      ::poll(&writable, 1, -1);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

/// What wipes the status line away, if there is one.
std::string_view wipe()
{
  return std::exchange(status_is_shown, false) ? "\r\x1b[K" : "";
}

} // namespace

void print_line(std::string_view text)
{
  print(std::string{text} + "\n");
}

void print(std::string_view text)
{
  const int error = write_all(STDOUT_FILENO, text);
  if (error == EPIPE) {
    throw failure{exit_code::other, ""};
  }
  if (error != 0) {
    const boost::system::error_code code{error, boost::system::system_category()};
    throw failure{exit_code::other, "cannot write to standard output: " + code.message()};
  }
}

void complain_line(std::string_view sentence)
{
  // What is long in it is somebody's data; what to do about it comes last.
  constexpr std::size_t most = 4000; // bytes
  const std::string line = one_line(shortened(sentence, most));
  // There is nobody to tell of a failure here.
  write_all(STDERR_FILENO, std::string{wipe()} + "riemann-cli: " + line + "\n");
}

void show_status(std::string_view text)
{
  std::string line{wipe()};
  line.append(text);
  write_all(STDERR_FILENO, line);
  status_is_shown = !text.empty();
}

void prepare_standard_streams()
{
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) == -1 && errno == EBADF) {
      // Takes the lowest number free, which is this one; writes to it fail.
      ::open("/dev/null", O_RDONLY);
    }
  }
  std::signal(SIGPIPE, SIG_IGN);
}

} // namespace riemann::cli

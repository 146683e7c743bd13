#include "cli/terminal.hpp"

#include "cli/words.hpp"

#include <cstdlib>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

namespace riemann::cli {

namespace {

std::size_t from_environment(const char* name, std::size_t otherwise)
{
  const char* value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): nobody sets any
  const auto number = number_in<std::size_t>(value != nullptr ? value : "");
  return number && *number > 0 && *number < 10'000 ? *number : otherwise;
}

} // namespace

bool is_terminal(int descriptor)
{
  return ::isatty(descriptor) == 1;
}

bool is_screen(int descriptor)
{
  const char* kind = std::getenv("TERM"); // NOLINT(concurrency-mt-unsafe): as above
  return is_terminal(descriptor) && (kind == nullptr || std::string_view{kind} != "dumb");
}

bool takes_colour()
{
  const char* refused = std::getenv("NO_COLOR"); // NOLINT(concurrency-mt-unsafe): as above
  return is_screen(STDOUT_FILENO) && (refused == nullptr || *refused == '\0');
}

terminal_size size_of_terminal()
{
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 && size.ws_row > 0) {
    return {.columns = size.ws_col, .rows = size.ws_row};
  }
  return {.columns = from_environment("COLUMNS", 80), .rows = from_environment("LINES", 24)};
}

std::size_t table_width()
{
  return is_terminal(STDOUT_FILENO) ? size_of_terminal().columns : from_environment("COLUMNS", 0);
}

} // namespace riemann::cli

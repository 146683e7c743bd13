#include "cli/progress.hpp"

#include "cli/output.hpp"
#include "cli/terminal.hpp"

#include <chrono>
#include <unistd.h>
#include <utility>

namespace riemann::cli {

progress::progress(boost::asio::io_context& context, std::function<std::string()> text)
    : timer_{context}, text_{std::move(text)}, running_{is_screen(STDERR_FILENO)}
{
  if (running_) {
    show_later();
  }
}

progress::~progress()
{
  stop();
}

void progress::stop()
{
  if (std::exchange(running_, false)) {
    timer_.cancel();
    show_status({});
  }
}

void progress::show_later()
{
  timer_.expires_after(std::chrono::milliseconds{200});
  timer_.async_wait([this](boost::system::error_code error) {
    if (!error && running_) {
      show_status(text_());
      show_later();
    }
  });
}

std::string grouped(std::uint64_t number)
{
  std::string digits = std::to_string(number);
  for (std::size_t i = digits.size(); i > 3; i -= 3) {
    digits.insert(i - 3, ",");
  }
  return digits;
}

} // namespace riemann::cli

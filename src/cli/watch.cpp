#include "cli/watch.hpp"

#include "cli/answer.hpp"
#include "cli/display_width.hpp"
#include "cli/exchange.hpp"
#include "cli/failure.hpp"
#include "cli/output.hpp"
#include "cli/run_coroutine.hpp"
#include "cli/show_events.hpp"
#include "cli/stop_signal.hpp"
#include "cli/terminal.hpp"
#include "cli/text.hpp"

#include <boost/algorithm/string/replace.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace riemann::cli {

namespace {

std::string seconds_text(std::chrono::milliseconds d)
{
  std::string digits = fixed(std::chrono::duration<double>{d}.count(), 3);
  digits.erase(digits.find_last_not_of('0') + 1);
  return digits.ends_with('.') ? digits.substr(0, digits.size() - 1) : digits;
}

class watcher {
public:
  watcher(boost::asio::io_context& context, const query_settings& settings)
      : context_{context}, settings_{settings}, timer_{context}
  {}

  boost::asio::awaitable<exit_code> run()
  {
    auto next = std::chrono::steady_clock::now();
    for (;; ++rounds_) {
      co_await round();
      next = std::max(next + *settings_.watch, std::chrono::steady_clock::now());
      timer_.expires_at(next);
      co_await timer_.async_wait(quietly());
    }
  }

private:
  boost::asio::awaitable<void> round()
  {
    try {
      const response found = co_await async_exchange(context_, message::query(settings_.query),
                                                     "the query", settings_.server);
      show_events(events_of(found));
    } catch (const failure& wrong) {
      // Standard output's, too, ends it.
      if (rounds_ == 0 || wrong.code() == exit_code::other) {
        throw;
      }
      complain_line(wrong.what());
    }
  }

  void show_events(std::vector<event> events)
  {
    if (on_screen_) {
      print(screen(std::move(events)));
      return;
    }
    const std::string text = show(std::move(events), settings_.output);
    print_line((rounds_ > 0 ? "\n" : "") + text);
  }

  /// Written over what was there, so that nothing flickers.
  [[nodiscard]] std::string screen(std::vector<event> events) const
  {
    constexpr std::size_t title_rows = 2;
    const terminal_size size = size_of_terminal();
    const std::string title =
        clipped("every " + seconds_text(*settings_.watch) + " s: " + one_line(settings_.query),
                size.columns);
    const std::size_t rows = size.rows > title_rows + 3 ? size.rows - title_rows - 1 : 3;
    std::string text = title + "\n\n" + show(std::move(events), settings_.output, rows) + "\n";
    boost::algorithm::replace_all(text, "\n", "\x1b[K\n");
    return "\x1b[H" + text + "\x1b[J";
  }

  boost::asio::io_context& context_;
  const query_settings& settings_;
  boost::asio::steady_timer timer_;
  std::uint64_t rounds_ = 0;
  bool on_screen_ = is_screen(STDOUT_FILENO);
};

} // namespace

exit_code watch(const query_settings& settings)
{
  auto& context = lasting_context();
  stop_signal signal{context};
  signal.on_first([&] { context.stop(); });
  if (is_screen(STDOUT_FILENO)) {
    print("\x1b[2J");
  }
  watcher w{context, settings};
  return run_coroutine(context, w.run(), exit_code::acknowledged);
}

} // namespace riemann::cli

#ifndef RIEMANN_CLI_PROGRESS_HPP
#define RIEMANN_CLI_PROGRESS_HPP

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <string>

namespace riemann::cli {

/// A line on the terminal that standard error is, written anew a few times a second;
/// nothing if it is none, or a dumb one.
class progress {
public:
  /// `text` says what there is to say.
  progress(boost::asio::io_context& context, std::function<std::string()> text);
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;
  ~progress();

  void stop();

private:
  void show_later();

  boost::asio::steady_timer timer_;
  std::function<std::string()> text_;
  bool running_;
};

/// `1234567` as `1,234,567`.
std::string grouped(std::uint64_t number);

} // namespace riemann::cli

#endif

#ifndef RIEMANN_CLI_STOP_SIGNAL_HPP
#define RIEMANN_CLI_STOP_SIGNAL_HPP

#include "cli/exit_code.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/system/error_code.hpp>

#include <csignal>
#include <utility>

namespace riemann::cli {

/// SIGINT, SIGTERM and SIGHUP: the first has the program end what it is at, a second one ends
/// the program at once. SIGHUP stays ignored where it is, as `nohup` has it.
class stop_signal {
public:
  explicit stop_signal(boost::asio::io_context& context) : signals_{context, SIGINT, SIGTERM}
  {
    struct sigaction hangup = {};
    if (::sigaction(SIGHUP, nullptr, &hangup) == 0 && hangup.sa_handler != SIG_IGN) {
      signals_.add(SIGHUP);
    }
  }

  /// Has it called when the first comes.
  template <class Stop>
  void on_first(Stop stop)
  {
    signals_.async_wait(
        [this, stop = std::move(stop)](boost::system::error_code error, int number) {
          if (!error) {
            number_ = number;
            boost::system::error_code ignored;
            signals_.clear(ignored);
            stop();
          }
        });
  }

  [[nodiscard]] bool came() const noexcept { return number_ != 0; }
  /// Of a program that it has ended.
  [[nodiscard]] exit_code code() const noexcept
  {
    switch (number_) {
    case SIGINT:
      return exit_code::interrupted;
    case SIGHUP:
      return exit_code::hung_up;
    default:
      return exit_code::terminated;
    }
  }

private:
  boost::asio::signal_set signals_;
  int number_ = 0;
};

} // namespace riemann::cli

#endif

#ifndef RIEMANN_CLI_STOP_SIGNAL_HPP
#define RIEMANN_CLI_STOP_SIGNAL_HPP

#include "cli/exit_code.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/readable_pipe.hpp>
#include <boost/asio/writable_pipe.hpp>
#include <boost/system/error_code.hpp>

#include <array>
#include <cstddef>
#include <utility>

namespace riemann::cli {

/// SIGINT, SIGTERM and SIGHUP: the first has the program end what it is at, a second one ends
/// the program at once, whatever it is at. SIGHUP stays ignored where it is, as `nohup` has it.
/// There is one at a time.
class stop_signal {
public:
  explicit stop_signal(boost::asio::io_context& context);
  stop_signal(const stop_signal&) = delete;
  stop_signal& operator=(const stop_signal&) = delete;
  ~stop_signal();

  /// Has it called when the first comes.
  template <class Stop>
  void on_first(Stop stop)
  {
    news_.async_read_some(boost::asio::buffer(number_),
                          [stop = std::move(stop)](boost::system::error_code error, std::size_t) {
                            if (!error) {
                              stop();
                            }
                          });
  }

  [[nodiscard]] bool came() const noexcept { return number_.front() != 0; }
  /// Of a program that it has ended.
  [[nodiscard]] exit_code code() const noexcept;

private:
  boost::asio::readable_pipe news_;
  boost::asio::writable_pipe handlers_end_;
  std::array<char, 1> number_{};
};

} // namespace riemann::cli

#endif

#ifndef RIEMANN_CLI_BENCH_HPP
#define RIEMANN_CLI_BENCH_HPP

#include "cli/bench_connection.hpp"
#include "cli/bench_table.hpp"
#include "cli/exit_code.hpp"
#include "cli/settings.hpp"
#include "cli/stop_signal.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace riemann::cli {

/// The threads that a load runs on, each with a context of its own.
class bench_threads {
public:
  explicit bench_threads(std::size_t count);
  bench_threads(const bench_threads&) = delete;
  bench_threads& operator=(const bench_threads&) = delete;
  /// Stops them where they are.
  ~bench_threads();

  [[nodiscard]] boost::asio::io_context& of(std::size_t connection)
  {
    return *contexts_[connection % contexts_.size()];
  }
  void start();

private:
  std::vector<boost::asio::io_context*> contexts_{};
  std::vector<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_{};
  std::vector<std::jthread> threads_{};
};

/// Loads a server and tells how it fared. Its own functions run on the context's one thread.
class bench {
public:
  bench(boost::asio::io_context& context, const bench_settings& settings);

  boost::asio::awaitable<exit_code> run();

private:
  using clock = std::chrono::steady_clock;

  void add_connections();
  boost::asio::awaitable<void> connect();
  boost::asio::awaitable<void> disconnect();
  void stop_on_signal();
  void stop_in_time();
  void stop();
  void one_finished();
  boost::asio::awaitable<void> watch();
  void show(clock::duration since_last);
  [[nodiscard]] bench_figures figures() const;
  [[nodiscard]] exit_code verdict(const bench_figures& all) const;

  boost::asio::io_context& context_;
  const bench_settings& settings_;
  std::vector<std::unique_ptr<bench_connection>> connections_{};
  bench_threads threads_;               ///< behind the connections: they end first
  std::optional<stop_signal> signal_{}; ///< once there is something to end
  boost::asio::steady_timer second_;
  boost::asio::steady_timer end_;
  std::size_t running_ = 0;
  std::uint64_t shown_ = 0; ///< events delivered when they were shown last
  clock::time_point begin_{};
  clock::time_point last_{};
};

} // namespace riemann::cli

#endif

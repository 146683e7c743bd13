#ifndef RIEMANN_CLI_AGENT_HPP
#define RIEMANN_CLI_AGENT_HPP

#include "cli/answer.hpp"
#include "cli/exit_code.hpp"
#include "cli/failure.hpp"
#include "cli/sampler.hpp"
#include "cli/settings.hpp"

#include <riemann/any_transport.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <vector>

namespace riemann::cli {

/// Reports this machine's figures round by round; a round that fails does not
/// stop it. On one thread; it outlives the run of its context.
class agent {
public:
  agent(boost::asio::io_context& context, any_transport& transport, const agent_settings& settings);

  boost::asio::awaitable<exit_code> run();

private:
  void stop_on_signal();
  boost::asio::awaitable<void> wait_until(std::chrono::steady_clock::time_point time);
  boost::asio::awaitable<void> round();
  std::vector<event> next_events();
  void took(const answer& result);
  [[nodiscard]] bool goes_on() const;

  any_transport& transport_;
  const agent_settings& settings_;
  sampler sampler_{};
  sample last_sample_;
  boost::asio::steady_timer timer_;
  boost::asio::signal_set signals_;
  std::uint64_t rounds_ = 0;
  /// Failed since the last that was acknowledged.
  std::uint64_t failed_rounds_ = 0;
  exit_code last_failure_ = exit_code::acknowledged;
  bool stopping_ = false;
};

} // namespace riemann::cli

#endif

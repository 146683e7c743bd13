#ifndef RIEMANN_CLI_AGENT_HPP
#define RIEMANN_CLI_AGENT_HPP

#include "cli/exit_code.hpp"
#include "cli/sampler.hpp"
#include "cli/settings.hpp"
#include "cli/stop_signal.hpp"

#include <riemann/any_transport.hpp>
#include <riemann/reporter.hpp>
#include <riemann/statistics.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <vector>

namespace riemann::cli {

/// Has a reporter report this machine's figures round by round; a round that fails does
/// not stop it. On one thread; it outlives the run of its context.
class agent {
public:
  agent(boost::asio::io_context& context, any_transport& transport, const agent_settings& settings);

  boost::asio::awaitable<exit_code> run();

private:
  [[nodiscard]] reporter_options options();
  void stop();
  void add_figures(std::vector<event>& to);
  void round_ended(const report_result& result);
  void took(const report_result& result);
  void tell_summary(const tally& messages) const;
  [[nodiscard]] exit_code result(const tally& messages) const;
  [[nodiscard]] std::chrono::steady_clock::duration time_left() const;

  any_transport& transport_;
  const agent_settings& settings_;
  sampler sampler_{};
  sample last_sample_;
  reporter reporter_;
  boost::asio::steady_timer stopped_;
  stop_signal signal_;
  std::chrono::steady_clock::time_point deadline_{}; ///< of its end, once it is stopping
  std::uint64_t rounds_ = 0;
  /// Failed since the last that was acknowledged.
  std::uint64_t failed_rounds_ = 0;
  exit_code last_failure_ = exit_code::acknowledged;
  bool stopping_ = false;
};

} // namespace riemann::cli

#endif

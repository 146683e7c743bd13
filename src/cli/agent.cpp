#include "cli/agent.hpp"

#include "cli/commands.hpp"
#include "cli/explain.hpp"
#include "cli/json.hpp"
#include "cli/make_transport.hpp"
#include "cli/output.hpp"
#include "cli/report.hpp"
#include "cli/run_coroutine.hpp"
#include "cli/text.hpp"

#include <boost/asio/detached.hpp>

#include <algorithm>
#include <csignal>
#include <span>
#include <string>
#include <utility>

namespace riemann::cli {

namespace {

std::string last_line(const tally& messages)
{
  std::string line = "acked " + std::to_string(messages.acked) + " rejected " +
                     std::to_string(messages.rejected) + " unknown " +
                     std::to_string(messages.unknown) + " not_sent " +
                     std::to_string(messages.not_sent);
  // Over UDP alone.
  return messages.sent == 0 ? line : line + " sent " + std::to_string(messages.sent);
}

} // namespace

agent::agent(boost::asio::io_context& context, any_transport& transport,
             const agent_settings& settings)
    : transport_{transport},
      settings_{settings},
      last_sample_{sampler_.take()},
      timer_{context},
      signals_{context, SIGINT, SIGTERM}
{}

boost::asio::awaitable<exit_code> agent::run()
{
  stop_on_signal();
  auto next = last_sample_.taken + std::min(settings_.first_delay, settings_.interval);
  while (goes_on()) {
    co_await wait_until(next);
    if (stopping_) {
      break;
    }
    co_await round();
    // Rounds that a slow server made us miss are left out, not caught up with.
    next = std::max(next + settings_.interval, std::chrono::steady_clock::now());
  }
  co_await transport_.async_disconnect(settings_.server.timeout, quietly());
  const tally messages = transport_.statistics().messages;
  print_line(last_line(messages));
  co_return messages.acked + messages.sent > 0 ? exit_code::acknowledged : last_failure_;
}

bool agent::goes_on() const
{
  return !stopping_ && (settings_.count == 0 || rounds_ < settings_.count);
}

void agent::stop_on_signal()
{
  signals_.async_wait([this](boost::system::error_code error, int) {
    if (error) {
      return;
    }
    stopping_ = true;
    boost::system::error_code ignored;
    signals_.clear(ignored); // a second one ends the process at once
    timer_.cancel();
    // The answer to a round under way may come yet, but not for ever.
    transport_.async_disconnect(settings_.server.timeout, boost::asio::detached);
  });
}

boost::asio::awaitable<void> agent::wait_until(std::chrono::steady_clock::time_point time)
{
  timer_.expires_at(time);
  co_await timer_.async_wait(quietly());
}

boost::asio::awaitable<void> agent::round()
{
  ++rounds_;
  const std::vector<event> events = next_events();
  if (settings_.echo) {
    for (const event& e : events) {
      print_line(to_json(e));
    }
  }
  message m{std::span{events}};
  const send_options options{.deadline = settings_.server.message_deadline()};
  auto [error, content] = co_await transport_.async_send(std::move(m), options, quietly());
  took({error, std::move(content), transport_.statistics().last_failure});
}

std::vector<event> agent::next_events()
{
  report_settings how;
  how.host = settings_.event_host;
  how.tags = settings_.tags;
  how.ttl = ttl_duration{2 * settings_.interval};
  how.time = std::chrono::system_clock::now();
  sample now = sampler_.take();
  auto events = report(last_sample_, now, how);
  last_sample_ = std::move(now);
  return events;
}

/// Says that the server was lost once, and once that it is back.
void agent::took(const answer& result)
{
  if (result.error) {
    const failure why = explain(result, "the round", settings_.server);
    last_failure_ = why.code();
    if (++failed_rounds_ == 1) {
      complain_line(std::string{why.what()} + "; the agent goes on");
    }
  } else if (failed_rounds_ > 0) {
    complain_line(host_and_port(settings_.server.host, settings_.server.port) +
                  " answers again; rounds that failed: " + std::to_string(failed_rounds_));
    failed_rounds_ = 0;
  }
}

exit_code run(const agent_settings& settings)
{
  auto& context = lasting_context();
  any_transport transport = make_transport(context.get_executor(), settings.server);
  agent reporter{context, transport, settings};
  return run_coroutine(context, reporter.run());
}

} // namespace riemann::cli

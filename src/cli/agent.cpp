#include "cli/agent.hpp"

#include "cli/commands.hpp"
#include "cli/explain.hpp"
#include "cli/json.hpp"
#include "cli/make_transport.hpp"
#include "cli/outcomes_text.hpp"
#include "cli/output.hpp"
#include "cli/report.hpp"
#include "cli/run_coroutine.hpp"
#include "cli/text.hpp"

#include <boost/asio/detached.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace riemann::cli {

agent::agent(boost::asio::io_context& context, any_transport& transport,
             const agent_settings& settings)
    : transport_{transport},
      settings_{settings},
      last_sample_{sampler_.take()},
      reporter_{transport, options()},
      stopped_{context, boost::asio::steady_timer::time_point::max()},
      signal_{context}
{
  reporter_.add_source([this](std::vector<event>& to) { add_figures(to); });
}

reporter_options agent::options()
{
  reporter_options o;
  o.interval = settings_.interval;
  o.first_delay = std::min(settings_.first_delay, settings_.interval);
  o.deadline = settings_.server.message_deadline();
  o.last_report = false; // figures of a moment, which the last round has told
  o.host = settings_.event_host;
  o.tags = settings_.tags;
  o.on_report = [this](const report_result& result) { round_ended(result); };
  return o;
}

boost::asio::awaitable<exit_code> agent::run()
{
  signal_.on_first([this] { stop(); });
  reporter_.start();
  co_await stopped_.async_wait(quietly());
  // The answer to a round under way may come yet, but not for ever.
  co_await reporter_.async_stop(time_left(), quietly());
  co_await transport_.async_disconnect(time_left(), quietly());
  const tally messages = transport_.statistics().messages;
  tell_summary(messages);
  co_return result(messages);
}

/// What was shown is standard output's alone, so that it can be piped.
void agent::tell_summary(const tally& messages) const
{
  if (settings_.server.transport == transport_kind::none) {
    complain_line("shown " + std::to_string(messages.acked));
  } else {
    print_line(outcomes_text(messages));
  }
}

exit_code agent::result(const tally& messages) const
{
  if (messages.acked + messages.sent > 0) {
    return exit_code::acknowledged;
  }
  const bool was_stopped = last_failure_ == exit_code::acknowledged && signal_.came();
  return was_stopped ? signal_.code() : last_failure_;
}

void agent::stop()
{
  if (!stopping_) {
    stopping_ = true;
    deadline_ = std::chrono::steady_clock::now() + settings_.server.timeout;
    // At once, and not when the coroutine has its turn: there is to be no round more.
    reporter_.async_stop(time_left(), boost::asio::detached);
    stopped_.cancel();
  }
}

std::chrono::steady_clock::duration agent::time_left() const
{
  return std::max(deadline_ - std::chrono::steady_clock::now(),
                  std::chrono::steady_clock::duration::zero());
}

void agent::add_figures(std::vector<event>& to)
{
  sample now = sampler_.take();
  to = report(last_sample_, now, {std::chrono::system_clock::now(), settings_.limits});
  last_sample_ = std::move(now);
}

void agent::round_ended(const report_result& result)
{
  ++rounds_;
  if (settings_.echo) {
    for (const event& e : result.events) {
      print_line(to_json(e));
    }
  }
  took(result);
  if (settings_.count != 0 && rounds_ >= settings_.count) {
    stop();
  }
}

/// Says that the server was lost once, and once that it is back.
void agent::took(const report_result& result)
{
  if (result.error) {
    const failure why = explain({result.error, result.answer, transport_.statistics().last_failure},
                                "the round", settings_.server);
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
  agent reporting{context, transport, settings};
  return run_coroutine(context, reporting.run());
}

} // namespace riemann::cli

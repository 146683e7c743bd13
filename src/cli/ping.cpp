#include "cli/answer.hpp"
#include "cli/commands.hpp"
#include "cli/explain.hpp"
#include "cli/failure.hpp"
#include "cli/make_transport.hpp"
#include "cli/output.hpp"
#include "cli/run_coroutine.hpp"
#include "cli/stop_signal.hpp"
#include "cli/text.hpp"

#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace riemann::cli {

namespace {

using milliseconds = std::chrono::duration<double, std::milli>;

std::string text_of(milliseconds time)
{
  return fixed(time.count(), 3) + " ms";
}

class pinger {
public:
  pinger(boost::asio::io_context& context, const ping_settings& settings)
      : context_{context}, settings_{settings}, timer_{context}, signal_{context}
  {}

  boost::asio::awaitable<exit_code> run()
  {
    signal_.on_first([this] { timer_.cancel(); });
    while (!signal_.came()) {
      co_await ping();
      ++pings_;
      if (signal_.came() || pings_ == settings_.count) {
        break;
      }
      timer_.expires_after(settings_.interval);
      co_await timer_.async_wait(quietly());
    }
    if (settings_.count != 1) {
      print_line(summary());
    }
    co_return last_failure_;
  }

private:
  boost::asio::awaitable<void> ping()
  {
    try {
      const milliseconds time = co_await round_trip();
      ++answered_;
      least_ = std::min(least_, time);
      most_ = std::max(most_, time);
      sum_ += time;
      print_line("answer from " + host_and_port(settings_.server.host, settings_.server.port) +
                 " in " + text_of(time));
    } catch (const failure& wrong) {
      transport_.reset();
      if (*wrong.what() == '\0' || wrong.code() == exit_code::other) {
        throw;
      }
      last_failure_ = wrong.code();
      complain_line(wrong.what());
    }
  }

  boost::asio::awaitable<milliseconds> round_trip()
  {
    const server_settings& server = settings_.server;
    if (!transport_) {
      transport_.emplace(make_transport(context_.get_executor(), server));
      if (const auto [error] = co_await transport_->async_connect(quietly()); error) {
        throw explain_connect(error, server);
      }
    }
    const send_options options{.deadline = server.message_deadline()};
    const auto start = std::chrono::steady_clock::now();
    auto [error, content] = co_await transport_->async_send(message{}, options, quietly());
    if (error) {
      throw explain({error, std::move(content), transport_->statistics().last_failure}, "the ping",
                    server);
    }
    co_return std::chrono::steady_clock::now() - start;
  }

  [[nodiscard]] std::string summary() const
  {
    const std::string line =
        "pings " + std::to_string(pings_) + " answered " + std::to_string(answered_);
    return answered_ == 0
               ? line
               : line + " least " + text_of(least_) + " mean " +
                     text_of(sum_ / static_cast<double>(answered_)) + " most " + text_of(most_);
  }

  boost::asio::io_context& context_;
  const ping_settings& settings_;
  boost::asio::steady_timer timer_;
  stop_signal signal_;
  std::optional<any_transport> transport_{};
  std::uint64_t pings_ = 0;
  std::uint64_t answered_ = 0;
  milliseconds least_{milliseconds::max()};
  milliseconds most_{0};
  milliseconds sum_{0};
  exit_code last_failure_ = exit_code::acknowledged;
};

} // namespace

exit_code run(const ping_settings& settings)
{
  auto& context = lasting_context();
  pinger p{context, settings};
  return run_coroutine(context, p.run());
}

} // namespace riemann::cli

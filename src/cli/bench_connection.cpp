#include "cli/bench_connection.hpp"

#include "cli/make_transport.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace riemann::cli {

bench_connection::bench_connection(boost::asio::io_context& context, const bench_settings& settings,
                                   std::optional<std::uint64_t> share,
                                   std::function<void()> finished)
    : context_{context},
      settings_{settings},
      transport_{make_transport(context.get_executor(), settings.server)},
      finished_{std::move(finished)},
      share_{share}
{}

void bench_connection::start()
{
  boost::asio::post(context_, [this] { fill_window(); });
}

std::optional<answer> bench_connection::first_failure() const
{
  const std::scoped_lock lock{mutex_};
  return first_failure_;
}

void bench_connection::fill_window()
{
  while (outstanding_ < settings_.server.window && send_one()) {
  }
  if (outstanding_ == 0) {
    finished_();
  }
}

bool bench_connection::send_one()
{
  const std::uint64_t left = share_ ? *share_ - sent_ : settings_.batch;
  if (stopping_ || left == 0) {
    return false;
  }
  const auto events = std::min<std::uint64_t>(left, settings_.batch);
  ++outstanding_;
  transport_.async_send(next_message(events), {.deadline = settings_.server.message_deadline()},
                        [this](boost::system::error_code error, response content) {
                          ended(error, std::move(content));
                        });
  sent_ += events;
  return true;
}

/// Written anew each time, as a program's own events are.
message bench_connection::next_message(std::uint64_t events)
{
  message m;
  for (std::uint64_t i = 0; i != events; ++i) {
    m.append({.host = settings_.event_host,
              .service = "riemann-cli bench",
              .state = "ok",
              .metric = sent_ + i,
              .tags = {"bench"},
              .ttl = ttl_duration{60}});
  }
  return m;
}

void bench_connection::ended(boost::system::error_code error, response content)
{
  --outstanding_;
  if (error) {
    const std::scoped_lock lock{mutex_};
    if (!first_failure_) {
      first_failure_ = {error, std::move(content), transport_.statistics().last_failure};
    }
  }
  if (!send_one() && outstanding_ == 0) {
    finished_();
  }
}

} // namespace riemann::cli

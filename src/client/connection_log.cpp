#include "codec/option_checks.hpp"

#include <riemann/connection_log.hpp>

#include <boost/system/error_code.hpp>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace riemann::inline v0 {

namespace {

using time_point = std::chrono::steady_clock::time_point;

/// What is past already, since the clock is read late, is none.
std::string seconds_text(std::chrono::steady_clock::duration d)
{
  const auto left = std::max(d, std::chrono::steady_clock::duration::zero());
  const auto tenths = std::chrono::duration_cast<std::chrono::milliseconds>(left).count() / 100;
  return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10) + " s";
}

std::string why(const connection_change& change)
{
  return change.reason.empty() ? change.error.message() : change.reason;
}

} // namespace

const char* to_string(log_level l) noexcept
{
  switch (l) {
  case log_level::debug:
    return "debug";
  case log_level::info:
    return "info";
  case log_level::warning:
    return "warning";
  case log_level::error:
    return "error";
  }
  return "not a level";
}

void log_options::validate() const
{
  codec::check_duration("interval", interval);
  if (least < log_level::debug || least > log_level::error) {
    codec::refuse_option("least", std::to_string(static_cast<int>(least)), "one of log_level's");
  }
}

class RIEMANN_HIDDEN connection_log::writer {
public:
  writer(log_sink sink, log_options options, clock_source now)
      : sink_{std::move(sink)}, options_{options}, now_{std::move(now)}
  {}

  void note(const connection_change& change)
  {
    const std::scoped_lock lock{mutex_};
    const time_point due = std::exchange(
        next_try_, change.state == connection_state::backing_off ? change.until : now_());
    switch (change.state) {
    case connection_state::connecting:
      begin_anew_if_idle(due);
      return write(log_level::debug, "connecting to " + change.server);
    case connection_state::backing_off:
      return write(log_level::debug, "the next try is in " + seconds_text(change.until - now_()));
    case connection_state::closed:
      outage_.reset();
      return write(log_level::debug, "disconnected from " + change.server);
    case connection_state::open:
      return opened(change);
    case connection_state::failed:
      return went_wrong(change, why(change));
    case connection_state::lost:
      return went_wrong(change, "lost the connection to " + change.server + ": " + why(change));
    }
  }

private:
  struct outage {
    time_point since;
    std::uint64_t failures = 0;
  };

  void went_wrong(const connection_change& change, const std::string& what)
  {
    const time_point now = now_();
    if (!outage_) {
      outage_ = outage{now};
    }
    ++outage_->failures;
    if (!due(now)) {
      return write(log_level::debug, what);
    }
    const bool first = outage_->failures == 1;
    const bool lost = change.state == connection_state::lost;
    std::string line = what;
    if (!first) {
      line += " (no server for " + seconds_text(now - outage_->since) + ", " +
              std::to_string(outage_->failures) + " failures)";
    }
    write(lost || first ? log_level::warning : log_level::error, line + left_out());
    said_ = now;
    outage_said_ = true;
  }

  /// Nobody wanted a connection since then: it was no outage that a server was not tried.
  void begin_anew_if_idle(time_point due)
  {
    const time_point now = now_();
    if (outage_ && now - due >= options_.interval) {
      outage_ = outage{now};
    }
  }

  void opened(const connection_change& change)
  {
    const auto over = std::exchange(outage_, std::nullopt);
    const std::string line = "connected to " + change.server;
    if (!over) {
      return write(log_level::info, line);
    }
    if (!std::exchange(outage_said_, false)) {
      return write(log_level::debug, line); // an outage that nobody was told of
    }
    write(log_level::info, line + " again after " + seconds_text(now_() - over->since));
  }

  /// Lines of trouble come so often at most, whether or not it goes away in between.
  [[nodiscard]] bool due(time_point now)
  {
    if (said_ && now - *said_ < options_.interval) {
      ++left_out_;
      return false;
    }
    return true;
  }

  std::string left_out()
  {
    const auto n = std::exchange(left_out_, 0);
    return n == 0 ? "" : "; " + std::to_string(n) + " more since the last line";
  }

  void write(log_level level, const std::string& line) const
  {
    if (level >= options_.least) {
      sink_(level, line);
    }
  }

  std::mutex mutex_{};
  log_sink sink_;
  log_options options_;
  clock_source now_;
  std::optional<outage> outage_{};
  time_point next_try_{}; ///< when it is due, if a server is wanted
  std::optional<time_point> said_{};
  bool outage_said_ = false;
  std::uint64_t left_out_ = 0;
};

connection_log::connection_log(log_sink sink, log_options options, clock_source now)
{
  options.validate();
  if (!sink || !now) {
    throw std::invalid_argument{"riemann: a connection_log needs a sink and a clock"};
  }
  writer_ = std::make_shared<writer>(std::move(sink), options, std::move(now));
}

void connection_log::operator()(const connection_change& change) const
{
  writer_->note(change);
}

} // namespace riemann::inline v0

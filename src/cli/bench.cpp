#include "cli/bench.hpp"

#include "cli/commands.hpp"
#include "cli/explain.hpp"
#include "cli/output.hpp"
#include "cli/run_coroutine.hpp"
#include "cli/terminal.hpp"

#include <boost/asio/post.hpp>

#include <string>
#include <sys/resource.h>
#include <unistd.h>

namespace riemann::cli {

namespace {

/// Of all threads of this process, so far.
std::chrono::duration<double> cpu_time()
{
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto of = [](const timeval& t) {
    return std::chrono::duration<double>{static_cast<double>(t.tv_sec) +
                                         static_cast<double>(t.tv_usec) / 1e6};
  };
  return of(usage.ru_utime) + of(usage.ru_stime);
}

/// In place of what was shown before.
void show_in_place(const std::string& text)
{
  const std::string line = '\r' + text + "\x1b[K";
  // There is nobody to tell of a failure here.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

/// Never destroyed, as `lasting_context` is not, and for the same reason.
boost::asio::io_context* another_lasting_context()
{
  static auto* const all = new std::vector<boost::asio::io_context*>;
  all->push_back(new boost::asio::io_context{1});
  return all->back();
}

} // namespace

bench_threads::bench_threads(std::size_t count)
{
  for (std::size_t i = 0; i != count; ++i) {
    contexts_.push_back(another_lasting_context());
    work_.emplace_back(contexts_.back()->get_executor());
  }
}

bench_threads::~bench_threads()
{
  for (auto* const context : contexts_) {
    context->stop();
  }
}

void bench_threads::start()
{
  for (auto* const context : contexts_) {
    threads_.emplace_back([context] { context->run(); });
  }
}

bench::bench(boost::asio::io_context& context, const bench_settings& settings)
    : context_{context},
      settings_{settings},
      threads_{settings.threads},
      second_{context},
      end_{context}
{
  add_connections();
  threads_.start();
}

/// Of the events each has the same share; what is left over, one each of the first.
void bench::add_connections()
{
  const std::uint64_t share = settings_.events / settings_.connections;
  const std::uint64_t over = settings_.events % settings_.connections;
  for (std::size_t i = 0; i != settings_.connections; ++i) {
    std::optional<std::uint64_t> mine;
    if (settings_.events != 0) {
      mine = share + (i < over ? 1 : 0);
    }
    const auto finished = [this] { boost::asio::post(context_, [this] { one_finished(); }); };
    connections_.push_back(
        std::make_unique<bench_connection>(threads_.of(i), settings_, mine, finished));
  }
}

boost::asio::awaitable<exit_code> bench::run()
{
  co_await connect();
  stop_on_signal();
  const auto cpu_before = cpu_time();
  begin_ = last_ = clock::now();
  running_ = connections_.size();
  for (const auto& connection : connections_) {
    connection->start();
  }
  stop_in_time();
  co_await watch();
  const auto time = last_ - begin_;
  const auto cpu = cpu_time() - cpu_before;
  co_await disconnect();
  const bench_figures all = figures();
  print_line(bench_table(settings_, all, time, cpu));
  co_return verdict(all);
}

boost::asio::awaitable<void> bench::connect()
{
  for (const auto& connection : connections_) {
    if (const auto [error] = co_await connection->transport().async_connect(quietly()); error) {
      throw explain_connect(error, settings_.server);
    }
  }
}

boost::asio::awaitable<void> bench::disconnect()
{
  for (const auto& connection : connections_) {
    co_await connection->transport().async_disconnect(settings_.server.timeout, quietly());
  }
}

/// (Apart: within the coroutine gcc 12 sees a `delete` that does not match.)
void bench::stop_on_signal()
{
  signal_.emplace(context_);
  signal_->on_first([this] { stop(); });
}

void bench::stop_in_time()
{
  if (settings_.time.count() > 0) {
    end_.expires_at(begin_ + settings_.time);
    end_.async_wait([this](boost::system::error_code error) {
      if (!error) {
        stop();
      }
    });
  }
}

void bench::stop()
{
  for (const auto& connection : connections_) {
    connection->stop();
  }
}

void bench::one_finished()
{
  last_ = clock::now();
  if (--running_ == 0) {
    second_.cancel();
    end_.cancel();
  }
}

/// Until all have finished.
boost::asio::awaitable<void> bench::watch()
{
  using namespace std::chrono_literals;
  const bool watched = is_screen(STDERR_FILENO);
  for (auto next = begin_ + 1s; running_ != 0; next += 1s) {
    second_.expires_at(watched ? next : clock::time_point::max());
    co_await second_.async_wait(quietly());
    if (watched && running_ != 0) {
      show(1s);
    }
  }
  if (watched) {
    show_in_place("");
  }
}

void bench::show(clock::duration since_last)
{
  const bench_figures so_far = figures();
  show_in_place(bench_progress(settings_, so_far, so_far.delivered() - shown_, since_last));
  shown_ = so_far.delivered();
}

bench_figures bench::figures() const
{
  bench_figures all;
  for (const auto& connection : connections_) {
    all += connection->transport().statistics();
  }
  return all;
}

exit_code bench::verdict(const bench_figures& all) const
{
  for (const auto& connection : connections_) {
    if (const auto failed = connection->first_failure()) {
      const failure why = explain(*failed, "a message", settings_.server);
      complain_line(std::to_string(all.events.submitted - all.delivered()) + " of " +
                    std::to_string(all.events.submitted) + " events failed: " + why.what());
      return why.code();
    }
  }
  return exit_code::acknowledged;
}

exit_code run(const bench_settings& settings)
{
  auto& context = lasting_context();
  bench loading{context, settings};
  return run_coroutine(context, loading.run());
}

} // namespace riemann::cli

#include "client/sync_engine.hpp"

#include <riemann/error.hpp>

#include <boost/asio/error.hpp>

#include <csignal>
#include <pthread.h>
#include <utility>

namespace riemann::inline v0::clients {

namespace {

using boost::system::error_code;
using clock = std::chrono::steady_clock;

/// A thread that is started meanwhile handles none of the program's signals.
class signals_blocked {
public:
  signals_blocked()
  {
    ::sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_BLOCK, &all, &before_);
  }
  signals_blocked(const signals_blocked&) = delete;
  signals_blocked& operator=(const signals_blocked&) = delete;
  ~signals_blocked() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

private:
  ::sigset_t before_{};
};

clock::time_point deadline_in(clock::duration d) noexcept
{
  const auto now = clock::now();
  return d > clock::time_point::max() - now ? clock::time_point::max() : now + d;
}

send_result failed(errc code, const char* text)
{
  return failure{code, response::failure(text)};
}

constexpr const char* forked = "made before a fork(): its thread is not in this process";

} // namespace

void sync_engine::start()
{
  const signals_blocked meanwhile;
  thread_ = std::thread{[this] { run(); }};
}

void sync_engine::run() noexcept
{
  while (!context_.stopped()) {
    try {
      context_.run();
      // NOLINTNEXTLINE(bugprone-empty-catch): no memory: the call ends with its handler
    } catch (...) {
    }
  }
}

sync_engine::~sync_engine()
{
  if (!thread_.joinable()) {
    return;
  }
  try {
    static_cast<void>(disconnect(options_.drain_timeout));
  } catch (...) { // NOLINT(bugprone-empty-catch): no memory; what is owed is given up
  }
  context_.stop();
  thread_.join();
}

send_result sync_engine::send(message m, send_options options)
{
  using call_type = blocking_call<send_result>;
  if (!is_here()) {
    return failed(errc::cancelled, forked);
  }
  if (!options.deadline) {
    options.deadline = options_.call_timeout;
  }
  call_type call;
  transport_.async_send(
      std::move(m), options,
      as_result(call_type::ender{call, failed(errc::abandoned, "the client was destroyed")}));
  return call.wait();
}

error_code sync_engine::connect(duration deadline)
{
  if (!is_here()) {
    return errc::cancelled;
  }
  const auto due = deadline_in(deadline);
  auto& to = transport_.implementation();
  const auto id = to.new_operation_id();
  connect_call connecting;
  to.connect({connect_call::ender{connecting, boost::asio::error::operation_aborted},
              transport_.get_executor()},
             id);
  if (connecting.wait_until(due)) {
    return connecting.wait();
  }
  give_up(id, connecting);
  const auto error = connecting.wait();
  return error == boost::asio::error::operation_aborted ? errc::connect_timeout : error;
}

/// Without memory it cannot be told; but the caller cannot leave, either. Once there is some,
/// or when the connect has ended by itself.
void sync_engine::give_up(detail::operation_id id, connect_call& connecting) noexcept
{
  do {
    try {
      return transport_.implementation().cancel_operation(id, true);
    } catch (...) { // NOLINT(bugprone-empty-catch): said above
    }
  } while (!connecting.wait_until(deadline_in(std::chrono::milliseconds{1})));
}

error_code sync_engine::disconnect(duration deadline)
{
  if (!is_here()) {
    return errc::cancelled;
  }
  blocking_call<error_code> call;
  transport_.async_disconnect(
      deadline, blocking_call<error_code>::ender{call, boost::asio::error::operation_aborted});
  return call.wait();
}

riemann::statistics sync_engine::statistics() const
{
  return is_here() ? transport_.statistics() : riemann::statistics{};
}

void sync_engine::cancel()
{
  if (is_here()) {
    transport_.cancel();
  }
}

} // namespace riemann::inline v0::clients

#include "cli/run_coroutine.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>
#include <utility>

namespace riemann::cli {

boost::asio::io_context& lasting_context()
{
  static auto* const context = new boost::asio::io_context{1}; // never destroyed, on purpose
  return *context;
}

exit_code run_coroutine(boost::asio::io_context& context,
                        boost::asio::awaitable<exit_code> coroutine, exit_code if_stopped)
{
  exit_code result = if_stopped;
  std::exception_ptr thrown;
  const auto keep = [&](std::exception_ptr exception, exit_code code) {
    thrown = std::move(exception);
    result = code;
    // An open connection or a signal waited for is work of the context's.
    context.stop();
  };
  boost::asio::co_spawn(context, std::move(coroutine), keep);
  context.run();
  if (thrown) {
    std::rethrow_exception(thrown);
  }
  return result;
}

} // namespace riemann::cli

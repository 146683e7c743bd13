#include "cli/answer.hpp"
#include "cli/commands.hpp"
#include "cli/explain.hpp"
#include "cli/line_sender.hpp"
#include "cli/make_transport.hpp"
#include "cli/run_coroutine.hpp"

#include <memory>

namespace riemann::cli {

namespace {

boost::asio::awaitable<exit_code> send_lines(boost::asio::io_context& context,
                                             any_transport& transport,
                                             std::unique_ptr<line_sender>& sender,
                                             const stream_settings& settings)
{
  if (const auto [error] = co_await transport.async_connect(quietly()); error) {
    throw explain_connect(error, settings.server);
  }
  sender = std::make_unique<line_sender>(context, transport, settings);
  co_return co_await sender->run();
}

} // namespace

exit_code run(const stream_settings& settings)
{
  auto& context = lasting_context();
  any_transport transport = make_transport(context.get_executor(), settings.server);
  std::unique_ptr<line_sender> sender;
  return run_coroutine(context, send_lines(context, transport, sender, settings));
}

} // namespace riemann::cli

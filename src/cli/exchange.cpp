#include "cli/exchange.hpp"

#include "cli/explain.hpp"
#include "cli/run_coroutine.hpp"
#include "cli/server_link.hpp"

#include <utility>

namespace riemann::cli {

namespace {

boost::asio::awaitable<exit_code> exchange_over(server_link& link, message m, std::string_view what,
                                                const server_settings& server, response& content)
{
  if (const auto error = co_await link.connect()) {
    throw explain_connect(error, server);
  }
  answer result = co_await link.send(std::move(m), server.message_deadline());
  if (result.error) {
    throw explain(result, what, server);
  }
  co_await link.disconnect(server.timeout);
  content = std::move(result.content);
  co_return exit_code::acknowledged;
}

} // namespace

response exchange(message m, std::string_view what, const server_settings& server)
{
  boost::asio::io_context context{1};
  const auto link = make_link(context.get_executor(), server);
  response content;
  run_coroutine(context, exchange_over(*link, std::move(m), what, server, content));
  return content;
}

} // namespace riemann::cli

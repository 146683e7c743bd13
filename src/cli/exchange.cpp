#include "cli/exchange.hpp"

#include "cli/explain.hpp"
#include "cli/make_transport.hpp"
#include "cli/run_coroutine.hpp"

#include <utility>

namespace riemann::cli {

boost::asio::awaitable<response> async_exchange(boost::asio::io_context& context, message m,
                                                std::string_view what,
                                                const server_settings& server)
{
  any_transport transport = make_transport(context.get_executor(), server);
  if (const auto [error] = co_await transport.async_connect(quietly()); error) {
    throw explain_connect(error, server);
  }
  const send_options options{.deadline = server.message_deadline()};
  auto [error, answered] = co_await transport.async_send(std::move(m), options, quietly());
  if (error) {
    throw explain({error, std::move(answered), transport.statistics().last_failure}, what, server);
  }
  co_await transport.async_disconnect(server.timeout, quietly());
  co_return std::move(answered);
}

namespace {

boost::asio::awaitable<exit_code> keep_answer(boost::asio::io_context& context, message m,
                                              std::string_view what, const server_settings& server,
                                              response& content)
{
  content = co_await async_exchange(context, std::move(m), what, server);
  co_return exit_code::acknowledged;
}

} // namespace

response exchange(message m, std::string_view what, const server_settings& server)
{
  auto& context = lasting_context();
  response content;
  run_coroutine(context, keep_answer(context, std::move(m), what, server, content));
  return content;
}

} // namespace riemann::cli

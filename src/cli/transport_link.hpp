#ifndef RIEMANN_CLI_TRANSPORT_LINK_HPP
#define RIEMANN_CLI_TRANSPORT_LINK_HPP

#include "cli/server_link.hpp"

#include <riemann/options.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>

#include <tuple>
#include <utility>

namespace riemann::cli {

/// A link over one of the library's transports.
template <class Transport>
class transport_link final : public server_link {
public:
  template <class Options>
  transport_link(const boost::asio::any_io_executor& executor, Options options)
      : transport_{executor, std::move(options)}
  {}

  boost::asio::awaitable<boost::system::error_code> connect() override
  {
    auto [error] = co_await transport_.async_connect(token());
    co_return error;
  }

  boost::asio::awaitable<answer> send(message m,
                                      std::chrono::steady_clock::duration deadline) override
  {
    send_options options;
    options.deadline = deadline;
    auto [error, content] =
        co_await transport_.async_send(std::move(m), std::move(options), token());
    co_return answer{error, std::move(content)};
  }

  boost::asio::awaitable<boost::system::error_code>
  disconnect(std::chrono::steady_clock::duration deadline) override
  {
    auto [error] = co_await transport_.async_disconnect(deadline, token());
    co_return error;
  }

  [[nodiscard]] tally messages() const override { return transport_.statistics().messages; }

private:
  static auto token() { return boost::asio::as_tuple(boost::asio::deferred); }

  Transport transport_;
};

} // namespace riemann::cli

#endif

#ifndef RIEMANN_CLI_SERVER_LINK_HPP
#define RIEMANN_CLI_SERVER_LINK_HPP

#include "cli/settings.hpp"

#include <riemann/message.hpp>
#include <riemann/response.hpp>
#include <riemann/statistics.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <memory>

namespace riemann::cli {

/// How a message ended: an error, if any, and what came back.
struct answer {
  boost::system::error_code error{};
  response content{};
};

/// What the commands need of a transport, whichever it is. Errors are returned,
/// not thrown.
class server_link {
public:
  server_link() = default;
  server_link(const server_link&) = delete;
  server_link& operator=(const server_link&) = delete;
  virtual ~server_link() = default;

  virtual boost::asio::awaitable<boost::system::error_code> connect() = 0;
  virtual boost::asio::awaitable<answer> send(message m,
                                              std::chrono::steady_clock::duration deadline) = 0;
  virtual boost::asio::awaitable<boost::system::error_code>
  disconnect(std::chrono::steady_clock::duration deadline) = 0;
  [[nodiscard]] virtual tally messages() const = 0;
};

/// The link that the settings ask for.
std::unique_ptr<server_link> make_link(const boost::asio::any_io_executor& executor,
                                       const server_settings& settings);

} // namespace riemann::cli

#endif

#ifndef RIEMANN_CLI_ANSWER_HPP
#define RIEMANN_CLI_ANSWER_HPP

#include <riemann/response.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/system/error_code.hpp>

namespace riemann::cli {

/// How a message ended: an error, if any, and what came back.
struct answer {
  boost::system::error_code error{};
  response content{};
  /// What the connection came to grief by, if it did.
  boost::system::error_code cause{};
};

/// Awaits an operation without throwing.
inline auto quietly()
{
  return boost::asio::as_tuple(boost::asio::deferred);
}

} // namespace riemann::cli

#endif

#ifndef RIEMANN_AS_RESULT_HPP
#define RIEMANN_AS_RESULT_HPP

#include <riemann/detail/token_adapter.hpp>
#include <riemann/failure.hpp>
#include <riemann/response.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

#include <type_traits>
#include <utility>

namespace riemann::inline v0 {

/// What a send came to: the answer, or the failure with its text. `.value()`
/// throws the failure (`server_error` for a rejection, `what()` its text).
using send_result = boost::system::result<response, failure>;

namespace detail {

struct result_adapter {
  using signature = void(send_result);

  template <class Handler>
  static void complete(Handler&& handler, boost::system::error_code error, response answer)
  {
    if (error) {
      std::forward<Handler>(handler)(send_result{failure{error, std::move(answer)}});
    } else {
      std::forward<Handler>(handler)(send_result{std::move(answer)});
    }
  }
};

} // namespace detail

/// The token made by `as_result()`.
template <class Token>
struct as_result_t {
  /// What the operation completes with in the end.
  Token token;
};

/**
 * A completion token for sends and queries that completes with one `send_result`
 * whatever the outcome is, by way of `token`:
 *
 *     auto result = co_await client.async_query(text, as_result());
 *     for (event_view e : result.value().events()) ...
 *
 * The handler's executor, allocator and cancellation slot are those of `token`.
 */
template <class Token = boost::asio::deferred_t>
[[nodiscard]] as_result_t<std::decay_t<Token>> as_result(Token&& token = {})
{
  return {std::forward<Token>(token)};
}

} // namespace riemann::inline v0

template <class Token>
struct boost::asio::async_result<riemann::as_result_t<Token>,
                                 void(boost::system::error_code, riemann::response)>
    : riemann::detail::adapted_result<riemann::detail::result_adapter, Token> {};

#endif

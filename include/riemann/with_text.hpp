#ifndef RIEMANN_WITH_TEXT_HPP
#define RIEMANN_WITH_TEXT_HPP

#include <riemann/detail/token_adapter.hpp>
#include <riemann/failure.hpp>
#include <riemann/response.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/system/error_code.hpp>

#include <exception>
#include <type_traits>
#include <utility>

namespace riemann::inline v0 {

namespace detail {

struct text_adapter {
  using signature = void(std::exception_ptr, response);

  template <class Handler>
  static void complete(Handler&& handler, boost::system::error_code error, response answer)
  {
    if (error) {
      auto exception = to_exception(failure{error, std::move(answer)});
      std::forward<Handler>(handler)(std::move(exception), response{});
    } else {
      std::forward<Handler>(handler)(std::exception_ptr{}, std::move(answer));
    }
  }
};

} // namespace detail

/// The token made by `with_text()`.
template <class Token>
struct with_text_t {
  /// What the operation completes with in the end.
  Token token;
};

/**
 * A completion token for sends and queries whose exception says why: by way of a
 * `token` that throws (`use_future`, `use_awaitable`), `server_error` for a
 * rejection and `boost::system::system_error` for anything else, with the text in
 * `what()`:
 *
 *     co_await client.async_send(event, with_text(asio::use_awaitable));
 *
 * A callback is given `(std::exception_ptr, response)`. `deferred` and
 * `yield_context` take no exceptions (Boost 1.81), which is a compile-time error: use
 * `as_result(token)` and its `.value()` there.
 */
template <class Token>
[[nodiscard]] with_text_t<std::decay_t<Token>> with_text(Token&& token)
{
  return {std::forward<Token>(token)};
}

} // namespace riemann::inline v0

namespace boost::asio {

template <typename Executor>
class basic_yield_context;

}

namespace riemann::inline v0::detail {

template <class Token>
inline constexpr bool takes_exceptions = true;
template <>
inline constexpr bool takes_exceptions<boost::asio::deferred_t> = false;
template <class Executor>
inline constexpr bool takes_exceptions<boost::asio::basic_yield_context<Executor>> = false;

template <class Token>
struct text_result : adapted_result<text_adapter, Token> {
  static_assert(takes_exceptions<Token>,
                "riemann::with_text is for tokens that throw what they are given (use_future, "
                "use_awaitable): for deferred and yield use riemann::as_result and .value()");
};

} // namespace riemann::inline v0::detail

template <class Token>
struct boost::asio::async_result<riemann::with_text_t<Token>,
                                 void(boost::system::error_code, riemann::response)>
    : riemann::detail::text_result<Token> {};

#endif

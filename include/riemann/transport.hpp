#ifndef RIEMANN_TRANSPORT_HPP
#define RIEMANN_TRANSPORT_HPP

#include <riemann/message.hpp>
#include <riemann/options.hpp>
#include <riemann/response.hpp>
#include <riemann/statistics.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <concepts>
#include <utility>

namespace riemann::inline v0 {

namespace detail {

/// Handlers that stand for any token when a type is asked what it can do.
struct done_probe {
  void operator()(boost::system::error_code) const {}
};
struct send_probe {
  void operator()(boost::system::error_code, const response&) const {}
};

template <class T>
concept has_executor = requires(const T& t) {
  typename T::executor_type;
  {
    t.get_executor()
  } -> std::convertible_to<boost::asio::any_io_executor>;
};

template <class T>
concept says_whether_it_answers_queries = requires {
  {
    T::answers_queries
  } -> std::convertible_to<bool>;
};

template <class T>
concept connects = requires(T& t) { t.async_connect(done_probe{}); };

template <class T>
concept sends = requires(T& t, message m, send_options options) {
  t.async_send(std::move(m), send_probe{});
  t.async_send(std::move(m), options, send_probe{});
};

template <class T>
concept disconnects = requires(T& t, std::chrono::steady_clock::duration deadline) {
  t.async_disconnect(deadline, done_probe{});
};

template <class T>
concept cancels = requires(T& t) { t.cancel(); };

template <class T>
concept keeps_books = requires(const T& t) {
  {
    t.statistics()
  } -> std::same_as<statistics>;
};

} // namespace detail

/**
 * What a client needs of a transport. A type of yours is one when each part
 * compiles for it; what is expected of each function, `basic_transport` says.
 *
 * `answers_queries`, a constant, says whether its answers carry events.
 */
template <class T>
concept transport =
    detail::has_executor<T> && detail::says_whether_it_answers_queries<T> && detail::connects<T> &&
    detail::sends<T> && detail::disconnects<T> && detail::cancels<T> && detail::keeps_books<T>;

/// A transport whose answers carry events.
template <class T>
concept query_transport = transport<T> && bool{T::answers_queries};

} // namespace riemann::inline v0

#endif

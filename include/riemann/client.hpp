#ifndef RIEMANN_CLIENT_HPP
#define RIEMANN_CLIENT_HPP

#include <riemann/detail/compiler.hpp>
#include <riemann/event.hpp>
#include <riemann/event_literal.hpp>
#include <riemann/message.hpp>
#include <riemann/options.hpp>
#include <riemann/response.hpp>
#include <riemann/transport.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/system/error_code.hpp>

#include <concepts>
#include <string_view>
#include <type_traits>
#include <utility>

namespace riemann::inline v0 {

/**
 * What applications hold: events and queries over a transport. A client of a
 * transport (`client{transport}`) refers to it; a client of a moved one
 * (`client{std::move(transport)}`) owns it. It adds no state: everything said of
 * the transport's threads and lifetime holds for it.
 */
template <class Transport>
class client {
public:
  /// What it sends over.
  using transport_type = std::remove_reference_t<Transport>;
  static_assert(riemann::transport<transport_type>,
                "riemann::client needs a transport: one of the library's, or a type that has "
                "every part of the concept in <riemann/transport.hpp>");
  /// The transport's.
  using executor_type = typename transport_type::executor_type;

  /// Refers to the transport, or owns it when it is moved in.
  explicit client(Transport&& transport) noexcept(
      std::is_nothrow_constructible_v<Transport, Transport&&>)
      : transport_{std::forward<Transport>(transport)}
  {}

  /// The transport's.
  [[nodiscard]] executor_type get_executor() const noexcept { return transport_.get_executor(); }
  /// For what belongs to the connection: connecting, disconnecting, the books.
  [[nodiscard]] transport_type& transport() noexcept { return transport_; }
  /// The same, to look at.
  [[nodiscard]] const transport_type& transport() const noexcept { return transport_; }

  /**
   * Sends one event, written down in the call: `{.service = "x", .metric = 1}`. It
   * is encoded before this returns.
   *
   * Completes when, Handler signature, Outcomes and errors, Cancellation,
   * Threads, Lifetime: as the transport's `async_send`.
   */
  template <boost::asio::completion_token_for<void(boost::system::error_code, response)> Token =
                boost::asio::deferred_t>
  auto async_send(const event_literal& e, Token&& token = {})
  {
    return transport_.async_send(message{e}, std::forward<Token>(token));
  }

  /**
   * Sends one event, written down in the call, with options of its own.
   *
   * Completes when, Handler signature, Outcomes and errors, Cancellation,
   * Threads, Lifetime: as the transport's `async_send`.
   */
  template <boost::asio::completion_token_for<void(boost::system::error_code, response)> Token =
                boost::asio::deferred_t>
  auto async_send(const event_literal& e, send_options options, Token&& token = {})
  {
    return transport_.async_send(message{e}, std::move(options), std::forward<Token>(token));
  }

  /**
   * Sends one event that is kept elsewhere. It is encoded before this returns.
   *
   * Completes when, Handler signature, Outcomes and errors, Cancellation,
   * Threads, Lifetime: as the transport's `async_send`.
   */
  template <std::same_as<event> Event,
            boost::asio::completion_token_for<void(boost::system::error_code, response)> Token =
                boost::asio::deferred_t>
  auto async_send(const Event& e, Token&& token = {})
  {
    return transport_.async_send(message{e}, std::forward<Token>(token));
  }

  /**
   * Sends one event that is kept elsewhere, with options of its own.
   *
   * Completes when, Handler signature, Outcomes and errors, Cancellation,
   * Threads, Lifetime: as the transport's `async_send`.
   */
  template <std::same_as<event> Event,
            boost::asio::completion_token_for<void(boost::system::error_code, response)> Token =
                boost::asio::deferred_t>
  auto async_send(const Event& e, send_options options, Token&& token = {})
  {
    return transport_.async_send(message{e}, std::move(options), std::forward<Token>(token));
  }

#if RIEMANN_REFUSES_TEMPORARY_EVENTS
  /// Name the event, or write its fields in the call: see `event_literal`.
  template <std::same_as<event> Event, class... Rest>
  void async_send(Event&&, Rest&&...) = delete;
#endif

  /**
   * Sends a message: several events (`{first, second}`; one answer covers them
   * all), or whatever else a `message` is made of. `async_send({})` does not
   * compile: it says nothing.
   *
   * Completes when, Handler signature, Outcomes and errors, Cancellation,
   * Threads, Lifetime: as the transport's `async_send`.
   */
  template <boost::asio::completion_token_for<void(boost::system::error_code, response)> Token =
                boost::asio::deferred_t>
  auto async_send(message m, Token&& token = {})
  {
    return transport_.async_send(std::move(m), std::forward<Token>(token));
  }

  /**
   * Sends a message, with options of its own.
   *
   * Completes when, Handler signature, Outcomes and errors, Cancellation,
   * Threads, Lifetime: as the transport's `async_send`.
   */
  template <boost::asio::completion_token_for<void(boost::system::error_code, response)> Token =
                boost::asio::deferred_t>
  auto async_send(message m, send_options options, Token&& token = {})
  {
    return transport_.async_send(std::move(m), std::move(options), std::forward<Token>(token));
  }

  /**
   * Asks the server's index. The response's `events()` are what matched, in no
   * particular order. Only over a transport that brings answers.
   *
   * Completes when, Handler signature, Outcomes and errors, Cancellation,
   * Threads, Lifetime: as the transport's `async_send`; a malformed query is
   * `errc::rejected`, with the server's text in the response.
   */
  template <boost::asio::completion_token_for<void(boost::system::error_code, response)> Token =
                boost::asio::deferred_t>
  auto async_query(std::string_view query, Token&& token = {})
    requires(transport_type::answers_queries)
  {
    return transport_.async_send(message::query(query), std::forward<Token>(token));
  }

  /**
   * Asks the server's index, with options of its own.
   *
   * Completes when, Handler signature, Outcomes and errors, Cancellation,
   * Threads, Lifetime: as `async_query` above.
   */
  template <boost::asio::completion_token_for<void(boost::system::error_code, response)> Token =
                boost::asio::deferred_t>
  auto async_query(std::string_view query, send_options options, Token&& token = {})
    requires(transport_type::answers_queries)
  {
    return transport_.async_send(message::query(query), std::move(options),
                                 std::forward<Token>(token));
  }

private:
  Transport transport_;
};

/// A client of a transport that lives elsewhere refers to it.
template <class Transport>
client(Transport&) -> client<Transport&>;
/// A client of a transport that is moved in owns it.
template <class Transport>
client(Transport&&) -> client<Transport>;

} // namespace riemann::inline v0

#endif

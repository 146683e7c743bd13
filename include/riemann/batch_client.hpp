#ifndef RIEMANN_BATCH_CLIENT_HPP
#define RIEMANN_BATCH_CLIENT_HPP

#include <riemann/any_transport.hpp>
#include <riemann/basic_transport.hpp>
#include <riemann/batch_options.hpp>
#include <riemann/detail/batch_implementation.hpp>
#include <riemann/detail/compiler.hpp>
#include <riemann/detail/export.hpp>
#include <riemann/event.hpp>
#include <riemann/event_literal.hpp>
#include <riemann/message.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>

#include <chrono>
#include <concepts>
#include <memory>
#include <optional>
#include <utility>

namespace riemann::inline v0 {

/**
 * Sends single events in batches over a transport: at once when none of its batches is
 * outstanding; while one is, events are gathered, so that a batch grows with the load.
 * A batch is one message: one answer, one rejection, one unknown covers all its events.
 *
 * Events go in the order of the calls, whichever way they are handed over. But a batch that
 * the transport finds too long goes again in halves, perhaps behind the one after it.
 *
 * Threads: every member function may be called from several threads at once, but for
 * the destructor and moves.
 *
 * Lifetime: it refers to the transport, or owns one that is moved in, and either may be
 * destroyed first. Its own destruction ends what is waited for (gathered:
 * `errc::cancelled`; handed over: `errc::abandoned`; flushes and closes:
 * `asio::error::operation_aborted`), and what is gathered is lost, which `on_loss` is
 * told: `async_close` first loses nothing. A moved-from batch client may only be
 * destroyed or assigned to. Destroying the execution context destroys handlers and
 * `on_loss` uninvoked; after that the batch client may only be destroyed.
 */
class RIEMANN_EXPORT batch_client {
public:
  /// Of `get_executor()`.
  using executor_type = boost::asio::any_io_executor;

  /// Refers to the transport. Throws `std::invalid_argument` for invalid options.
  explicit batch_client(basic_transport& transport, batch_options options = {});
  /// Owns the transport, any that is moved in: `batch_client{std::move(transport)}`.
  explicit batch_client(any_transport&& transport, batch_options options = {});

  batch_client(const batch_client&) = delete;
  batch_client& operator=(const batch_client&) = delete;
  /// Takes over what the other gathers; that may then only be destroyed or assigned to.
  batch_client(batch_client&& other) noexcept = default;
  /// Ends what this one has outstanding, as its destruction does, and takes over the other's.
  batch_client& operator=(batch_client&& other) noexcept;
  /// What is gathered is lost, which `on_loss` is told; what is awaited ends.
  ~batch_client();

  /// The transport's.
  [[nodiscard]] executor_type get_executor() const noexcept { return implementation_->executor(); }

  /// Hands one event over, written down in the call, and forgets it: it is encoded, and
  /// gathered, before this returns. Never blocks. False: refused, since as much is
  /// queued as may be (`when_full`) or since the batch client was closed; such events
  /// count as not_sent, and `on_loss` is not told. Throws as `message`'s constructor does.
  bool post(const event_literal& e) { return implementation_->post(detail::event_source{e}); }
  /// The same of one that is kept elsewhere.
  template <std::same_as<event> Event>
  bool post(const Event& e)
  {
    return implementation_->post(detail::event_source{e});
  }

  /**
   * Sends one event, written down in the call, in a batch. It is encoded before this
   * returns.
   *
   * Completes when: its batch has ended, or it was refused.
   * Handler signature: `void(error_code, response)`.
   * Outcomes and errors: as its batch fared, which is one message of the transport;
   * `errc::overloaded` or `errc::dropped` when as much is queued as may be;
   * `errc::expired` when it was gathered for `max_age`; `errc::message_too_large`, naming
   * the service, if the transport does not take it even alone; `errc::disconnected`
   * after `async_close`; `errc::drain_timeout` if it was handed over and had not
   * ended at that one's deadline.
   * Cancellation: total, partial, terminal: while it is gathered it is taken out
   * (`errc::cancelled`, not_sent). Partial, terminal: once its batch was handed to the
   * transport nobody waits for it any more (`errc::abandoned`, unknown), and the batch
   * goes on; total leaves it alone.
   * Threads: any; the handler runs on its associated executor, never from within this
   * call, never with a lock of ours held.
   * Lifetime: needs nothing of the caller's; a lazy token may be started after the batch
   * client is gone and then completes with `errc::cancelled`.
   */
  template <boost::asio::completion_token_for<send_signature> Token = boost::asio::deferred_t>
  auto async_send(const event_literal& e, Token&& token = {})
  {
    return boost::asio::async_initiate<Token, send_signature>(
        detail::initiate_batch_send{{implementation_}}, token, detail::lent_event{e});
  }

  /**
   * Sends one event that is kept elsewhere. It is encoded before this returns.
   *
   * Completes when, Handler signature, Outcomes and errors, Cancellation, Threads,
   * Lifetime: as above.
   */
  template <std::same_as<event> Event,
            boost::asio::completion_token_for<send_signature> Token = boost::asio::deferred_t>
  auto async_send(const Event& e, Token&& token = {})
  {
    return boost::asio::async_initiate<Token, send_signature>(
        detail::initiate_batch_send{{implementation_}}, token, detail::lent_event{e});
  }

#if RIEMANN_REFUSES_TEMPORARY_EVENTS
  /// Name the event, or write its fields in the call: see `event_literal`.
  template <std::same_as<event> Event, class... Rest>
  void async_send(Event&&, Rest&&...) = delete;
#endif

  /**
   * Sends what is gathered without lingering, and waits for it and all that was handed
   * over before. Events that come later do not wait for it, nor it for them.
   *
   * Completes when: every event taken before the call has ended.
   * Handler signature: `void(error_code)`.
   * Outcomes and errors: success if all of those were acked or sent (or taken back by
   * those who waited for them); otherwise what the first of them to fail ended with.
   * `asio::error::operation_aborted` if the batch client is destroyed.
   * Cancellation: total, partial, terminal: stops waiting, completes with
   * `asio::error::operation_aborted`; the events go on.
   * Threads: any; the handler runs on its associated executor, never from within this
   * call.
   * Lifetime: needs nothing of the caller's.
   */
  template <boost::asio::completion_token_for<done_signature> Token = boost::asio::deferred_t>
  auto async_flush(Token&& token = {})
  {
    return boost::asio::async_initiate<Token, done_signature>(
        detail::initiate_batch_flush{{implementation_}}, token);
  }

  /**
   * Refuses events from now on, for good, and flushes. The transport stays as it is.
   *
   * Completes when: every event has ended; at the latest when `deadline` has passed:
   * what is gathered then ends with `errc::disconnected` (not_sent), what was handed to
   * the transport with `errc::drain_timeout` (unknown). All loss is in the books, and
   * `on_loss` is told.
   * Handler signature: `void(error_code)`.
   * Outcomes and errors: as `async_flush`. A second call waits too, and the sooner
   * deadline holds for both.
   * Cancellation: partial, terminal: stops waiting, completes with
   * `asio::error::operation_aborted`; the rest goes on, the deadline with it. Total:
   * none, since events are refused already.
   * Threads: any; the handler runs on its associated executor, never from within this
   * call.
   * Lifetime: needs nothing of the caller's.
   */
  template <boost::asio::completion_token_for<done_signature> Token = boost::asio::deferred_t>
  auto async_close(std::chrono::steady_clock::duration deadline, Token&& token = {})
  {
    return boost::asio::async_initiate<Token, done_signature>(
        detail::initiate_batch_close{{implementation_}}, token, deadline);
  }

  /// The books at this moment; their identity holds in it.
  [[nodiscard]] batch_statistics statistics() const { return implementation_->statistics(); }

private:
  void close() noexcept;

  std::optional<any_transport> owned_{};
  std::shared_ptr<detail::batch_implementation> implementation_;
};

} // namespace riemann::inline v0

#endif

#ifndef RIEMANN_BASIC_TRANSPORT_HPP
#define RIEMANN_BASIC_TRANSPORT_HPP

#include <riemann/detail/export.hpp>
#include <riemann/detail/implementation.hpp>
#include <riemann/error.hpp>
#include <riemann/message.hpp>
#include <riemann/options.hpp>
#include <riemann/response.hpp>
#include <riemann/statistics.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <memory>
#include <utility>

namespace riemann::inline v0 {

class batch_client;
class reporter;

/// Handler signature of operations that only succeed or fail.
using done_signature = void(boost::system::error_code);
/// Handler signature of operations that bring an answer.
using send_signature = void(boost::system::error_code, response);

/**
 * What every transport of this library can do; each adds how it is made and what
 * it alone has.
 *
 * Threads: every member function may be called from several threads at once,
 * but for the destructor and moves. Handlers without an executor of their own are called up
 * to 128 in a row, within one of the context's: `stop()` and timers wait for these; behind one
 * that throws, the others come in a handler of their own, perhaps after what completes then.
 *
 * Processes: a connection is not to be shared. After `fork()` the child makes a transport of
 * its own; of the old one it may do nothing but destroy it, or leave it.
 *
 * Memory: a handler of up to 128 bytes needs none of its own; a larger one's comes
 * from its associated allocator. The last hop to an executor other than the
 * transport's is Asio's, with `std::allocator` (Boost 1.81).
 *
 * Lifetime: destroying it ends what is outstanding, as `cancel()` does. A
 * moved-from transport may only be destroyed or assigned to. Destroying the
 * execution context destroys handlers uninvoked, as Asio does; after that the
 * transport may only be destroyed.
 */
class RIEMANN_EXPORT basic_transport {
public:
  /// Any of Asio's executors.
  using executor_type = boost::asio::any_io_executor;

  basic_transport(const basic_transport&) = delete;
  basic_transport& operator=(const basic_transport&) = delete;

  /// On which it does its work, and on which handlers run that have no executor of their own.
  [[nodiscard]] executor_type get_executor() const noexcept { return implementation_->executor(); }

  /**
   * Opens the connection now, rather than at the first send, and says whether it
   * could be; allows sends again after `async_disconnect`.
   *
   * Completes when: a connection is open (at once if one is), or every server has
   * failed once, each by all its addresses or by `connect_timeout`. After a round that
   * failed it waits for the backoff first. What is queued goes on waiting for a
   * connection when this has failed; nothing else does, unless `stay_connected`.
   * Handler signature: `void(error_code)`.
   * Outcomes and errors: the resolver's or the kernel's own error;
   * `errc::connect_timeout`; of TLS `errc::handshake_timeout`, a `tls_error` or OpenSSL's
   * own; `errc::disconnected` while `async_disconnect` is under way;
   * `asio::error::operation_aborted` by `cancel()`, destruction, or an `async_disconnect`
   * that began meanwhile.
   * Cancellation: total, partial, terminal: stops waiting, completes with
   * `asio::error::operation_aborted`; the attempt itself goes on only if a queued
   * message or another connect waits for it.
   * Threads: any; the handler runs on its associated executor, never from within
   * this call.
   * Lifetime: needs nothing of the caller's.
   */
  template <boost::asio::completion_token_for<done_signature> Token = boost::asio::deferred_t>
  auto async_connect(Token&& token = {})
  {
    return boost::asio::async_initiate<Token, done_signature>(
        detail::initiate_connect{{implementation_}}, token);
  }

  /**
   * Hands a message over and waits for the server's answer. Opens the connection
   * if there is none. Messages are written in the order of the calls; many may
   * be outstanding.
   *
   * Completes when: the answer has been read, or the message has failed.
   * Handler signature: `void(error_code, response)`.
   * Outcomes and errors: success is acked, or *sent* where there are no answers
   * (UDP), which `response::answered()` tells; every `errc` says in its comment which
   * outcome it is, and `outcome_of(ec)` tells. The response holds the answer, the
   * server's text for `errc::rejected`, or else this side's reason in words.
   * Cancellation: total, partial, terminal: a queued message is taken back
   * (`errc::cancelled`, not_sent). Partial, terminal: a written one is abandoned
   * (`errc::abandoned`, unknown), its answer is read and thrown away and the
   * connection stays good; total leaves it alone.
   * Threads: any; the handler runs on its associated executor, never from within
   * this call, never with a lock of ours held. On an open and idle connection a
   * thread of the transport's executor writes the message within this call (not over
   * UDP, where those handed over together may share a datagram).
   * Reconnecting: while there is no connection the message waits for one, as long as
   * its deadline, `max_queue_age` and `max_connect_tries` allow.
   * Lifetime: the message is taken over; a lazy token may be started after the
   * transport is gone and then completes with `errc::cancelled`.
   */
  template <boost::asio::completion_token_for<send_signature> Token = boost::asio::deferred_t>
  auto async_send(message m, send_options options, Token&& token = {})
  {
    return boost::asio::async_initiate<Token, send_signature>(
        detail::initiate_send{{implementation_}}, token, std::move(m), std::move(options));
  }

  /**
   * As above, with no deadline of its own.
   *
   * Completes when, Handler signature, Outcomes and errors, Cancellation,
   * Threads, Lifetime: as above.
   */
  template <boost::asio::completion_token_for<send_signature> Token = boost::asio::deferred_t>
  auto async_send(message m, Token&& token = {})
  {
    return boost::asio::async_initiate<Token, send_signature>(
        detail::initiate_send{{implementation_}}, token, std::move(m), send_options{});
  }

  /**
   * Drains and closes: sends are refused (`errc::disconnected`) from now on,
   * what is queued is written, every answer owed is read, and then the
   * connection is closed. `async_connect` opens the transport again.
   *
   * Completes when: the connection is closed (at once if there is none).
   * Handler signature: `void(error_code)`.
   * Outcomes and errors: success when nothing was left behind;
   * `errc::drain_timeout` when `deadline` passed first: messages in flight end
   * with the same error (unknown), queued ones with `errc::disconnected`
   * (not_sent); the error that closed the connection before that; a second call
   * waits for the same end, and the earlier deadline of the two is that of both.
   * Cancellation by `cancel()`: `asio::error::operation_aborted`.
   * Cancellation: partial, terminal: it completes with
   * `asio::error::operation_aborted`, and if nobody else waits for the drain, that
   * ends as if its deadline had passed, which is not told to who disconnects then.
   * Total: none, since sends are refused already.
   * Threads: any; the handler runs on its associated executor, never from within
   * this call.
   * Lifetime: needs nothing of the caller's.
   */
  template <boost::asio::completion_token_for<done_signature> Token = boost::asio::deferred_t>
  auto async_disconnect(std::chrono::steady_clock::duration deadline, Token&& token = {})
  {
    return boost::asio::async_initiate<Token, done_signature>(
        detail::initiate_disconnect{{implementation_}}, token, deadline);
  }

  /// Ends everything outstanding (queued: `errc::cancelled`; written:
  /// `errc::abandoned`; connects and disconnects:
  /// `asio::error::operation_aborted`) and closes the connection. The next send
  /// opens a new one, unless `async_disconnect` was called.
  void cancel() { implementation_->cancel(); }

  /// The books at this moment; both identities hold in it.
  [[nodiscard]] riemann::statistics statistics() const { return implementation_->statistics(); }

protected:
  /// For the transports: each brings an implementation of its own.
  explicit basic_transport(std::shared_ptr<detail::implementation> implementation) noexcept
      : implementation_{std::move(implementation)}
  {}
  /// What is outstanding goes on in the new one.
  basic_transport(basic_transport&& other) noexcept = default;
  /// Ends what this one has outstanding, as `cancel()` does, and takes over the other's.
  basic_transport& operator=(basic_transport&& other) noexcept
  {
    if (this != &other) {
      close();
      implementation_ = std::move(other.implementation_);
    }
    return *this;
  }
  /// As `cancel()`.
  ~basic_transport() { close(); }

  /// What the transports hand calls on to.
  [[nodiscard]] detail::implementation& implementation() const noexcept { return *implementation_; }

private:
  friend class batch_client;
  friend class reporter;

  void close() noexcept
  {
    if (implementation_) {
      implementation_->close();
    }
  }

  std::shared_ptr<detail::implementation> implementation_;
};

} // namespace riemann::inline v0

#endif

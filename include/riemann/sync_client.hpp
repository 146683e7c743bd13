#ifndef RIEMANN_SYNC_CLIENT_HPP
#define RIEMANN_SYNC_CLIENT_HPP

#include <riemann/as_result.hpp>
#include <riemann/detail/export.hpp>
#include <riemann/event.hpp>
#include <riemann/event_literal.hpp>
#include <riemann/failure.hpp>
#include <riemann/hybrid_options.hpp>
#include <riemann/message.hpp>
#include <riemann/options.hpp>
#include <riemann/response.hpp>
#include <riemann/statistics.hpp>
#include <riemann/sync_options.hpp>
#include <riemann/tls_options.hpp>

#include <boost/system/result.hpp>

#include <chrono>
#include <concepts>
#include <memory>
#include <string_view>
#include <utility>

namespace riemann::inline v0 {

namespace clients {
class sync_engine;
} // namespace clients

/**
 * Events and queries for programs without an event loop: every call blocks until it is
 * answered or has failed, at its deadline at the latest. A transport and the one thread
 * that runs it are inside. Nothing is opened before the first call.
 *
 *     riemann::sync_client client{riemann::tcp_options{.host = "localhost"}};
 *     if (const auto sent = client.send({.service = "backup", .state = "ok"}); !sent) {
 *       std::cerr << sent.error().code.message() << '\n';
 *     }
 *
 * Calls return what they came to. Those named `..._or_throw` throw failures instead:
 * `server_error` for a rejection and `boost::system::system_error` for any other, with
 * the text in `what()`. Apart from those only memory that runs out is thrown, and
 * `std::length_error` for events longer than a message may be.
 *
 * A message whose call ended at its deadline is given up alone, and the connection
 * stays good: `errc::expired` (not_sent) or `errc::deadline_exceeded` (unknown). All
 * other errors are the transport's: see `errc`.
 *
 * Threads: all member functions may be called by several threads at once, but for the
 * destructor, moves and assignment. Each thread waits for its own message, and all share the one
 * connection.
 *
 * Lifetime: the destructor disconnects as `disconnect()` does. No call may be under
 * way then; one that is all the same ends with the drain, unless the destructor has
 * returned before the call has looked. A name lookup cannot be interrupted
 * (`getaddrinfo`): calls end in time, and the destructor still waits for it.
 *
 * After `fork()`: the thread inside stays with the parent. In the child every call fails
 * at once (`errc::cancelled`), the books are empty, and destruction gives nothing back;
 * make another there. Where the child does not replace itself (`exec`), it keeps a copy of
 * the connection's socket open.
 */
class RIEMANN_EXPORT sync_client {
public:
  /// For deadlines: above zero.
  using duration = std::chrono::steady_clock::duration;
  /// What comes of calls that bring nothing: `value()` throws the failure.
  using done_result = boost::system::result<void, failure>;

  /// Over TCP. Throws `std::invalid_argument` for invalid options, and
  /// `std::system_error` when no thread can be had.
  explicit sync_client(tcp_options server, sync_options options = {});
  /// Over TLS. Throws what `tls_transport` does, besides.
  explicit sync_client(tls_options server, sync_options options = {});
  /// Over UDP: there are no answers, success is *sent*, and a query is
  /// `errc::not_supported`.
  explicit sync_client(udp_options server, sync_options options = {});
  /// Over UDP what a datagram holds, over TCP the rest.
  explicit sync_client(hybrid_options servers, sync_options options = {});
  /// The other may then only be destroyed or assigned to.
  sync_client(sync_client&& other) noexcept;
  /// What it had disconnects first, as in the destructor.
  sync_client& operator=(sync_client&& other) noexcept;
  /// Disconnects, for up to `drain_timeout`.
  ~sync_client();

  /// Opens the connection now, rather than at the first call, or says why it cannot
  /// be; allows calls again after `disconnect()`.
  [[nodiscard]] done_result connect();
  /// `errc::connect_timeout` when the deadline passes.
  [[nodiscard]] done_result connect(duration deadline);
  /// As `connect`, throwing the failure.
  void connect_or_throw() { connect().value(); }

  /// Refuses calls from now on, waits for the answers that are owed to other threads'
  /// calls, and closes the connection. `connect()` opens it again.
  done_result disconnect();
  /// `errc::drain_timeout` when the deadline passes first. Where several threads
  /// disconnect, the earliest deadline is that of all.
  done_result disconnect(duration deadline);

  /// Sends one event, written down in the call: `{.service = "x", .metric = 1}`.
  [[nodiscard]] send_result send(const event_literal& e, send_options options = {})
  {
    return send(message{e}, std::move(options));
  }
  /// Sends one event that is kept elsewhere.
  template <std::same_as<event> Event>
  [[nodiscard]] send_result send(const Event& e, send_options options = {})
  {
    return send(message{e}, std::move(options));
  }
  /// Sends a message: several events (`{first, second}`; one answer covers them all), or
  /// whatever else a `message` is made of.
  [[nodiscard]] send_result send(message m, send_options options = {});

  /// Asks the server's index; a malformed query is `errc::rejected`, with the server's
  /// text.
  [[nodiscard]] send_result query(std::string_view text, send_options options = {})
  {
    return send(message::query(text), std::move(options));
  }

  /// As `send`, throwing the failure.
  response send_or_throw(const event_literal& e, send_options options = {})
  {
    return send(e, std::move(options)).value();
  }
  /// The same of an event that is kept elsewhere.
  template <std::same_as<event> Event>
  response send_or_throw(const Event& e, send_options options = {})
  {
    return send(e, std::move(options)).value();
  }
  /// The same of a message.
  response send_or_throw(message m, send_options options = {})
  {
    return send(std::move(m), std::move(options)).value();
  }
  /// As `query`, throwing the failure.
  response query_or_throw(std::string_view text, send_options options = {})
  {
    return query(text, std::move(options)).value();
  }

  /// Ends every call under way in any thread (`errc::cancelled`, `errc::abandoned`) and
  /// closes the connection; the next call opens another.
  void cancel();

  /// The books at this moment; both identities hold in it.
  [[nodiscard]] riemann::statistics statistics() const;

private:
  void leave() noexcept;

  std::unique_ptr<clients::sync_engine> engine_;
};

} // namespace riemann::inline v0

#endif

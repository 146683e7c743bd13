#ifndef RIEMANN_TESTKIT_SERVER_HPP
#define RIEMANN_TESTKIT_SERVER_HPP

#include <riemann/detail/export.hpp>
#include <riemann/detail/same_asio.hpp>
#include <riemann/event.hpp>
#include <riemann/testkit/fault.hpp>
#include <riemann/tls_options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace riemann::inline v0::testkit {

/// What a test server shows, and asks for, over TLS; all PEM, in memory.
struct RIEMANN_EXPORT server_tls_options {
  /// Its certificate, and the intermediate ones that belong to it.
  std::string certificate_pem{};
  /// The certificate's key.
  std::string key_pem{};
  /// Asked for the password, once, if the key is encrypted.
  std::function<std::string()> key_password{};
  /// A client must show a certificate that one of these has signed, as with a real
  /// Riemann. Empty: none is asked for.
  std::string client_ca_pem{};
  /// The oldest version it speaks.
  tls_version min_version = tls_version::tls_1_2;
  /// The newest version it speaks.
  tls_version max_version = tls_version::tls_1_3;
  /// For TLS 1.2, as OpenSSL's `ciphers` lists them, and its security level
  /// (`DEFAULT@SECLEVEL=0`) for all. Empty: OpenSSL's own.
  std::string ciphers{};
  /// The port for TLS, on the server's address; 0 lets the kernel pick one.
  std::uint16_t port = 0;
  /// How long a client may take for its handshake, above zero; at most
  /// `session_options::max_duration`.
  std::chrono::milliseconds handshake_timeout = std::chrono::seconds{30};
};

/// How a test server listens and what it puts up with.
struct RIEMANN_EXPORT server_options {
  /// Address to listen on. Loopback unless told otherwise: it has no protection.
  std::string address = "127.0.0.1";
  /// One port for TCP and UDP; 0 lets the kernel pick one that is free in both.
  std::uint16_t port = 0;
  /// Longest message taken over TCP, in bytes; a longer one closes the connection.
  std::size_t max_message_size = std::size_t{64} << 20;
  /// Longest datagram read, in bytes; a longer one is cut, as Riemann does.
  std::size_t max_datagram_size = 16'384;
  /// Bytes of answers that may wait for a client to read them, above zero. While more do,
  /// no more of its messages are taken.
  std::size_t max_unread_answers = std::size_t{64} << 20;
  /// How long a client may then take none of them before it is cut off, above zero; at most
  /// `session_options::max_duration`.
  std::chrono::milliseconds unread_timeout = std::chrono::seconds{10};
  /// For events that carry no ttl.
  ttl_duration default_ttl{60.0F};
  /// How often expired events are removed from the index, above zero; at most
  /// `session_options::max_duration`.
  std::chrono::milliseconds reap_interval{1'000};

  /// Acknowledges and forgets: events are counted, and neither looked into nor
  /// indexed, so that queries find nothing. For measuring clients, which it holds up
  /// as little as can be.
  bool sink = false;

  /// A file to which each message that is answered `ok = true` over TCP or TLS is
  /// appended, as its frame (as `async_read_frame` reads it), before the answer is given
  /// to the socket: what a client was told is acknowledged is with the kernel, and a
  /// server that is killed does not take it along. (It is not synced: a machine's crash
  /// can.) All that one read brought is one write. A message that cannot be written is
  /// rejected, with the reason ("journal: No space left on device"); of one with a query
  /// the events may have been applied. A fault that holds an answer back comes after the
  /// writing. Datagrams, which nobody is told of, are not kept.
  ///
  /// A server killed within a write leaves a part of a frame at the end, which readers
  /// are to ignore and the next server cuts off. One server at a time. Empty: none.
  std::string journal{};

  /// Speaks TLS too, on a port of its own.
  std::optional<server_tls_options> tls{};

  /// Throws `std::invalid_argument`, naming the option and what it may be.
  void validate() const;
};

/// What a test server has seen.
struct RIEMANN_EXPORT server_counters {
  std::uint64_t connections = 0;      ///< accepted since the start
  std::uint64_t open_connections = 0; ///< now
  std::uint64_t messages = 0;         ///< parsed, over TCP and UDP
  std::uint64_t datagrams = 0;        ///< read, whatever was in them
  std::uint64_t events = 0;           ///< in those messages
  std::uint64_t queries = 0;          ///< in those messages
  std::uint64_t acks = 0;             ///< answers with `ok = true`
  std::uint64_t rejections = 0;       ///< answers with `ok = false`
  std::uint64_t malformed = 0;        ///< messages or datagrams that did not parse
  std::uint64_t too_large = 0;        ///< frames over `max_message_size`
  std::uint64_t cut_off = 0;          ///< connections closed for answers left unread
  std::uint64_t indexed = 0;          ///< events in the index now
  std::uint64_t expired = 0;          ///< events removed by state or ttl
  std::uint64_t faults = 0;           ///< injected ones that happened
  // Of TLS. A client may be through with its handshake before the server has counted
  // it; an answer, or the connection's end, comes after that.
  std::uint64_t handshakes = 0;        ///< that succeeded
  std::uint64_t resumed = 0;           ///< of those, that took up an earlier session
  std::uint64_t handshakes_failed = 0; ///< or took too long
};

/**
 * A server that speaks Riemann's protocol, for tests: TCP and UDP on one port, TLS
 * on another, an index of the last event of each (host, service), and the query language.
 *
 * It runs on the executor it is given and owns no thread; it listens when the
 * constructor returns. All functions may be called from any thread.
 *
 * The server and its execution context may be destroyed in either order: a
 * context that goes first closes everything, and what the server has seen can
 * still be asked for.
 */
class RIEMANN_EXPORT server {
public:
  /// Throws `boost::system::system_error` when it cannot listen, or cannot use a
  /// certificate, a key or the journal (its text begins with the word, and names the
  /// file), and `std::invalid_argument` for invalid options.
  explicit server(const boost::asio::any_io_executor& executor, server_options options = {});
  server(const server&) = delete;
  server& operator=(const server&) = delete;
  /// As `stop()`.
  ~server();

  /// Of TCP and UDP: the one the kernel picked if none was given.
  [[nodiscard]] std::uint16_t port() const noexcept;
  /// Where it listens for TCP.
  [[nodiscard]] boost::asio::ip::tcp::endpoint tcp_endpoint() const;
  /// Where it listens for UDP.
  [[nodiscard]] boost::asio::ip::udp::endpoint udp_endpoint() const;
  /// Throws `std::logic_error` if it does not speak TLS.
  [[nodiscard]] boost::asio::ip::tcp::endpoint tls_endpoint() const;

  /// Stops listening, and closes every connection and the journal. Idempotent.
  void stop();
  /// Closes every open connection and goes on listening.
  void close_connections();

  /**
   * Makes the server do something wrong, at some place: by default with the next
   * message, on whichever connection it comes.
   *
   *     server.inject(testkit::reject{"index full"});
   *     server.inject(testkit::reset_at{3}, {.connection = 2, .message = 5});
   *     server.inject(testkit::delay{50ms}, {.times = 0});
   *
   * Of several that are due with one message, the one injected first happens, and
   * the others wait; several given together happen together. Throws
   * `std::invalid_argument`, naming the field, for what cannot be.
   */
  void inject(fault f, fault_place where = {});
  /// Several that happen together, with one message.
  void inject(std::vector<fault> together, fault_place where = {});
  /// Forgets the faults that have not happened yet.
  void clear_faults();

  /// What it has seen so far.
  [[nodiscard]] server_counters counters() const;
  /// The events in the index, in no particular order.
  [[nodiscard]] std::vector<event> index() const;

private:
  class impl;
  std::shared_ptr<impl> impl_;
};

} // namespace riemann::inline v0::testkit

#endif

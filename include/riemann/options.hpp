#ifndef RIEMANN_OPTIONS_HPP
#define RIEMANN_OPTIONS_HPP

#include <riemann/detail/export.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace riemann::inline v0 {

/// What one send may say of itself.
struct RIEMANN_EXPORT send_options {
  /// How long, from the call on, until it completes at the latest: as
  /// `errc::expired` if it was not written yet, as `errc::deadline_exceeded` if
  /// it was (the connection stays good). Zero or less: at once; nothing: no deadline
  /// of its own.
  std::optional<std::chrono::steady_clock::duration> deadline{};
  /// In place of `session_options::max_resends`; more than 255 counts as 255.
  std::optional<unsigned> max_resends{};
};

/// What becomes of a message that is handed over when as much is queued as may be.
enum class overload_policy {
  /// It is refused: `errc::overloaded`.
  reject,
  /// It waits for room, cancellable and with its deadlines running, up to
  /// `max_waiting`; more are `errc::overloaded`.
  wait,
  /// The oldest of those queued make way: `errc::dropped`.
  drop_oldest,
  /// The newest of those queued make way: `errc::dropped`.
  drop_newest,
};

/// Its name, as it is written in the code.
[[nodiscard]] RIEMANN_EXPORT const char* to_string(overload_policy p) noexcept;

/// Another server that serves as well.
struct RIEMANN_EXPORT server_address {
  /// Name or address (IPv4 or IPv6, without brackets).
  std::string host{};
  /// 1 to 65535.
  std::uint16_t port = 0;
};

/// Deadlines and bounds of one connection, whatever carries it. Every duration
/// and number is above zero unless it says otherwise, every duration at most
/// `max_duration`. No two contradict each other: where a bound in bytes is below what
/// one message may have, that message goes alone.
struct RIEMANN_EXPORT session_options {
  /// A hundred years: for "never". Longer ones, added to a clock's time, could
  /// overflow it and pass at once.
  static constexpr std::chrono::milliseconds max_duration = std::chrono::hours{24 * 36'525};
  /// Of a message, at most.
  static constexpr unsigned max_of_resends = 255;

  /// Resolving and connecting, all addresses of a server together.
  std::chrono::milliseconds connect_timeout = std::chrono::seconds{5};
  /// How long an address is tried alone: the next one is then tried beside it, and
  /// the first that accepts is taken (RFC 8305).
  std::chrono::milliseconds connect_stagger{250};
  /// Rounds of tries in a row, all servers in each, that may fail before what is
  /// queued ends with the last one's error. 0: no limit, and what is queued waits for
  /// a server until its deadline or `max_queue_age`.
  std::size_t max_connect_tries = 0;
  /// Before a connection is tried again: a random time between zero and this, which
  /// doubles with each failure in a row up to `max_backoff` ("full jitter": clients
  /// that lose a server together do not come back together).
  std::chrono::milliseconds min_backoff{100};
  /// At least `min_backoff`.
  std::chrono::milliseconds max_backoff = std::chrono::seconds{30};
  /// A connection that is lost is opened again at once (after the backoff), and not
  /// only for the next message. While no server is there this keeps the execution
  /// context running, until `async_disconnect`, `cancel` or destruction; with
  /// `max_connect_tries` until as many rounds have failed, and then from the next message
  /// or `async_connect` on again.
  bool stay_connected = false;
  /// With several servers: how often, while connected to another, the first one is
  /// tried; when it accepts, what is in flight is finished and it is gone back to.
  std::chrono::milliseconds preferred_interval = std::chrono::minutes{1};
  /// Of silence on an open connection, until an empty message asks whether the server
  /// is there; if it does not answer in `answer_timeout`, the connection is lost.
  /// 0: never asked.
  std::chrono::milliseconds ping_interval = std::chrono::seconds{30};
  /// From a message's last byte written to its answer; when it passes, the
  /// connection is closed, since answers carry no id.
  std::chrono::milliseconds answer_timeout = std::chrono::seconds{10};
  /// Without the kernel taking a byte of what waits to be written; over TLS, a whole record.
  std::chrono::milliseconds write_timeout = std::chrono::seconds{10};
  /// How old a queued message may become; stale monitoring data is worse than
  /// none.
  std::chrono::milliseconds max_queue_age = std::chrono::minutes{1};
  /// How often a message is written again whose connection was lost with the answer
  /// owed, instead of ending `unknown`; at most 255. It may have been applied: what is
  /// resent may be doubled. (What was lost before a byte of it was given to the
  /// connection is written on the next in any case.)
  unsigned max_resends = 0;

  /// The window: messages written whose answers are owed.
  std::size_t max_in_flight = 1'000;
  /// The same in bytes; one message may always go, however long.
  std::size_t max_in_flight_bytes = std::size_t{16} << 20;
  /// Messages that wait to be written; what becomes of more says `when_full`. Those put
  /// back to be written again count, and may stand above the bound.
  std::size_t max_queued = 100'000;
  /// The same in bytes; one message may always be queued, however long.
  std::size_t max_queued_bytes = std::size_t{64} << 20;
  /// What becomes of a message for which the queue has no room.
  overload_policy when_full = overload_policy::reject;
  /// With `overload_policy::wait`: messages that wait for room in the queue; more are
  /// `errc::overloaded`.
  std::size_t max_waiting = 100'000;
  /// The same in bytes.
  std::size_t max_waiting_bytes = std::size_t{64} << 20;
  /// Longest message to send, in bytes, at most `message::max_size`.
  std::size_t max_message_size = std::size_t{64} << 20;
  /// Longest answer to accept, in bytes, at most `message::max_size`.
  std::size_t max_answer_size = std::size_t{64} << 20;
  /// Bytes handed to one write at most, unless a single message is longer: what
  /// one failed write can turn `unknown`.
  std::size_t max_write_size = std::size_t{256} << 10;

  /// Throws `std::invalid_argument`, naming the option and what it may be.
  void validate() const;
};

/// One connection over TCP.
struct RIEMANN_EXPORT tcp_options {
  /// Name or address (IPv4 or IPv6, without brackets) of the server.
  std::string host = "localhost";
  /// 1 to 65535.
  std::uint16_t port = 5555;
  /// Further servers, in the order they are tried when those before them cannot be
  /// reached or do not answer.
  std::vector<server_address> fallbacks{};
  /// Deadlines and bounds of the connection.
  session_options session{};
  /// TCP_NODELAY: answers are waited for, so small writes must not be.
  bool no_delay = true;
  /// SO_KEEPALIVE.
  bool keep_alive = true;

  /// Throws `std::invalid_argument`, naming the option and what it may be.
  void validate() const;
};

/// Datagrams to one server.
struct RIEMANN_EXPORT udp_options {
  /// The longest payload of a datagram, in bytes: 65,535 less the headers of IPv4
  /// and UDP.
  static constexpr std::size_t max_payload = 65'507;

  /// Name or address (IPv4 or IPv6, without brackets) of the server.
  std::string host = "localhost";
  /// 1 to 65535.
  std::uint16_t port = 5555;
  /// Longest message to send, in bytes, at most `max_payload`. A real Riemann cuts
  /// what is longer than its own maximum, 16,384 unless configured, and loses it.
  std::size_t max_datagram_size = 16'384;
  /// Messages are put together to datagrams of at most so many bytes, up to
  /// `max_datagram_size`; a longer message goes alone. 0: each is a datagram of its
  /// own. One that is lost takes all its messages with it, and one that is longer
  /// than the path takes at once (1,472 bytes and fewer pass nearly everywhere)
  /// travels in fragments, or not at all.
  std::size_t max_coalesced_size = 0;
  /// How long a message may wait for others, while there is room in its datagram
  /// (and, within `max_queued` and `max_queued_bytes`, for the longest that may come)
  /// and nothing else to wait for; from the moment the transport's strand took it
  /// in. 0: never; what is queued when the socket is free goes together. Above zero
  /// only with `max_coalesced_size`, and below `max_queue_age`.
  std::chrono::microseconds linger{0};
  /// As in `session_options`, the rounds of `max_connect_tries` with one server each.
  std::size_t max_connect_tries = 0;
  /// As in `session_options`.
  std::chrono::milliseconds min_backoff{100};
  /// As in `session_options`: at least `min_backoff`.
  std::chrono::milliseconds max_backoff = std::chrono::seconds{30};
  /// Resolving the name. At most `session_options::max_duration`, as all of these.
  std::chrono::milliseconds connect_timeout = std::chrono::seconds{5};
  /// Without the kernel taking a datagram that waits to be written.
  std::chrono::milliseconds write_timeout = std::chrono::seconds{10};
  /// How old a queued message may become.
  std::chrono::milliseconds max_queue_age = std::chrono::minutes{1};
  /// Messages that wait to be written; what becomes of more says `when_full`.
  std::size_t max_queued = 100'000;
  /// The same in bytes.
  std::size_t max_queued_bytes = std::size_t{64} << 20;
  /// As in `session_options`, and the next two.
  overload_policy when_full = overload_policy::reject;
  /// As in `session_options`, in messages.
  std::size_t max_waiting = 100'000;
  /// As in `session_options`, in bytes.
  std::size_t max_waiting_bytes = std::size_t{64} << 20;

  /// Throws `std::invalid_argument`, naming the option and what it may be.
  void validate() const;
};

/// No server at all.
struct RIEMANN_EXPORT blank_options {
  /// Messages kept; of more, the oldest are forgotten, and counted. 0: none.
  std::size_t max_kept = 10'000;
  /// Longest message to take, in bytes, as on a real transport; 1 to
  /// `message::max_size`.
  std::size_t max_message_size = std::size_t{64} << 20;

  /// Throws `std::invalid_argument`, naming the option and what it may be.
  void validate() const;
};

} // namespace riemann::inline v0

#endif

#ifndef RIEMANN_OPTIONS_HPP
#define RIEMANN_OPTIONS_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace riemann {

/// What one send may say of itself.
struct send_options {
  /// How long, from the call on, until it completes at the latest: as
  /// `errc::expired` if it was not written yet, as `errc::deadline_exceeded` if
  /// it was (the connection stays good). Above zero; nothing: no deadline of its
  /// own.
  std::optional<std::chrono::steady_clock::duration> deadline{};
};

/// Deadlines and bounds of one connection, whatever carries it. Every duration
/// and number is above zero unless it says otherwise, every duration at most
/// `max_duration`. No two contradict each other: where a bound in bytes is below what
/// one message may have, that message goes alone.
struct session_options {
  /// A hundred years: for "never". Longer ones, added to a clock's time, could
  /// overflow it and pass at once.
  static constexpr std::chrono::milliseconds max_duration = std::chrono::hours{24 * 36'525};

  /// Resolving and connecting, all addresses together.
  std::chrono::milliseconds connect_timeout = std::chrono::seconds{5};
  /// From a message's last byte written to its answer; when it passes, the
  /// connection is closed, since answers carry no id.
  std::chrono::milliseconds answer_timeout = std::chrono::seconds{10};
  /// Without the kernel taking a byte of what waits to be written.
  std::chrono::milliseconds write_timeout = std::chrono::seconds{10};
  /// How old a queued message may become; stale monitoring data is worse than
  /// none.
  std::chrono::milliseconds max_queue_age = std::chrono::minutes{1};

  /// The window: messages written whose answers are owed.
  std::size_t max_in_flight = 1'000;
  /// The same in bytes; one message may always go, however long.
  std::size_t max_in_flight_bytes = std::size_t{16} << 20;
  /// Messages that wait to be written; more are `errc::overloaded`.
  std::size_t max_queued = 100'000;
  /// The same in bytes.
  std::size_t max_queued_bytes = std::size_t{64} << 20;
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

struct tcp_options {
  /// Name or address (IPv4 or IPv6, without brackets) of the server.
  std::string host = "localhost";
  /// 1 to 65535.
  std::uint16_t port = 5555;
  session_options session{};
  /// TCP_NODELAY: answers are waited for, so small writes must not be.
  bool no_delay = true;
  /// SO_KEEPALIVE.
  bool keep_alive = true;

  /// Throws `std::invalid_argument`, naming the option and what it may be.
  void validate() const;
};

struct udp_options {
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
  /// and nothing else to wait for; from the moment the transport's strand took it
  /// in. 0: never; what is queued when the socket is free goes together. Above zero
  /// only with `max_coalesced_size`, and below `max_queue_age`.
  std::chrono::microseconds linger{0};
  /// Resolving the name. At most `session_options::max_duration`, as all of these.
  std::chrono::milliseconds connect_timeout = std::chrono::seconds{5};
  /// Without the kernel taking a datagram that waits to be written.
  std::chrono::milliseconds write_timeout = std::chrono::seconds{10};
  /// How old a queued message may become.
  std::chrono::milliseconds max_queue_age = std::chrono::minutes{1};
  /// Messages that wait to be written; more are `errc::overloaded`.
  std::size_t max_queued = 100'000;
  /// The same in bytes.
  std::size_t max_queued_bytes = std::size_t{64} << 20;

  /// Throws `std::invalid_argument`, naming the option and what it may be.
  void validate() const;
};

struct blank_options {
  /// Messages kept; of more, the oldest are forgotten, and counted. 0: none.
  std::size_t max_kept = 10'000;
  /// Longest message to take, in bytes, as on a real transport; 1 to
  /// `message::max_size`.
  std::size_t max_message_size = std::size_t{64} << 20;

  /// Throws `std::invalid_argument`, naming the option and what it may be.
  void validate() const;
};

} // namespace riemann

#endif

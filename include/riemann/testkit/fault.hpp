#ifndef RIEMANN_TESTKIT_FAULT_HPP
#define RIEMANN_TESTKIT_FAULT_HPP

#include <riemann/detail/export.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <variant>

namespace riemann::inline v0::testkit {

// What a test server can be told to do wrong, over TCP or TLS, with one message. Over
// TLS bytes are those within it.

/// Answers `ok = false` with this text, and applies nothing of the message.
struct RIEMANN_EXPORT reject {
  /// The error's text.
  std::string text{};
};

/// Never answers it: its events are applied, its query is run. Answers to later
/// messages go out as ever, so what follows is one off.
struct RIEMANN_EXPORT no_answer {};

/// Sends that many acknowledgements more, which nobody asked for.
struct RIEMANN_EXPORT surplus_answer {
  /// How many more; at most 1,000,000.
  std::size_t count = 1;
};

/// Sends a frame in place of the answer whose body is this: by default no
/// message at all.
struct RIEMANN_EXPORT garbage {
  /// The frame's body.
  std::string body = "\xff\xff\xff";
};

/// Sends, in place of the answer, the four bytes of a length, and no body.
struct RIEMANN_EXPORT announce {
  /// The length that is announced, in bytes.
  std::uint32_t length = std::numeric_limits<std::uint32_t>::max();
};

/// Holds the answer, and all behind it, back for this long.
struct RIEMANN_EXPORT delay {
  /// How long; at most `session_options::max_duration`.
  std::chrono::milliseconds time{};
};

/// Sends the answer in pieces of at most this many bytes, above zero, each a
/// write of its own.
struct RIEMANN_EXPORT split {
  /// Of a piece, at most.
  std::size_t bytes = 1;
};

/// Holds the answer, and all behind it, back until this many messages more have
/// come on its connection; then all go out in one write.
struct RIEMANN_EXPORT coalesce {
  /// How many more must have come.
  std::uint64_t messages = 1;
};

/// Closes the server's side of the connection (FIN, over TLS behind a close_notify) once this many
/// bytes of the answer are out, at most all of it; nothing that comes afterwards is answered. At
/// `fault_place::accept`: once this many bytes have been read.
struct RIEMANN_EXPORT close_at {
  /// After how many bytes.
  std::size_t byte = 0;
};

/// Resets the connection (RST) once this many bytes of the answer are out; at
/// `fault_place::accept`, once this many have been read.
struct RIEMANN_EXPORT reset_at {
  /// After how many bytes.
  std::size_t byte = 0;
};

/// From now on reads at most that many bytes, above zero, at a time, with a pause
/// after each read.
struct RIEMANN_EXPORT slow_reads {
  /// Of a read, at most.
  std::size_t bytes = 1;
  /// After each read; at most `session_options::max_duration`.
  std::chrono::milliseconds pause{1};
};

/// One thing to do wrong.
using fault = std::variant<reject, no_answer, surplus_answer, garbage, announce, delay, split,
                           coalesce, close_at, reset_at, slow_reads>;

/// Where and how often a fault happens. Connections and messages count from 1,
/// those of the server since it started, over both of its ports, these of each connection.
struct RIEMANN_EXPORT fault_place {
  /// Whichever comes next.
  static constexpr std::uint64_t any = std::numeric_limits<std::uint64_t>::max();
  /// In place of a message: as soon as the connection is accepted, over TLS as soon
  /// as its handshake is through. For `close_at{}`, `reset_at{}` and `slow_reads` alone.
  static constexpr std::uint64_t accept = 0;

  /// Which connection, from 1.
  std::uint64_t connection = any;
  /// Which message of its connection, from 1.
  std::uint64_t message = any;
  /// 0: until `clear_faults()`.
  std::uint64_t times = 1;
};

} // namespace riemann::inline v0::testkit

#endif

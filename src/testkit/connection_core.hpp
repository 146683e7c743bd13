#ifndef RIEMANN_TESTKIT_CONNECTION_CORE_HPP
#define RIEMANN_TESTKIT_CONNECTION_CORE_HPP

#include "testkit/answer_stream.hpp"
#include "testkit/read_buffer.hpp"
#include "testkit/request_handler.hpp"

#include <riemann/event.hpp>
#include <riemann/testkit/fault.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace riemann::inline v0::testkit::detail {

struct connection_options {
  std::size_t max_message_size = 0;
  /// Beyond that many bytes of answers that wait, the next messages wait, too.
  std::size_t max_unread_answers = 0;
  read_buffer_options buffer{};
};

enum class connection_phase {
  /// Reading and answering.
  open,
  /// Something unreadable came: what was answered before goes out, then it ends.
  finishing,
  /// This side is closed, by a fault or because the peer was refused: what comes is
  /// read and thrown away, until the peer closes.
  half_closed,
  /// To be closed.
  closed,
  /// To be closed at once: the peer leaves unread what it is sent, for too long.
  cut_off,
  /// To be reset at once.
  reset,
};

/// Which faults are due with a connection's message, counted from 1; 0: with its
/// beginning. An empty one: none ever.
using fault_source = std::function<std::vector<fault>(std::uint64_t message)>;

/// Keeps the frames of messages that are about to be acknowledged, or says why it
/// cannot: they are then rejected with that text. An empty one: nothing is kept.
using frame_keeper = std::function<std::optional<std::string>(std::span<const std::byte> frames)>;

/**
 * One connection, without the socket: bytes received go in, bytes to be sent
 * come out. Whoever drives it reads until `phase()` is closed, cut off or reset, and
 * keeps carrying out `next_output()`.
 */
class connection_core {
public:
  connection_core(connection_options options, fault_source faults, frame_keeper keep = {});

  /// The connection begins, perhaps with a fault.
  void begin(request_handler& handler);

  /// Where the next bytes received go.
  std::span<std::byte> prepare_read();
  /// How long to wait before the next read.
  [[nodiscard]] std::chrono::milliseconds read_pause() const noexcept;
  /// `n` bytes were put there: every whole message in them is carried out, unless it is
  /// full. `faults_due`: faults may happen; false saves asking with each message where
  /// nothing is kept.
  void received(std::size_t n, request_handler& handler, timestamp now, bool faults_due = true);
  /// More answers wait than may: nothing is to be read until enough of them were sent, and
  /// `go_on` called.
  [[nodiscard]] bool is_full() const noexcept;
  /// It is to be read, if only to be thrown away.
  [[nodiscard]] bool takes_input() const noexcept
  {
    return may_take() || phase_ == connection_phase::half_closed;
  }
  /// Carries out what was received while it was full.
  void go_on(request_handler& handler, timestamp now, bool faults_due = true);
  /// The peer takes none of what waits for it.
  void cut_off(request_handler& handler) noexcept;
  /// The peer sends no more. A real server closes, answers unsent or not.
  void ended() noexcept { phase_ = connection_phase::closed; }
  /// The peer is not to be talked to; instead of `begin`.
  void refuse() noexcept { phase_ = connection_phase::half_closed; }

  enum class output {
    none,
    write, ///< `to_write()`, then `sent`
    wait,  ///< for `take_pause()`
    shut,  ///< close the sending side
  };
  /// What is to be done next; may change the phase.
  output next_output();
  /// Valid until `sent`, whatever is received meanwhile.
  [[nodiscard]] std::span<const std::byte> to_write() const noexcept { return answers_.front(); }
  /// The first `n` of them were sent.
  void sent(std::size_t n) noexcept { answers_.sent(n); }
  std::chrono::milliseconds take_pause() { return answers_.take_pause(); }

  [[nodiscard]] connection_phase phase() const noexcept { return phase_; }

private:
  void answer(std::span<const std::byte> frame, request_handler& handler, timestamp now);
  request_result handle(std::span<const std::byte> frame, const std::vector<fault>& faults,
                        request_handler& handler, timestamp now);
  void apply(const fault& f, std::size_t start);
  void apply_at_accept(const fault& f);
  void end_if_read();
  void take_messages(request_handler& handler, timestamp now);
  /// The same, and what one read brought is kept at one go, and acknowledged as
  /// cheaply as can be.
  void take_runs(request_handler& handler, timestamp now);
  void take_run(request_handler& handler, timestamp now);
  /// False: no whole message is there, or none may come any more.
  bool take_message(request_handler& handler, timestamp now);
  [[nodiscard]] bool may_take() const noexcept;

  connection_options options_;
  fault_source faults_;
  frame_keeper keep_;
  read_buffer input_;
  answer_stream answers_{};
  std::optional<slow_reads> slow_{};
  /// When so many bytes more have been read, this happens.
  std::optional<std::size_t> readable_{};
  bool resets_when_read_ = false;
  std::uint64_t messages_ = 0;
  connection_phase phase_ = connection_phase::open;
};

} // namespace riemann::inline v0::testkit::detail

#endif
